import type { Reply } from '../chat/reply.ts'
import type { Trx } from '../db/client.ts'
import { appendEvent } from '../ledger/events.ts'
import { lockOrder, type Order, recordFill } from '../ledger/orders.ts'
import type { Position } from '../ledger/positions.ts'
import { editRow, type PostedBy, queueReply } from '../ledger/replies.ts'
import {
  type Announcement,
  aboutScaleout,
  announcementOf,
  endScaleout,
  lockRunningScaleout,
  type Scaleout,
} from '../ledger/scaleouts.ts'
import { positionText } from '../trading/describe.ts'
import { priceText, profitText, quantityText } from '../trading/format.ts'
import type { VenueFill } from '../venue/venue.ts'
import { type Parts, wakeReplies } from './parts.ts'
import { announcementText, cancelledText } from './scaleout-text.ts'

/**
 * Records the fill of a `close` or `trim` once, with all that follows from it, in one transaction: the position moves,
 * the event is appended, the replies are queued. A fill that is already recorded changes nothing. Answers with the
 * replies when `postedBy` is the door that heard the command.
 */
export async function recordExit(parts: Parts, order: Order, fill: VenueFill, postedBy: PostedBy): Promise<Reply[]> {
  const { replies, conversations } = await parts.db
    .transaction()
    .execute((trx) => exitFilled(trx, parts, order, fill, postedBy))
  await wakeReplies(parts, conversations)
  return replies
}

async function exitFilled(
  trx: Trx,
  parts: Parts,
  order: Order,
  fill: VenueFill,
  postedBy: PostedBy,
): Promise<{ replies: Reply[]; conversations: number[] }> {
  const locked = await lockOrder(trx, order.id)
  if (locked.order.state !== 'working') return { replies: [], conversations: [] }
  const { position, realizedPnl } = await recordFill(trx, order, locked.position, fill)
  const at = parts.clock.now()
  const to = { conversationId: order.conversationId, at }
  const purpose = order.purpose === 'close' ? 'close' : 'trim'
  const text = [
    `✓ ${order.side === 'sell' ? 'SOLD' : 'BOUGHT BACK'} ${quantityText(fill.quantity)} ${order.symbol} @ ${priceText(fill.price)}`,
    `P&L: ${profitText(realizedPnl)}`,
    `Position: ${positionText(position)}`,
  ].join('\n')
  const replies = [await queueReply(trx, to, { text }, postedBy)]
  const watching = await appendEvent(trx, {
    type: 'order_filled',
    data: {
      purpose,
      side: order.side,
      quantity: fill.quantity.toFixed(),
      price: fill.price.toFixed(),
      realizedPnl: realizedPnl.toFixed(),
      left: position.signedQuantity.abs().toFixed(),
    },
    ...about(order),
    at,
    dedupeKey: `fill-${fill.venueFillId}`,
  })
  const conversations = [...watching, ...(postedBy === 'outbox' ? [order.conversationId] : [])]
  const scaleout = position.signedQuantity.eq(0) ? await lockRunningScaleout(trx, position.id) : undefined
  if (scaleout) {
    conversations.push(...(await cancelScaleout(trx, scaleout, position, 'the position is closed', at)).conversations)
  }
  return { replies, conversations }
}

/** Ends a locked scaleout early and tells its thread. A chunk that is already at the venue is still filled and reported. */
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
  const text = cancelledText(ended, position, because, position.workingQuantity)
  const to = { conversationId, scaleoutId: scaleout.id, at }
  const reply = await queueReply(trx, to, { text }, postedBy)
  if (conversationId !== scaleout.conversationId) {
    await queueReply(trx, { ...to, conversationId: scaleout.conversationId }, { text }, 'outbox')
  }
  await showProgress(trx, ended)
  const watching = await appendEvent(trx, {
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
  return { reply, conversations: [...watching, scaleout.conversationId, conversationId] }
}

/** Brings the message that announced the scaleout up to date. */
export async function showProgress(trx: Trx, scaleout: Scaleout): Promise<void> {
  const announcement = await announcementOf(trx, scaleout.id)
  if (announcement) await trx.insertInto('replies').values(progressRow(announcement, scaleout)).execute()
}

/** A row of the outbox that brings the message that announced a scaleout up to date. */
export function progressRow(announcement: Announcement, scaleout: Scaleout) {
  const to = { conversationId: scaleout.conversationId, scaleoutId: scaleout.id }
  return editRow(to, announcement.row, announcementText(announcement.text, scaleout))
}

/** Whom and what an event of an order is about. */
export function about(order: Order, scaleout?: Scaleout) {
  return {
    symbol: order.symbol,
    accountId: order.accountId,
    memberId: order.memberId,
    positionId: order.positionId,
    scaleoutId: scaleout?.id,
    conversationId: scaleout?.conversationId ?? order.conversationId,
  }
}
