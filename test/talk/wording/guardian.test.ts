import { expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { Refusal } from '../../../src/base/refusal.ts'
import { wording } from '../../../src/talk/wording/index.ts'
import type { WatchEvent } from '../../../src/trading/events/rules/watch-event.ts'
import type { Decision } from '../../../src/watch/guardian/decisions.ts'
import type { GuardianNotice } from '../../../src/watch/guardian/notices.ts'

const decision: Decision = {
  ...{ id: 1, eventId: 7, positionId: 1, accountId: 1, memberId: 1, conversationId: 1, symbol: 'BYND' },
  ...{ positionVersion: 2, action: 'TRIM', amount: new Big('0.5'), trail: new Big('0.025') },
  ...{ reasoning: 'take half of it', source: 'rules', fallbackBecause: 'no model is configured', latencyMs: 3 },
  ...{ state: 'proposed', decidedAt: new Date(0), expiresAt: new Date(120_000) },
}

const event: WatchEvent = {
  type: 'position.time_decay',
  data: {
    ...{ signedQuantity: '3750', averageEntryPrice: '0.63', price: '0.561', unrealizedReturn: '-0.1095', version: 2 },
    hoursOpen: 73,
  },
}
const seen = '⏳ OPEN FOR LONG — BYND\nLONG 3,750 @ $0.63 · now $0.561 · open for 73 h, P&L -10.95%'
const asked = 'Guardian suggests: TRIM 50% — 1️⃣ EXIT now  2️⃣ TRIM 50%  3️⃣ TRAIL 2.5%  4️⃣ HOLD'
const why = '💭 take half of it'

const trail = { symbol: 'BYND', stop: new Big('0.55'), share: new Big('0.02') }

const texts: [GuardianNotice, string][] = [
  [{ kind: 'guardian.proposed', event, decision }, `${seen}\n${asked}\n${why}`],
  [{ kind: 'guardian.asked', decision }, `${asked}\n${why}`],
  [
    { kind: 'guardian.acted', event, decision: { ...decision, outcome: 'holding; nothing was done' } },
    `${seen}\nGuardian: holding; nothing was done\n${why}`,
  ],
  [{ kind: 'guardian.held', symbol: 'BYND' }, '✓ HOLD. BYND stays as it is.'],
  [{ kind: 'guardian.trailed', ...trail }, '✓ TRAIL 2% — BYND: the stop is at $0.55 and trails by 2%'],
  [
    { kind: 'guardian.missed', symbol: 'BYND', chosen: 'TRIM' },
    '⚠️ The desk was down when you chose TRIM for BYND, and it is too late now. Nothing was done.\n💡 Look at `positions` and decide again',
  ],
  [
    { kind: 'guardian.refused', refusal: new Refusal('POSITION_CHANGED', 'Not now.', 'Wait') },
    new Refusal('POSITION_CHANGED', 'Not now.', 'Wait').text,
  ],
  [{ kind: 'advice.trailed', ...trail }, '✓ HOLD AND TRAIL — BYND: the stop is at $0.55 and trails by 2%'],
  [{ kind: 'advice.held', ...trail }, '✓ HOLD — BYND: the stop at $0.55 trails by 2% already, and stays'],
  [
    { kind: 'advice.held', ...trail, dollars: new Big('0.01') },
    '✓ HOLD — BYND: the stop at $0.55 trails by $0.01 already, and stays',
  ],
]

test.each(texts)('the guardian says of %j', (notice, text) => {
  expect(wording(notice).text).toBe(text)
})

test('a proposal is a question with its choices', () => {
  const question = {
    ...{ id: 'guardian-7', name: 'choice', kind: 'choice', title: 'Guardian: BYND' },
    choices: [
      { value: 'EXIT', label: 'EXIT now', danger: true },
      { value: 'TRIM', label: 'TRIM 50%' },
      { value: 'TRAIL_STOP', label: 'TRAIL 2.5%' },
      { value: 'HOLD', label: 'HOLD' },
    ],
  }
  expect(wording({ kind: 'guardian.proposed', event, decision }).question).toEqual(question)
  expect(wording({ kind: 'guardian.asked', decision }).question).toEqual(question)
})
