import { expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { Refusal } from '../../../src/base/refusal.ts'
import { wording } from '../../../src/talk/wording/index.ts'
import type { Change } from '../../../src/trading/corporate-actions/change.ts'
import type { CorporateActionNotice } from '../../../src/trading/corporate-actions/notices.ts'
import type { CorporateAction } from '../../../src/trading/corporate-actions/rows/corporate-actions.ts'
import type { AnyOrder } from '../../../src/trading/orders/rows/orders.ts'
import type { Position } from '../../../src/trading/positions/rows/positions.ts'
import type { ProtectiveOrder } from '../../../src/trading/protection/rows/protective-orders.ts'
import type { ScheduledOrder } from '../../../src/trading/schedule/rows/scheduled-orders.ts'

const big = (amount: number | string) => new Big(amount)

const action = {
  ...{ kind: 'split', symbol: 'BYND', newSymbol: 'BYND', ratio: { to: big(1), from: big(10) } },
  because: 'alice: BUY 5 BYND has no end at the venue yet',
} as CorporateAction
const renamed = { ...action, kind: 'rename', newSymbol: 'BYON' } as CorporateAction
const title = 'SPLIT BYND 1:10 — every 10 shares become 1'
const order = {
  ...{ side: 'buy', symbol: 'BYND', purpose: 'open', quantity: big(5), filledQuantity: big(0), number: 4 },
  limit: { price: big('0.60') },
} as AnyOrder
const later = { number: 2, what: 'BUY 100 BYND', above: big('0.70') } as ScheduledOrder

test.each<[string, CorporateActionNotice, string]>([
  [
    'one that is done',
    { kind: 'corporate_action.done', action, counts: { accounts: 2, positions: 1, orders: 0 } },
    `✓ ${title}\n2 accounts: 1 position, 0 orders placed again. Each thread is told.`,
  ],
  [
    'one that is not done everywhere',
    {
      kind: 'corporate_action.unfinished',
      action,
      left: [
        { accountId: 1, name: 'alice', kind: 'order', order },
        { accountId: 2, name: 'bob', kind: 'both', symbol: 'BYON' },
      ],
    },
    `⏳ ${title}: not in every account yet\nalice: LIMIT BUY 5 BYND @ $0.60 has no end at the venue yet\nbob: BYON is held, too\nThe desk goes on with them by itself, and will say here when it is done.`,
  ],
  [
    'one that waits for its market',
    { kind: 'corporate_action.suspended', action: renamed, market: 'sim' },
    '⏳ BYND IS BYON NOW: begun, and not done, since the market in use (sim) has no BYON.\n💡 It goes on when the desk is started with one that has it',
  ],
  [
    'one that was refused',
    { kind: 'corporate_action.refused', action },
    `⚠️ NOT DONE: ${title}. Nothing was changed.\nalice: BUY 5 BYND has no end at the venue yet\n💡 Orders that were taken back for it are placed again as they were`,
  ],
])('%s', (_, notice, text) => expect(wording(notice)).toEqual({ text }))

const stop = { kind: 'stop', price: big('0.50') } as ProtectiveOrder
const trail = { share: big('0.05'), bestPrice: big('5') }
const without = { kind: 'order not placed again', order } as const

test.each<[string, Change, string]>([
  [
    'a position with a fraction and a stop that trails',
    {
      kind: 'position',
      before: { symbol: 'BYND', signedQuantity: big(3755), openCost: big('2365.65') } as Position,
      after: { symbol: 'BYND', signedQuantity: big(375), openCost: big('2362.5') } as Position,
      paidOut: { quantity: big('0.5'), cash: big('2.80'), realizedPnl: big('-0.35') },
      levels: { before: { stop }, after: { stop: { ...stop, price: big(5), trail } } },
    },
    'LONG 3,755 BYND @ $0.63 → LONG 375 BYND @ $6.30\n0.5 of a share: $2.80 in cash, P&L $-0.35\nStop: $0.50 → $5.00, trails by 5.00%',
  ],
  [
    'a scaleout',
    { kind: 'scaleout', before: { quantity: big(2250), chunks: 5 }, after: { quantity: big(225), chunks: 4 } },
    'Scaleout: 2,250 left in 5 chunks → 225 in 4',
  ],
  [
    'an order that is placed again',
    {
      kind: 'order placed again',
      before: { ...order, quantity: big(50) },
      after: { ...order, number: undefined, limit: { price: big(6) } },
    },
    'Order 4: LIMIT BUY 50 BYND @ $0.60 → LIMIT BUY 5 BYND @ $6.00',
  ],
  [
    'an order whose time is over',
    { ...without, reason: { kind: 'expired' } },
    'Order 4: LIMIT BUY 5 BYND @ $0.60 is not placed again: its time is over',
  ],
  [
    'an order that exits nothing',
    { ...without, reason: { kind: 'nothing open' } },
    'Order 4: LIMIT BUY 5 BYND @ $0.60 is not placed again: nothing is open',
  ],
  [
    'an order of less than a lot',
    { ...without, reason: { kind: 'less than a lot', symbol: 'BYND' } },
    'Order 4: LIMIT BUY 5 BYND @ $0.60 is not placed again: less than a lot of BYND is left of it',
  ],
  [
    'an order that the gate refuses',
    {
      ...without,
      reason: {
        kind: 'refused',
        refusal: new Refusal('ACCOUNT_HALTED', 'The account is halted. Nothing was done.', 'Wait'),
      },
    },
    'Order 4: LIMIT BUY 5 BYND @ $0.60 is not placed again: The account is halted',
  ],
  [
    'an order for later',
    { kind: 'order for later', before: later, after: { ...later, what: 'BUY 10 BYND', above: big(7) } },
    '⏰ 2. BUY 100 BYND if it gets to $0.70 or above → BUY 10 BYND if it gets to $7.00 or above',
  ],
  [
    'an order for later that ends',
    { kind: 'order for later taken back', order: later, because: 'less than a lot of BYND is left of it' },
    '⏰ 2. BUY 100 BYND is taken back: less than a lot of BYND is left of it',
  ],
])('what an action changes: %s', (_, change, lines) => {
  const { text } = wording({ kind: 'corporate_action.moved', action, changes: [change] })
  expect(text).toBe(`🔀 ${title}\n${lines}`)
})
