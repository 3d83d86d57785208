import type { Big } from '../../base/amounts.ts'
import { sum } from '../../base/amounts.ts'
import type { OrderReport, VenueFill } from '../../venues/venue.ts'
import type { AnyOrder } from './rows/orders.ts'
import type { OrderChange } from './rules/order-lifecycle.ts'

/** What is learned of an order at once. */
export interface News {
  /** Fills, known ones among them. */
  fills: VenueFill[]
  /** What becomes of it after these fills. */
  change?: OrderChange
  venueOrderId?: string
  /** The limit that the venue has, in dollars a unit. */
  limitPrice?: Big
  /** Why it ended, in words for people. */
  words?: string
  /** The call that was refused: the order is over only when no other call for it has begun since. */
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
 * What a report of an order that is as it was sent tells of it. An end whose fills are not all there is left out: it is
 * told by the next report. `booked` is what was recorded of it before, in units.
 */
export function newsOf(report: OrderReport, booked: Big): News {
  const { fills, venueOrderId, limitPrice, words, filledQuantity } = report
  // A fill may be shown twice under its id.
  const once = [...new Map(fills.map((fill) => [fill.venueFillId, fill])).values()]
  const shown = sum(once.map(({ quantity, reverses }) => (reverses === undefined ? quantity : quantity.neg())))
  const isComplete = shown.gte(filledQuantity) || booked.gte(filledQuantity)
  const change = report.state === 'working' || isComplete ? changes[report.state] : 'accepted'
  // The venue had it, whatever it says of it now.
  const isEnd = change === 'refused' ? 'cancelled' : change
  return { fills, change: isEnd, venueOrderId, limitPrice, words }
}

/** What was sent: the answers of the venue have to be about this. */
export interface Sent {
  order: AnyOrder
  /** Its account, as the venue calls it. */
  account: string
}

/** In what an answer differs from what was sent, in words; undefined when it is about the order. */
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

/** The same of a report and of each of its fills. */
export function mismatchIn(sent: Sent, report: OrderReport): string | undefined {
  return (
    differenceOf(sent, report) ??
    report.fills.map(({ quantity: _, ...fill }) => differenceOf(sent, fill)).find((one) => one !== undefined)
  )
}
