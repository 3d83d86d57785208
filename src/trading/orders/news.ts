import type { Big } from '../../base/amounts.ts'
import { sum } from '../../base/amounts.ts'
import type { OrderReport, VenueFill } from '../../venues/venue.ts'
import type { AnyOrder } from './rows/orders.ts'
import type { OrderChange } from './rules/order-lifecycle.ts'

/** Facts learned of an order at one time. */
export interface News {
  /** Fills, possibly including known ones. */
  fills: VenueFill[]
  /** The change of the order after these fills. */
  change?: OrderChange
  /** It ended here when its account was unlinked, and its venue shows it open now: it lives again, before its fills are booked. */
  isFollowedAgain?: boolean
  venueOrderId?: string
  /** The limit at the venue, in dollars a unit. */
  limitPrice?: Big
  /** The stop at the venue, in dollars a unit. */
  stopPrice?: Big
  /** It ends because the venue rejected it after it had taken it. */
  isRejected?: boolean
  /** The reason of its end, in words for people. */
  words?: string
  /** The call that was refused. The order ends only if no other call for it has begun since. */
  call?: Date
}

const changes = {
  working: 'accepted',
  filled: undefined,
  cancelled: 'cancelled',
  expired: 'expired',
  refused: 'refused',
} as const

/**
 * The news in a report that matches the sent order. An end is left out while the report lacks some of its fills; a later report
 * will have both. `booked` is the quantity recorded before.
 */
export function newsOf(report: OrderReport, booked: Big): News {
  const { fills, venueOrderId, limitPrice, stopPrice, words, filledQuantity } = report
  // A report may show a fill twice under one id.
  const once = [...new Map(fills.map((fill) => [fill.venueFillId, fill])).values()]
  const shown = sum(once.map(({ quantity, reverses }) => (reverses === undefined ? quantity : quantity.neg())))
  const isComplete = shown.gte(filledQuantity) || booked.gte(filledQuantity)
  const change = report.state === 'working' || isComplete ? changes[report.state] : 'accepted'
  // A report proves that the venue had the order, so it cannot end as refused.
  const isEnd = change === 'refused' ? 'cancelled' : change
  const isRejected = change === 'refused' ? { isRejected: true } : {}
  return { fills, change: isEnd, venueOrderId, limitPrice, stopPrice, words, ...isRejected }
}

/** A sent order. The venue's answers have to match it. */
export interface Sent {
  order: AnyOrder
  /** The account's id at the venue. */
  account: string
}

/** The differences between an answer and the sent order, in words; undefined when it matches. */
export function differenceOf(
  { order, account }: Sent,
  answer: Pick<OrderReport, 'account' | 'clientOrderId' | 'symbol' | 'side'> & { quantity?: Big },
): string | undefined {
  const differs = [
    answer.account !== account && `account ${answer.account}`,
    answer.clientOrderId !== order.sentAs && 'another order',
    answer.symbol !== order.symbol && answer.symbol,
    answer.side !== order.side && answer.side,
    answer.quantity && !answer.quantity.eq(order.quantity) && `${answer.quantity.toFixed()} units`,
  ].filter((one) => one !== false && one !== undefined)
  return differs.length === 0 ? undefined : differs.join(', ')
}

/** The differences between a report, including its fills, and the sent order. */
export function mismatchIn(sent: Sent, report: OrderReport): string | undefined {
  return (
    differenceOf(sent, report) ??
    report.fills.map(({ quantity: _, ...fill }) => differenceOf(sent, fill)).find((one) => one !== undefined)
  )
}
