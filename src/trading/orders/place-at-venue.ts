import type { PostedBy } from '../events/rows/replies.ts'
import type { QueuedNotice } from '../notice.ts'
import type { Parts } from '../parts.ts'
import { askLater, expireLater } from './order-clock.ts'
import type { AnyOrder } from './rows/orders.ts'
import { sendOrder } from './send-order.ts'

/** How soon to ask the venue again about an order that it did not confirm. */
const askAgainMs = 2000

/**
 * Sends an order that a member just placed, and puts on the clock what is left to do about it. Answers with the notices
 * for the thread.
 */
export async function placeAtVenue(
  parts: Parts,
  order: AnyOrder,
  postedBy: PostedBy = 'door',
): Promise<QueuedNotice[]> {
  const settled = await sendOrder(parts, order, { postedBy })
  if (settled.outcome === 'unknown') await askLater(parts, order, askAgainMs)
  await expireLater(parts, order)
  return settled.notices
}
