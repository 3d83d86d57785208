import type { OrderReport } from '../../venues/venue.ts'
import type { Say } from '../events/tell.ts'
import type { Parts } from '../parts.ts'
import { sayMismatch } from './mismatch.ts'
import { mismatchIn, newsOf } from './news.ts'
import { askLater } from './order-clock.ts'
import { type RecordedNews, recordNews } from './record-news.ts'
import { noteCancelAsked } from './rows/order-calls.ts'
import type { AnyOrder } from './rows/orders.ts'
import { isLive, leftOf } from './rules/order-lifecycle.ts'

/** The recorded news of a report, or `mismatch` when the report is about another order; then nothing is booked. */
export type ReportResult = RecordedNews | 'mismatch'

/**
 * Records the report of a venue about an order, once, with all its consequences. A report that does not match the sent order is
 * not booked, but told.
 */
export async function hearReport(parts: Parts, order: AnyOrder, report: OrderReport, say: Say): Promise<ReportResult> {
  const { account } = await parts.venues.of(order.accountId)
  const mismatch = mismatchIn({ order, account }, report)
  if (mismatch !== undefined) {
    parts.log.error({ order: order.id, mismatch }, 'the venue answered with something else than was sent')
    await sayMismatch(parts, order, mismatch)
    return 'mismatch'
  }
  const news = newsOf(report, order.filledQuantity)
  // An order taken back because its time was over counts as expired, although the venue reports it as cancelled.
  const isOver = order.limit?.expiresAt !== undefined && order.limit.expiresAt <= parts.clock.now()
  const change = news.change === 'cancelled' && isOver && !order.cancelAskedAt ? ('expired' as const) : news.change
  const recorded = await recordNews(parts, { order, news: { ...news, change }, say })
  if (report.isOversized && isLive(recorded.order) && !recorded.order.cancelAskedAt)
    await takeBackLater(parts, recorded.order)
  return recorded
}

/** The reason for taking back an order that works for more than is left of it. */
export const becauseOversized = 'its change met a fill, and the rest of it could have traded more than was ordered'

/** Notes that an order is to be taken back, and lets its clock do so at once; without Redis the next sweep does. */
async function takeBackLater(parts: Parts, order: AnyOrder): Promise<void> {
  await noteCancelAsked(parts.db, order.id, parts.clock.now(), becauseOversized)
  await askLater(parts, order, 0)
}

/** Records an answer that came after its caller stopped waiting. It counts all the same, and its thread is told. */
export async function hearLate(parts: Parts, order: AnyOrder, report: OrderReport): Promise<void> {
  await hearReport(parts, order, report, { postedBy: 'outbox' }).catch((cause) =>
    parts.log.warn({ err: cause, order: order.id }, 'a late answer of the venue is left to the sweep'),
  )
}

/** Does a report contain only known facts? Then recording it needs no transaction. */
export function isKnown(order: AnyOrder, report: OrderReport): boolean {
  return (
    report.state === 'working' &&
    !report.isOversized &&
    order.missingSince === undefined &&
    order.venueOrderId === report.venueOrderId &&
    order.state !== 'replace_asked' &&
    report.filledQuantity.eq(order.filledQuantity) &&
    (report.limitPrice === undefined || order.limit === undefined || report.limitPrice.eq(order.limit.price)) &&
    (report.stopPrice === undefined || order.stop === undefined || report.stopPrice.eq(order.stop)) &&
    leftOf(order).gt(0)
  )
}
