import type { Reply } from '../chat/reply.ts'
import type { Trx } from '../db/client.ts'
import { appendEvent } from '../ledger/events.ts'
import { isLive, lockOrder, type OpeningOrder, type Order, recordFill } from '../ledger/orders.ts'
import { inFlightQuantity, type Position } from '../ledger/positions.ts'
import { editRow, type PostedBy, queueReply } from '../ledger/replies.ts'
import {
  type Announcement,
  aboutScaleout,
  announcementOf,
  endScaleout,
  lockRunningScaleout,
  type Scaleout,
} from '../ledger/scaleouts.ts'
import type { VenueFill } from '../venue/venue.ts'
import { filledText } from './orders/order-text.ts'
import { type Parts, wakeReplies } from './parts.ts'
import { tellGroups } from './scaleouts/group.ts'
import { announcementText, cancelledText } from './scaleouts/text.ts'
import { type Say, tell } from './tell.ts'

/**
 * Records the fill of a `close` or `trim` once, with all that follows from it, in one transaction: the position moves,
 * the event is appended, the replies are queued. A fill that is already recorded changes nothing. Answers with the
 * replies for the door that heard the command, if there is one.
 */
export async function recordExit(parts: Parts, order: Order, fill: VenueFill, say: Say): Promise<Reply[]> {
  const { replies, conversations } = await parts.db
    .transaction()
    .execute((trx) => exitFilled(trx, parts, order, fill, say))
  await wakeReplies(parts, conversations)
  return replies
}

async function exitFilled(
  trx: Trx,
  parts: Parts,
  { id }: Order,
  fill: VenueFill,
  say: Say,
): Promise<{ replies: Reply[]; conversations: number[] }> {
  const { order, position: before } = await lockOrder(trx, id)
  if (!isLive(order)) return { replies: [], conversations: [] }
  const recorded = await recordFill(trx, order, before, fill)
  const { position, realizedPnl } = recorded
  const at = parts.clock.now()
  const purpose = order.purpose === 'close' ? 'close' : 'trim'
  const told = await tell(trx, order, filledText(order, recorded, fill), say, at)
  const watching = await appendEvent(trx, {
    type: 'order_filled',
    data: {
      purpose,
      side: order.side,
      quantity: fill.quantity.toFixed(),
      price: fill.price.toFixed(),
      realizedPnl: realizedPnl.toFixed(),
      left: position.signedQuantity.abs().toFixed(),
      ...(order.state === 'resting' && { rested: true }),
    },
    ...about(order),
    at,
    dedupeKey: `fill-${fill.venueFillId}`,
  })
  const conversations = [...watching, ...told.conversations]
  const scaleout = position.signedQuantity.eq(0) ? await lockRunningScaleout(trx, position.id) : undefined
  if (scaleout) {
    conversations.push(...(await cancelScaleout(trx, scaleout, position, 'the position is closed', at)).conversations)
  }
  return { replies: told.replies, conversations }
}

/** Ends a locked scaleout early and tells its thread. What became of a chunk that is at the venue already is still told. */
export async function cancelScaleout(
  trx: Trx,
  scaleout: Scaleout,
  position: Position,
  because: string,
  at: Date,
  postedBy: PostedBy = 'outbox',
  conversationId = scaleout.conversationId,
): Promise<{ reply: Reply & { row: number }; conversations: number[] }> {
  await endScaleout(trx, scaleout, 'cancelled', because, at)
  const ended: Scaleout = { ...scaleout, state: 'cancelled' }
  const text = cancelledText(ended, position, because, inFlightQuantity(position))
  const to = { conversationId, scaleoutId: scaleout.id, at }
  const reply = await queueReply(trx, to, { text }, postedBy)
  if (conversationId !== scaleout.conversationId) {
    await queueReply(trx, { ...to, conversationId: scaleout.conversationId }, { text }, 'outbox')
  }
  const told = await showProgress(trx, ended, at)
  const watching = await appendCancelled(trx, scaleout, position, because, at)
  return { reply, conversations: [...told, ...watching, scaleout.conversationId, conversationId] }
}

/** Appends the event of a scaleout that ended early; answers with the conversations that are told of it. */
export function appendCancelled(
  trx: Trx,
  scaleout: Scaleout,
  position: Position,
  because: string,
  at: Date,
): Promise<number[]> {
  return appendEvent(trx, {
    type: 'scaleout_cancelled',
    data: {
      because,
      side: scaleout.side,
      sold: scaleout.soldQuantity.toFixed(),
      left: position.signedQuantity.abs().toFixed(),
    },
    ...aboutScaleout(scaleout),
    at,
    dedupeKey: `scaleout-${scaleout.id}-ended`,
  })
}

/** Brings the message that announced the scaleout up to date, after what became of it was written. Answers with further conversations in which something waits. */
export async function showProgress(trx: Trx, scaleout: Scaleout, at: Date): Promise<number[]> {
  if (scaleout.groupId !== null) return tellGroups(trx, [scaleout.groupId], at)
  const announcement = await announcementOf(trx, scaleout.id)
  if (announcement) await trx.insertInto('replies').values(progressRow(announcement, scaleout)).execute()
  return []
}

/** A row of the outbox that brings the message that announced a scaleout up to date. */
export function progressRow(announcement: Announcement, scaleout: Scaleout) {
  const to = { conversationId: scaleout.conversationId, scaleoutId: scaleout.id }
  return editRow(to, announcement.row, announcementText(announcement.text, scaleout))
}

/** Whom and what an event of an order is about. */
export function about(order: Order | OpeningOrder, scaleout?: Scaleout) {
  return {
    symbol: order.symbol,
    accountId: order.accountId,
    memberId: order.memberId,
    positionId: order.purpose === 'open' ? undefined : order.positionId,
    scaleoutId: scaleout?.id,
    conversationId: scaleout?.conversationId ?? order.conversationId,
  }
}
