import { announcePosition } from '../../../infra/db/announce.ts'
import { endOrder } from '../../orders/end-order.ts'
import { recordNews } from '../../orders/record-news.ts'
import { cancelNowhere, noteCancelAsked, nowhereForGood } from '../../orders/rows/order-calls.ts'
import type { Order } from '../../orders/rows/orders.ts'
import { isLive } from '../../orders/rules/order-lifecycle.ts'
import { askForOrder } from '../../orders/send-order.ts'
import type { Parts } from '../../parts.ts'
import { liveProtection, noteTakenBack } from '../rows/venue-protection.ts'

/** The reason for taking back protection before a part is sold. */
export const becauseSold = 'a part of the position is being sold'

const outbox = { postedBy: 'outbox' as const }

/**
 * Takes back the protection of a position at its venue. From now on the desk's own levels act. True when its end is known.
 * `isForOrder`: another order is about to take from the position, so that nothing protects it there until that order is written.
 */
export async function takeBackProtection(
  parts: Parts,
  positionId: number,
  because: string,
  { isForOrder = true } = {},
): Promise<boolean> {
  const orders = await liveProtection(parts.db, positionId)
  if (orders.length === 0) return true
  const live = (await Promise.all(orders.map((order) => settled(parts, order, because)))).filter(isLive)
  const known = live.filter((order) => order.venueOrderId !== undefined || order.cancelAskedAt)
  const at = parts.clock.now()
  for (const order of known) await noteCancelAsked(parts.db, order.id, at, because)
  await noteTakenBack(parts.db, positionId, isForOrder ? at : undefined)
  await announcePosition(parts, positionId)
  const ends = await Promise.all(known.map((order) => endOrder(parts, order, outbox, because)))
  return known.length === live.length && ends.every(({ outcome }) => outcome !== 'unknown')
}

/**
 * An order of which no call has left the desk is over without a question, so that nothing waits for a venue that is away. One of which
 * nobody knows whether it arrived is sent again under its id, which the venue takes once: a cancel of one that has not arrived yet would
 * leave it to arrive later, and it would be live until that is certain. While the venue does not answer it stays as it is, and is taken
 * back by a later call.
 */
async function settled(parts: Parts, order: Order, because: string) {
  if (order.venueOrderId !== undefined) return order
  // The wish may be from a process that died before it noted the end.
  const isOver = order.cancelAskedAt
    ? (await nowhereForGood(parts.db, order.id)) !== undefined
    : await cancelNowhere(parts.db, order.id, parts.clock.now(), because)
  if (isOver) {
    const news = { fills: [], change: 'cancelled' as const, words: because }
    return (await recordNews(parts, { order, news, say: outbox })).order
  }
  if (order.cancelAskedAt) return order
  return (await askForOrder(parts, order, outbox)).order
}
