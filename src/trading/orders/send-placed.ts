import type { PostedBy } from '../events/rows/replies.ts'
import type { QueuedNotice } from '../notice.ts'
import type { Parts } from '../parts.ts'
import { awaitedBy, toldElsewhere } from './awaited.ts'
import { askLater, expireLater } from './order-clock.ts'
import type { AnyOrder } from './rows/orders.ts'
import { type SendResult, sendOrder } from './send-order.ts'

/** The wait before asking the venue again about an unconfirmed order, in milliseconds. */
const askAgainMs = 2000

/** Sends an order that a member has just placed, and puts its next steps on the clock. Returns the notices for the thread. */
export async function sendPlaced(parts: Parts, order: AnyOrder, postedBy: PostedBy = 'door'): Promise<QueuedNotice[]> {
  return (await sendPlacedOnce(parts, order, postedBy)).notices
}

/** The same; also says why the venue has refused it, if it has. */
export async function sendPlacedOnce(
  parts: Parts,
  order: AnyOrder,
  postedBy: PostedBy = 'door',
): Promise<{ notices: QueuedNotice[]; code?: SendResult['code'] }> {
  const say = { postedBy }
  const settled = await awaitedBy(parts, order, say, () => sendOrder(parts, order, say))
  if (settled.outcome === 'unknown') await askLater(parts, order, askAgainMs)
  await expireLater(parts, order)
  const notices = postedBy === 'door' && settled.notices.length === 0 ? [toldElsewhere(settled.order)] : settled.notices
  return { notices, ...(settled.outcome === 'refused' && { code: settled.code }) }
}
