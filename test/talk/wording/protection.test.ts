import { expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { wording } from '../../../src/talk/wording/index.ts'
import type { Tried } from '../../../src/trading/protection/close-now/tried.ts'
import type { ProtectionNotice } from '../../../src/trading/protection/notices.ts'
import type { ClosingOrder } from '../../../src/trading/protection/rows/closings.ts'

const order = {
  purpose: 'stop',
  side: 'sell',
  symbol: 'BYND',
  quantity: new Big(100),
  filledQuantity: new Big(40),
} as ClosingOrder
const tries = (went: Tried) => [{ order, went }]

test.each<[ProtectionNotice, string]>([
  [
    { kind: 'closing.pushed', tries: tries({ outcome: 'not back yet' }) },
    '⏳ The order for 100 BYND is being taken back. Try `close BYND` again when that is done.',
  ],
  [
    { kind: 'closing.give_up_tried', tries: tries({ outcome: 'stuck', because: 'the venue did not answer' }) },
    '⏳ OK, the order for 100 BYND is not sent again. The last call may still reach the venue; the desk asks, and will say here what became of it.',
  ],
  [
    {
      kind: 'closing.give_up_tried',
      tries: [...tries({ outcome: 'given up', order }), ...tries({ outcome: 'filled', price: new Big('.5') })],
    },
    '✓ OK, 60 BYND are not sold; 40 were sold before that.\n⚠️ Too late: the venue had filled the order for 100 BYND @ $0.50.',
  ],
])('$0.kind is told in a sentence', (notice, text) =>
  expect({ ...wording(notice), tone: undefined }).toEqual({ text, ofMember: 'later' }),
)
