import { Big, zero } from '../../../src/base/amounts.ts'
import type { Account } from './account.ts'
import { type Pair, secondsOf } from './world.ts'

export type Status = 'pending' | 'open' | 'closed' | 'canceled' | 'expired'

/** An order at the exchange. */
export interface Order {
  id: string
  account: Account
  pair: Pair
  side: 'buy' | 'sell'
  type: 'market' | 'limit'
  quantity: Big
  limitPrice?: Big
  clientId?: string
  userref?: number
  oflags: string
  status: Status
  filled: Big
  /** In the quote currency. */
  cost: Big
  fee: Big
  openedAt: Date
  closedAt?: Date
  reason?: string
  tradeIds: string[]
  /** The most that one execution takes; absent: all that is there. */
  partSize?: Big
  isPartOnItsWay: boolean
  /** A status that the server shows in place of the true one. */
  shownStatus?: string
}

export const isLive = ({ status }: Order): boolean => status === 'open' || status === 'pending'
export const leftOf = ({ quantity, filled }: Order): Big => (filled.lt(quantity) ? quantity.minus(filled) : zero)

/** The sentence that describes an order: `buy 0.02100000 XBTUSD @ limit 330.00`. */
export function sentenceOf({ side, quantity, pair, type, limitPrice }: Order): string {
  const at = limitPrice ? `limit ${limitPrice.toFixed(pair.priceDecimals)}` : type
  return `${side} ${quantity.toFixed(8)} ${pair.altname} @ ${at}`
}

/** An order as OpenOrders, ClosedOrders and QueryOrders show it. */
export function orderJson(order: Order, withTrades: boolean): Record<string, unknown> {
  const { pair, limitPrice, closedAt, clientId, userref, filled, cost } = order
  const price = (amount: Big) => amount.toFixed(pair.priceDecimals)
  return {
    refid: null,
    userref: userref ?? null,
    ...(clientId !== undefined && { cl_ord_id: clientId }),
    status: order.shownStatus ?? order.status,
    ...(closedAt && { reason: order.reason ?? null, closetm: secondsOf(closedAt) }),
    opentm: secondsOf(order.openedAt),
    starttm: 0,
    expiretm: 0,
    descr: {
      pair: pair.altname,
      type: order.side,
      ordertype: order.type,
      price: limitPrice ? price(limitPrice) : '0',
      price2: '0',
      leverage: 'none',
      order: sentenceOf(order),
      close: '',
    },
    vol: order.quantity.toFixed(8),
    vol_exec: filled.toFixed(8),
    cost: cost.toFixed(5),
    fee: order.fee.toFixed(5),
    price: filled.gt(0) ? cost.div(filled).toFixed(pair.priceDecimals) : new Big(0).toFixed(pair.priceDecimals),
    stopprice: '0.00000',
    limitprice: '0.00000',
    misc: '',
    oflags: order.oflags,
    ...(withTrades && { trades: order.tradeIds }),
  }
}
