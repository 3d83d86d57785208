import { Big, zero } from '../../../src/base/amounts.ts'
import type { Account } from './account.ts'

export type Side = 'buy' | 'sell'
export type OrderType = 'market' | 'limit' | 'stop' | 'stop_limit'
export type TimeInForce = 'day' | 'gtc' | 'opg' | 'cls' | 'ioc' | 'fok'
export type OrderClass = '' | 'simple' | 'bracket' | 'oco' | 'oto'
/** The statuses that this server uses, of those that are published. */
export type OrderStatus =
  | 'new'
  | 'partially_filled'
  | 'filled'
  | 'done_for_day'
  | 'canceled'
  | 'expired'
  | 'replaced'
  | 'pending_cancel'
  | 'pending_replace'
  | 'accepted'
  | 'pending_new'
  | 'rejected'
  | 'held'

/** The terms of an order, as they were placed. */
export interface Terms {
  clientOrderId: string
  symbol: string
  side: Side
  type: OrderType
  timeInForce: TimeInForce
  quantity: Big
  limitPrice?: Big
  stopPrice?: Big
  isExtended: boolean
  orderClass: OrderClass
}

/** An order at the broker. Times are texts with nine decimals. */
export interface Order extends Terms {
  id: string
  account: Account
  status: OrderStatus
  filled: Big
  /** Dollars of all fills. */
  filledValue: Big
  createdAt: string
  submittedAt: string
  updatedAt: string
  filledAt?: string
  expiredAt?: string
  canceledAt?: string
  failedAt?: string
  replacedAt?: string
  replacedBy?: string
  replaces?: string
  /** The orders that wait for this one, or that end with it. */
  legs: Order[]
  parent?: Order
  /** The half of a pair that ends this one, and ends with it. */
  twin?: Order
  /** Its stop was touched. */
  isTriggered: boolean
  /** The most that one execution takes; absent: all that is there. */
  partSize?: Big
  isPartOnItsWay: boolean
  /** It is to replace another order, which still stands. */
  isOnItsWay?: boolean
  /** A status that the server shows in place of the true one. */
  shownStatus?: string
  /** Neither lists nor its client id show it for now. */
  isHidden?: boolean
  /** It stands for an order that somebody placed elsewhere: by the web page, by phone. */
  isExternal?: boolean
}

const finals: readonly OrderStatus[] = ['filled', 'canceled', 'expired', 'replaced', 'rejected']
const resting: readonly OrderStatus[] = [
  'new',
  'partially_filled',
  'pending_cancel',
  'pending_replace',
  'pending_new',
  'accepted',
  'done_for_day',
]

/** Has it ended? */
export const isEnded = ({ status }: Order): boolean => finals.includes(status)
/** Does it stand at the broker with a claim on money or shares? A held half of a pair has none of its own. */
export const isResting = ({ status, isOnItsWay }: Order): boolean => resting.includes(status) && !isOnItsWay

export const leftOf = ({ quantity, filled }: Order): Big => (filled.lt(quantity) ? quantity.minus(filled) : zero)

/** An order as the API and the stream show it. Nested: with its legs, and they with none of their own. */
export function orderJson(order: Order, isNested = false): Record<string, unknown> {
  const { account, filled } = order
  return {
    id: order.id,
    client_order_id: order.clientOrderId,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    submitted_at: order.submittedAt,
    filled_at: order.filledAt ?? null,
    expired_at: order.expiredAt ?? null,
    canceled_at: order.canceledAt ?? null,
    failed_at: order.failedAt ?? null,
    replaced_at: order.replacedAt ?? null,
    replaced_by: order.replacedBy ?? null,
    replaces: order.replaces ?? null,
    asset_id: account.world.asset(order.symbol)!.id,
    symbol: order.symbol,
    asset_class: 'us_equity',
    notional: null,
    qty: String(order.quantity),
    filled_qty: String(filled),
    filled_avg_price: filled.eq(0) ? null : averageOf(order),
    order_class: order.orderClass,
    order_type: order.type,
    type: order.type,
    side: order.side,
    time_in_force: order.timeInForce,
    limit_price: order.limitPrice ? String(order.limitPrice) : null,
    stop_price: order.stopPrice ? String(order.stopPrice) : null,
    status: order.shownStatus ?? order.status,
    extended_hours: order.isExtended,
    legs: isNested && order.legs.length > 0 ? order.legs.map(legJson) : null,
    trail_percent: null,
    trail_price: null,
    hwm: null,
    subtag: null,
    source: null,
  }
}

/** A leg inside of its parent has no list of legs at all. */
function legJson(leg: Order): Record<string, unknown> {
  const { legs: _, ...shown } = orderJson(leg)
  return shown
}

/** Dollars a share, with as many digits as the broker keeps. */
function averageOf({ filled, filledValue }: Order): string {
  const exact = Big()
  exact.DP = 18
  return String(new Big(exact(filledValue).div(exact(filled)).toFixed()))
}
