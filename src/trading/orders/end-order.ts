import { setTimeout as wait } from 'node:timers/promises'
import type { Cancelled } from '../../venues/venue.ts'
import type { Say } from '../events/tell.ts'
import type { QueuedNotice } from '../notice.ts'
import type { Parts } from '../parts.ts'
import { awaitedBy } from './awaited.ts'
import { hearLate, hearReport } from './hear-report.ts'
import { askLater } from './order-clock.ts'
import { recordNews } from './record-news.ts'
import { liveOpenings } from './rows/opening-orders.ts'
import { noteCancelAsked } from './rows/order-calls.ts'
import { type AnyOrder, findOrder } from './rows/orders.ts'
import { restingExits } from './rows/working-orders.ts'
import { isLive } from './rules/order-lifecycle.ts'
import { askForOrder, missing } from './send-order.ts'
import { ask } from './venue-call.ts'

/** The end of an order, or `unknown`; then the venue is asked again until it is known. */
export interface OrderEnd {
  outcome: 'cancelled' | 'filled' | 'unknown'
  /** The order in its state after the call. */
  order: AnyOrder
  notices: QueuedNotice[]
}

/** The wait before asking the venue again to cancel an order, in milliseconds. */
const askAgainMs = 1000
/** The waits between looks at an order that the venue has agreed to cancel, in milliseconds; a second in all. */
const looksMs = [25, 75, 150, 250, 500]

/**
 * Takes an order back at the venue and records its end: cancelled, possibly after a partial fill, or filled if that was sooner.
 * `because` is absent when a member asked for it, or when the order has expired.
 */
export function endOrder(parts: Parts, order: AnyOrder, say: Say, because?: string): Promise<OrderEnd> {
  return awaitedBy(parts, order, say, () => end(parts, order, say, because))
}

async function end(parts: Parts, order: AnyOrder, say: Say, because?: string): Promise<OrderEnd> {
  const isExpired = order.limit?.expiresAt !== undefined && order.limit.expiresAt <= parts.clock.now()
  // Note the wish first. Then any process that sees the cancel at the venue knows the reason, and another one can continue
  // after a crash.
  if (because !== undefined || !isExpired) await noteCancelAsked(parts.db, order.id, parts.clock.now(), because)
  const asked = (await findOrder(parts.db, order.id)) ?? order
  if (!isLive(asked)) return { outcome: asked.state === 'filled' ? 'filled' : 'cancelled', order: asked, notices: [] }
  const { order: now, notices } = await takeBackAtVenue(parts, asked, say)
  if (!isLive(now)) return { outcome: now.state === 'filled' ? 'filled' : 'cancelled', order: now, notices }
  await askLater(parts, now, askAgainMs)
  return { outcome: 'unknown', order: now, notices }
}

async function takeBackAtVenue(
  parts: Parts,
  order: AnyOrder,
  say: Say,
): Promise<{ order: AnyOrder; notices: QueuedNotice[] }> {
  const { venue, account } = await parts.venues.of(order.accountId)
  const reference = { account, clientOrderId: order.sentAs, venueOrderId: order.venueOrderId }
  const late = (given: Cancelled) => given.outcome === 'ended' && hearLate(parts, order, given.report)
  const answer = await ask(() => venue.cancel(reference), { late })
  switch (answer.outcome) {
    case 'ended': {
      const heard = await hearReport(parts, order, answer.report, say)
      return heard === 'mismatch' ? { order, notices: [] } : heard
    }
    case 'asked':
      return waitForEnd(parts, order, say)
    case 'refused': {
      if (answer.code === 'NO_SUCH_ORDER' && order.venueOrderId === undefined) return missing(parts, order, say)
      const { order: now, notices } = await askForOrder(parts, order, say)
      if (!isLive(now) || now.venueOrderId === undefined) return { order: now, notices }
      parts.log.warn({ order: order.id, words: answer.words }, 'the venue does not cancel an order')
      const refused = await recordNews(parts, { order: now, news: { fills: [], change: 'cancel_refused' }, say })
      return { order: refused.order, notices: [...notices, ...refused.notices] }
    }
    case 'unknown':
      parts.log.warn({ order: order.id, words: answer.words, err: answer.cause }, 'the venue did not cancel an order')
      return { order, notices: [] }
  }
}

/** Looks for the end for one second. If the venue takes longer, the stream or the sweep reports it. */
async function waitForEnd(
  parts: Parts,
  order: AnyOrder,
  say: Say,
): Promise<{ order: AnyOrder; notices: QueuedNotice[] }> {
  const notices: QueuedNotice[] = []
  let now = order
  for (const ms of looksMs) {
    await wait(ms)
    const looked = await askForOrder(parts, now, say)
    now = looked.order
    notices.push(...looked.notices)
    if (!isLive(now)) break
  }
  return { order: now, notices }
}

/**
 * Takes back all resting exits of a position, market orders and limit orders. `isClear` means that the end of each is known.
 */
export async function takeBackExits(
  parts: Parts,
  positionId: number,
  because: string,
  say: Say,
): Promise<{ isClear: boolean; notices: QueuedNotice[] }> {
  return takeBackAll(parts, await restingExits(parts.db, positionId), because, say)
}

/** Takes back all opening orders of an account, including market orders with an unknown outcome. */
export async function takeBackOpenings(
  parts: Parts,
  accountId: number,
  because: string,
): Promise<{ isClear: boolean; notices: QueuedNotice[] }> {
  return takeBackAll(parts, await liveOpenings(parts.db, accountId), because, { postedBy: 'outbox' })
}

/** Takes orders back. Returns each order in its new state, too. */
export async function takeBackAll(
  parts: Parts,
  orders: AnyOrder[],
  because: string,
  say: Say,
): Promise<{ isClear: boolean; orders: AnyOrder[]; notices: QueuedNotice[] }> {
  const ended = await Promise.all(orders.map((order) => endOrder(parts, order, say, because)))
  return {
    orders: ended.map(({ order }) => order),
    isClear: ended.every(({ outcome }) => outcome !== 'unknown'),
    notices: ended.flatMap(({ notices }) => notices),
  }
}
