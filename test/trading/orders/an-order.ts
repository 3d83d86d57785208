import { Big } from '../../../src/base/amounts.ts'
import { begunAt, type Order } from '../../../src/trading/orders/rows/orders.ts'
import type { OrderReport, VenueFill } from '../../../src/venues/venue.ts'

const at = new Date('2026-11-20T15:00:00Z')

/** An order of account 7 to sell 100 BYND, committed just now; `more` is how it differs. */
export function anOrder(more: Partial<Order> = {}): Order {
  return {
    ...begunAt(at),
    id: 1,
    clientOrderId: 'trim-1',
    sentAs: 'desk-1',
    accountId: 7,
    memberId: 1,
    positionId: 1,
    conversationId: 1,
    chunkId: null,
    purpose: 'trim',
    symbol: 'BYND',
    side: 'sell',
    quantity: new Big(100),
    expectedPrice: new Big(1),
    ...more,
  }
}

/** A fill of it, as its venue tells of it: `40 @ 1.01`. */
export function aFill(venueFillId: string, traded: string, more: Partial<VenueFill> = {}): VenueFill {
  const [quantity, price] = traded.split(' @ ') as [string, string]
  return {
    account: '7',
    venueFillId,
    clientOrderId: 'desk-1',
    symbol: 'BYND',
    side: 'sell',
    quantity: new Big(quantity),
    price: new Big(price),
    commission: new Big(0),
    filledAt: at,
    ...more,
  }
}

/** The venue's report on it: it works, without a fill. */
export function aReport(more: Partial<OrderReport> = {}): OrderReport {
  return {
    account: '7',
    clientOrderId: 'desk-1',
    venueOrderId: 'v-1',
    symbol: 'BYND',
    side: 'sell',
    quantity: new Big(100),
    state: 'working',
    filledQuantity: new Big(0),
    fills: [],
    ...more,
  }
}
