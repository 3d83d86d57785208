import type { Reply } from '../chat/reply.ts'
import type { Trx } from '../db/client.ts'
import { addChunkFill, recordChunkFill } from '../ledger/chunk-fill.ts'
import { type Chunk, lockChunk, postponeChunksBehind } from '../ledger/chunks.ts'
import { appendEvent } from '../ledger/events.ts'
import { applyFill, lockOrder, type Order, recordFill } from '../ledger/orders.ts'
import { lockPosition, type Position } from '../ledger/positions.ts'
import { editRow, type PostedBy, postRow, queueReply } from '../ledger/replies.ts'
import {
  type Announcement,
  announcementOf,
  endScaleout,
  lockRunningScaleout,
  type Scaleout,
} from '../ledger/scaleouts.ts'
import { positionText } from '../trading/describe.ts'
import { priceText, profitText, quantityText } from '../trading/format.ts'
import { implementationShortfall } from '../trading/shortfall.ts'
import type { VenueFill } from '../venue/venue.ts'
import { type Parts, wakeChunk, wakeReplies } from './parts.ts'
import { announcementText, cancelledText, chunkText, completeText, type Filled } from './scaleout-text.ts'

/** A chunk is late when it is done this many planned milliseconds after it was due; then the ones behind it move too. */
const lateMs = 1000

interface Consequences {
  replies: (Reply & { row: number })[]
  conversations: number[]
  next?: Pick<Chunk, 'id' | 'attempt' | 'dueAt'>
}

const nothing: Consequences = { replies: [], conversations: [] }

/**
 * Records a fill once, with all that follows from it, in one transaction: the position moves, the event is appended,
 * the replies are queued. A fill that is already recorded changes nothing. Answers with the replies when `postedBy`
 * is the door that heard the command.
 */
export async function recordOutcome(parts: Parts, order: Order, fill: VenueFill, postedBy: PostedBy): Promise<Reply[]> {
  const { replies, conversations, next } = await parts.db
    .transaction()
    .execute((trx) =>
      order.chunkId === null
        ? exitFilled(trx, parts, order, fill, postedBy)
        : chunkFilled(trx, parts, order, order.chunkId, fill),
    )
  await Promise.all([next && wakeChunk(parts, next), wakeReplies(parts, conversations)])
  return replies
}

/** A `close` or `trim` was filled. */
async function exitFilled(
  trx: Trx,
  parts: Parts,
  order: Order,
  fill: VenueFill,
  postedBy: PostedBy,
): Promise<Consequences> {
  const locked = await lockOrder(trx, order.id)
  if (locked.order.state !== 'working') return nothing
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

/** A chunk was filled: the scaleout moves on, or is complete. */
async function chunkFilled(
  trx: Trx,
  parts: Parts,
  order: Order,
  chunkId: number,
  fill: VenueFill,
): Promise<Consequences> {
  const position = await lockPosition(trx, order.positionId)
  const { chunk, next, workingOrder, announcement, ...locked } = await lockChunk(trx, position, chunkId)
  if (workingOrder !== order.id) return nothing
  const at = parts.clock.now()
  const recorded = applyFill(order, position, fill)
  const filled = { quantity: fill.quantity, price: fill.price, realizedPnl: recorded.realizedPnl }
  const sold = addChunkFill(locked.scaleout, filled)
  const ends = sold.state === 'running' && (next === undefined || recorded.position.signedQuantity.eq(0))
  const scaleout: Scaleout = ends ? { ...sold, state: 'complete' } : sold
  const lateness = Math.round(at.getTime() - chunk.dueAt.getTime())
  const postponeMs = scaleout.state === 'running' && lateness > lateMs / parts.clock.scale ? lateness : 0
  const text = ends ? completeText(scaleout, recorded.position, filled) : chunkText(scaleout, chunk, filled)
  const to = { conversationId: scaleout.conversationId, scaleoutId: scaleout.id }
  const replies = [postRow(to, { text }), ...(announcement ? [progressRow(announcement, scaleout)] : [])]
  await recordChunkFill(trx, { order, fill, recorded, chunk, scaleout, replies, at })
  if (postponeMs > 0) await postponeChunksBehind(trx, chunk, postponeMs)

  const watching = await appendEvent(trx, progressed(scaleout, chunk, order, filled, at))
  const conversations = [scaleout.conversationId, ...watching]
  if (ends) {
    await endScaleout(trx, scaleout, 'complete', null, at)
    conversations.push(...(await appendEvent(trx, completed(scaleout, order, at))))
  }
  const wakes = scaleout.state === 'running' && next
  return {
    replies: [],
    conversations,
    next: wakes ? { ...next, dueAt: new Date(next.dueAt.getTime() + postponeMs) } : undefined,
  }
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
    symbol: scaleout.symbol,
    accountId: scaleout.accountId,
    memberId: scaleout.memberId,
    positionId: scaleout.positionId,
    scaleoutId: scaleout.id,
    conversationId: scaleout.conversationId,
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

function progressRow(announcement: Announcement, scaleout: Scaleout) {
  const to = { conversationId: scaleout.conversationId, scaleoutId: scaleout.id }
  return editRow(to, announcement.row, announcementText(announcement.text, scaleout))
}

function progressed(scaleout: Scaleout, chunk: Chunk, order: Order, filled: Filled, at: Date) {
  return {
    type: 'scaleout_progress' as const,
    data: {
      chunk: chunk.number,
      chunks: scaleout.chunkCount,
      side: order.side,
      quantity: filled.quantity.toFixed(),
      price: filled.price.toFixed(),
      realizedPnl: filled.realizedPnl.toFixed(),
      remaining: scaleout.totalQuantity.minus(scaleout.soldQuantity).toFixed(),
      totalPnl: scaleout.realizedPnl.toFixed(),
    },
    ...about(order, scaleout),
    at,
    dedupeKey: `chunk-${chunk.id}`,
  }
}

function completed(scaleout: Scaleout, order: Order, at: Date) {
  const { side, decisionPrice, soldQuantity, proceeds } = scaleout
  return {
    type: 'scaleout_complete' as const,
    data: {
      side,
      quantity: soldQuantity.toFixed(),
      chunks: scaleout.doneChunks,
      totalPnl: scaleout.realizedPnl.toFixed(),
      shortfall: implementationShortfall(side, decisionPrice, soldQuantity, proceeds).total.toFixed(),
    },
    ...about(order, scaleout),
    at,
    dedupeKey: `scaleout-${scaleout.id}-ended`,
  }
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
