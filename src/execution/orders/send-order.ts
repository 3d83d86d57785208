import type { Reply } from '../../chat/reply.ts'
import type { OpeningOrder, Order } from '../../ledger/orders.ts'
import type { PostedBy } from '../../ledger/replies.ts'
import type { Parts } from '../parts.ts'
import { askLater, expireLater } from './order-clock.ts'
import { settleOrder } from './settle.ts'

/** How soon to ask the venue again about an order that it did not confirm. */
const askAgainMs = 2000

/**
 * Sends an order that a member just placed, and puts on the clock what is left to do about it. Answers with the replies
 * for the thread.
 */
export async function sendOrder(
  parts: Parts,
  order: Order | OpeningOrder,
  postedBy: PostedBy = 'door',
): Promise<Reply[]> {
  const settled = await settleOrder(parts, order, { triedBefore: false, postedBy })
  if (settled.outcome === 'unknown') await askLater(parts, order, askAgainMs)
  await expireLater(parts, order)
  return settled.replies
}
