import { Refusal } from '../../base/refusal.ts'
import type { Db } from '../../infra/db/client.ts'
import type { QueuedNotice } from '../notice.ts'
import { hearReport } from '../orders/hear-report.ts'
import { recordNews } from '../orders/record-news.ts'
import { isNowhere, isTriedAgain, noteAsked, noteSaidArrived } from '../orders/rows/order-calls.ts'
import { type AnyOrder, toOrder } from '../orders/rows/orders.ts'
import { isLive, liveStates } from '../orders/rules/order-lifecycle.ts'
import { askForOrder, type SendResult } from '../orders/send-order.ts'
import { ask, isUnanswered } from '../orders/venue-call.ts'
import type { Parts } from '../parts.ts'

/** An order of which nobody knows whether the venue has it. */
export interface InDoubt {
  order: AnyOrder
  /** How often the venue was asked for it. */
  timesAsked: number
  /** A member said then that the venue has it. */
  saidArrivedAt?: Date
  /** The venue has refused every call for it, last in these words: nothing of it is there. */
  refusedBecause?: string
  /** The venue has refused all calls before, and another one is under way now. */
  isTriedNow?: true
}

/** Orders younger than this have had no time to be confirmed, in milliseconds. */
const youngMs = 1000

/** The orders of an account without an outcome, and those that the venue showed once and shows no more, oldest first. */
export async function ordersInDoubt(db: Db, accountId: number, now: Date): Promise<InDoubt[]> {
  const rows = await db
    .selectFrom('orders')
    .selectAll()
    .select([isNowhere.as('is_nowhere'), isTriedAgain(now).as('is_tried_again')])
    .where('account_id', '=', accountId)
    .where('state', 'in', liveStates)
    .where('created_at', '<', new Date(now.getTime() - youngMs))
    .where((eb) => eb.or([eb('venue_order_id', 'is', null), eb('missing_since', 'is not', null)]))
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    order: toOrder(row),
    timesAsked: row.times_asked,
    saidArrivedAt: row.said_arrived_at ?? undefined,
    ...((row.is_nowhere || row.is_tried_again) && { refusedBecause: row.refused_because ?? 'without a reason' }),
    ...(row.is_tried_again && { isTriedNow: true as const }),
  }))
}

/** The longest wait for the answer to a member's question, in milliseconds: it may wait for its turn among the account's requests. */
const patienceMs = 5000

/** Asks the venue for an order now; an exit that is not there may be sent again under its id. */
export async function askNow(parts: Parts, order: AnyOrder): Promise<SendResult> {
  return askForOrder(parts, order, { postedBy: 'door' })
}

/**
 * Ends an order by a member's word that it never arrived. The venue is asked once more, and its answer counts before the word; a late
 * fill is recorded all the same.
 */
export async function saidLost(parts: Parts, order: AnyOrder): Promise<QueuedNotice[] | Refusal> {
  const now = parts.clock.now()
  const { venue, account } = await parts.venues.of(order.accountId)
  if (order.callingUntil && order.callingUntil > now) {
    const sentence = 'The order is still on its way to the broker, so nobody can know that yet. Nothing was done.'
    return new Refusal('ORDER_ON_ITS_WAY', sentence, 'Say it again in half a minute')
  }
  await noteAsked(parts.db, order.id)
  const reference = { account, clientOrderId: order.sentAs, venueOrderId: order.venueOrderId }
  const found = await ask(() => venue.find(reference), { withinMs: patienceMs })
  if (isUnanswered(found)) {
    const sentence = 'The broker was asked for the order and did not answer, so it stays in doubt. Nothing was done.'
    return new Refusal('BROKER_SILENT', sentence, 'Look at the account at the broker, and say it again')
  }
  if (found) {
    const heard = await hearReport(parts, order, found, { postedBy: 'door' })
    const sentence = 'The broker shows the order, so it arrived. It was not given up.'
    if (heard === 'mismatch' || heard.notices.length === 0)
      return new Refusal('ORDER_ARRIVED', sentence, '`orders` shows it')
    return heard.notices
  }
  const change = order.venueOrderId === undefined ? ('lost' as const) : ('cancelled' as const)
  const words = 'its member says that the broker never had it'
  const recorded = await recordNews(parts, { order, news: { fills: [], change, words }, say: { postedBy: 'door' } })
  return recorded.notices
}

/** Notes a member's word that the broker has the order: it never counts as lost by itself then. */
export async function saidArrived(parts: Parts, order: AnyOrder): Promise<void> {
  if (isLive(order)) await noteSaidArrived(parts.db, order.id, parts.clock.now())
}
