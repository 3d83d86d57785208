import type { Notice } from '../notice.ts'
import type { AnyOrder } from '../orders/rows/orders.ts'
import type { Parts } from '../parts.ts'
import { isClosing } from '../protection/close-now/purposes.ts'
import { type PostedBy, postRow } from './rows/replies.ts'

/**
 * The poster of an order's replies: the outbox, in the conversation of the order; or the door that has just received the
 * request, wherever that was.
 */
export interface Say {
  postedBy: PostedBy
  /** The conversation of the door; defaults to the order's own. */
  conversationId?: number
}

/**
 * The replies about an order: `rows` for the outbox, and `door` for the conversation where the door posts the reply itself.
 * Replies about a close at once are urgent.
 */
export function tellLater(
  { wording }: Pick<Parts, 'wording'>,
  order: AnyOrder,
  notice: Notice,
  { postedBy, conversationId = order.conversationId }: Say,
) {
  const to = { accountId: order.accountId, urgent: isClosing(order) || order.purpose === 'protect' }
  const isElsewhere = postedBy === 'outbox' || conversationId !== order.conversationId
  return {
    door: postedBy === 'door' ? [{ ...to, conversationId }] : [],
    rows: isElsewhere ? [postRow({ ...to, conversationId: order.conversationId }, wording(notice))] : [],
  }
}
