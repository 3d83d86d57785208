import type { Reply } from '../chat/reply.ts'
import type { Trx } from '../db/client.ts'
import type { OpeningOrder, Order } from '../ledger/orders.ts'
import { type PostedBy, queueReply } from '../ledger/replies.ts'

/** Who tells of an order: the outbox, where the order came from; or the door that heard of it just now, wherever that was. */
export interface Say {
  postedBy: PostedBy
  /** Where the door is; the order's own conversation when left out. */
  conversationId?: number
}

/** What was queued: the replies for the door, and the conversations that the outbox has to post in. */
export interface Told {
  replies: (Reply & { row: number })[]
  conversations: number[]
}

/** Queues what is to be said of an order: for the door, if one asked, and for the thread that the order came from. */
export async function tell(
  trx: Trx,
  order: Order | OpeningOrder,
  text: string,
  { postedBy, conversationId = order.conversationId }: Say,
  at: Date,
): Promise<Told> {
  const told: Told = { replies: [], conversations: [] }
  if (postedBy === 'door') told.replies.push(await queueReply(trx, { conversationId, at }, { text }, 'door'))
  if (postedBy === 'outbox' || conversationId !== order.conversationId) {
    await queueReply(trx, { conversationId: order.conversationId, at }, { text }, 'outbox')
    told.conversations.push(order.conversationId)
  }
  return told
}
