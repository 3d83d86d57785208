import type { Reply } from '../chat/reply.ts'
import { appendEvent } from '../ledger/events.ts'
import { lockOrder, type Order, rejectOrder } from '../ledger/orders.ts'
import { type PostedBy, queueReply } from '../ledger/replies.ts'
import { VenueError, type VenueFill } from '../venue/venue.ts'
import { failChunk } from './chunk-error.ts'
import { rejectedText, unknownText } from './order-text.ts'
import { type Parts, wakeReplies } from './parts.ts'
import { about, recordExit } from './record.ts'
import { recordChunk } from './record-chunk.ts'

/** How a try at an order went: done either way, or to be asked for again. */
export type Settled = { outcome: 'filled' | 'rejected' | 'unknown'; replies: Reply[] }

/**
 * Takes a committed, working order to its end: sends it, or, when an earlier try may have reached the venue, asks for
 * it by its id first. Never sends an order twice. What the venue does not answer stays unknown, and working.
 */
export async function settleOrder(
  parts: Parts,
  order: Order,
  options: { triedBefore: boolean; postedBy: PostedBy },
): Promise<Settled> {
  let fill: VenueFill
  try {
    fill =
      (options.triedBefore ? await parts.venue.find(order.clientOrderId) : undefined) ??
      (await parts.venue.submit(order))
  } catch (cause) {
    const error = cause instanceof VenueError ? cause : new VenueError('unknown', 'the venue did not answer', cause)
    parts.log.warn({ err: cause, order: order.id, outcome: error.outcome }, 'order did not go through')
    const replies = await recordFailure(parts, order, error, options)
    return { outcome: error.outcome, replies }
  }
  if (order.chunkId === null) {
    return { outcome: 'filled', replies: await recordExit(parts, order, fill, options.postedBy) }
  }
  await recordChunk(parts, { order, chunkId: order.chunkId, fill })
  return { outcome: 'filled', replies: [] }
}

async function recordFailure(
  parts: Parts,
  order: Order,
  error: VenueError,
  options: { triedBefore: boolean; postedBy: PostedBy },
): Promise<Reply[]> {
  if (order.chunkId !== null) {
    await failChunk(parts, order.positionId, order.chunkId, {
      message: error.message,
      rejects: error.outcome === 'rejected' ? order.id : undefined,
    })
    return []
  }
  const at = parts.clock.now()
  const unknown = error.outcome === 'unknown'
  // An order that stays unknown is said once; the fill or the refusal is the next that its thread hears of it.
  const saysSo = !unknown || !options.triedBefore
  const result = await parts.db.transaction().execute(async (trx) => {
    const { order: current, position } = await lockOrder(trx, order.id)
    if (current.state !== 'working') return { replies: [], conversations: [] }
    if (!unknown) await rejectOrder(trx, current, position, error.message)
    if (!saysSo) return { replies: [], conversations: [] }
    const to = { conversationId: order.conversationId, at }
    const reply = await queueReply(
      trx,
      to,
      { text: unknown ? unknownText(order) : rejectedText(order, error.message) },
      options.postedBy,
    )
    const watching = await appendEvent(trx, {
      type: 'order_error',
      data: { purpose: order.purpose === 'close' ? 'close' : 'trim', error: error.message },
      ...about(order),
      at,
      dedupeKey: `order-${order.id}-${error.outcome}`,
    })
    return {
      replies: [reply],
      conversations: [...watching, ...(options.postedBy === 'outbox' ? [order.conversationId] : [])],
    }
  })
  await wakeReplies(parts, result.conversations)
  return result.replies
}
