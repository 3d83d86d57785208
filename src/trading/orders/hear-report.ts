import type { OrderReport } from '../../venues/venue.ts'
import type { Say } from '../events/tell.ts'
import type { Parts } from '../parts.ts'
import { sayMismatch } from './mismatch.ts'
import { mismatchIn, newsOf } from './news.ts'
import { type Recorded, recordNews } from './record-news.ts'
import type { AnyOrder } from './rows/orders.ts'
import { leftOf } from './rules/order-lifecycle.ts'

/** An order that the venue told of, or that its answer was about something else: nothing of that was booked. */
export type HeardOf = Recorded | 'mismatch'

/**
 * Writes down what a report of the venue says of an order, once, with all that follows. A report that is not about what
 * was sent is booked by nobody, and told.
 */
export async function hearReport(parts: Parts, order: AnyOrder, report: OrderReport, say: Say): Promise<HeardOf> {
  const { account } = await parts.venues.of(order.accountId)
  const mismatch = mismatchIn({ order, account }, report)
  if (mismatch !== undefined) {
    parts.log.error({ order: order.id, mismatch }, 'the venue answered with something else than was sent')
    await sayMismatch(parts, order, mismatch)
    return 'mismatch'
  }
  const news = newsOf(report, order.filledQuantity)
  // Whoever takes it back at the venue since its time is over is told that it is cancelled.
  const isOver = order.limit?.expiresAt !== undefined && order.limit.expiresAt <= parts.clock.now()
  const change = news.change === 'cancelled' && isOver && !order.cancelAskedAt ? ('expired' as const) : news.change
  return recordNews(parts, { order, news: { ...news, change }, say })
}

/** The same of an answer that nobody waits for any more: it counts, and its thread hears of it. */
export async function hearLate(parts: Parts, order: AnyOrder, report: OrderReport): Promise<void> {
  await hearReport(parts, order, report, { postedBy: 'outbox' }).catch((cause) =>
    parts.log.warn({ err: cause, order: order.id }, 'a late answer of the venue is left to the sweep'),
  )
}

/** Does a report say nothing that is not written down? Then it costs no transaction. */
export function isKnown(order: AnyOrder, report: OrderReport): boolean {
  return (
    report.state === 'working' &&
    order.missingSince === undefined &&
    order.venueOrderId === report.venueOrderId &&
    order.state !== 'replace_asked' &&
    report.filledQuantity.eq(order.filledQuantity) &&
    (report.limitPrice === undefined || order.limit === undefined || report.limitPrice.eq(order.limit.price)) &&
    leftOf(order).gt(0)
  )
}
