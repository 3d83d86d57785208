import type { Notice } from '../notice.ts'
import type { AnyOrder } from '../orders/rows/orders.ts'
import type { Parts } from '../parts.ts'
import { isClosing } from '../protection/close-now/purposes.ts'
import { type PostedBy, postRow } from './rows/replies.ts'

/** Who tells of an order: the outbox, where the order came from; or the door that heard of it just now, wherever that was. */
export interface Say {
  postedBy: PostedBy
  /** Where the door is; the order's own conversation when left out. */
  conversationId?: number
}

/** What is to be said of an order: rows for the outbox, urgent of a close at once, and where the door that asked says it itself. */
export function tellLater(
  { wording }: Pick<Parts, 'wording'>,
  order: AnyOrder,
  notice: Notice,
  { postedBy, conversationId = order.conversationId }: Say,
) {
  const to = { accountId: order.accountId, urgent: isClosing(order) }
  const isElsewhere = postedBy === 'outbox' || conversationId !== order.conversationId
  return {
    door: postedBy === 'door' ? [{ ...to, conversationId }] : [],
    rows: isElsewhere ? [postRow({ ...to, conversationId: order.conversationId }, wording(notice))] : [],
  }
}
