import { expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { wording } from '../../../src/talk/wording/index.ts'
import type { Execution } from '../../../src/trading/orders/apply-news.ts'
import type { OrderNotice } from '../../../src/trading/orders/notices.ts'
import type { AnyOrder } from '../../../src/trading/orders/rows/orders.ts'

const big = (amount: number | string) => new Big(amount)

/** A close of 100 BYND at the market, of which 40 were sold at $0.70, as far as it is spoken of. */
const half = {
  ...{ purpose: 'close', side: 'sell', symbol: 'BYND', state: 'cancelled' },
  ...{ quantity: big(100), filledQuantity: big(40), filledValue: big(28), realizedPnl: big('2.8') },
} as AnyOrder
const opening = { ...half, purpose: 'open', side: 'buy', filledQuantity: big(0), number: 4 } as AnyOrder
const position = { symbol: 'BYND', signedQuantity: big(60), openCost: big('37.8') }
const reversed = {
  fill: { quantity: big(40), price: big('.7') },
  realizedPnl: big('-2.8'),
  oddities: ['taken back'],
} as unknown as Execution

test.each<[OrderNotice, string]>([
  [
    { kind: 'order.reversed', order: half, position, executions: [reversed] },
    '↩️ TAKEN BACK BY THE VENUE: sold 40 BYND @ $0.70\nThat trade counts no more; P&L $-2.80\nPosition: LONG 60 BYND @ $0.63',
  ],
  [
    { kind: 'order.cancelled', order: half, because: 'halted' },
    '⚠️ SELL 100 BYND has ended (halted)\n40 of 100 were sold before that @ $0.70. The rest is not traded.',
  ],
  [
    { kind: 'order.cancelled', order: half, because: 'halted', isClosedAgain: true },
    '⚠️ SELL 100 BYND has ended (halted)\n40 of 100 were sold before that @ $0.70. The desk closes the rest with another order in a moment.',
  ],
  [
    { kind: 'order.cancel_unconfirmed', order: opening },
    '⏳ The venue has not confirmed that order 4 (BUY 100 BYND) is cancelled. The desk keeps asking and will say here how it ended.',
  ],
  [
    { kind: 'order.cancel_unconfirmed', order: { ...opening, number: undefined }, opensAgain: true },
    '⏳ The venue has not confirmed that an order (BUY 100 BYND) is cancelled. What it still fills opens BYND again; the desk keeps asking and will say here how it ended.',
  ],
  [
    { kind: 'close.overtaken', exit: { side: 'sell', symbol: 'BYND' }, position },
    '🛑 NOT DONE: close BYND\nIts orders had to be taken back first, and the position was changed meanwhile. It stays open: LONG 60 BYND @ $0.63\n💡 `close BYND` closes it now',
  ],
])('$0.kind is told in a sentence', (notice, text) =>
  expect({ ...wording(notice), tone: undefined }).toEqual({ text, ofMember: 'later' }),
)
