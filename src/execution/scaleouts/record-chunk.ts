import { addChunkFill, type ChunkFill, recordChunkFills } from '../../ledger/chunk-fill.ts'
import { type ChunkInPlace, lockChunks } from '../../ledger/chunks.ts'
import { applyFill, type Order } from '../../ledger/orders.ts'
import { lockPositions } from '../../ledger/positions.ts'
import { postRow } from '../../ledger/replies.ts'
import type { Scaleout } from '../../ledger/scaleouts.ts'
import { appendWatchEvents, type KeyedEvent } from '../../ledger/watch-events.ts'
import { together } from '../../together.ts'
import { implementationShortfall } from '../../trading/shortfall.ts'
import type { VenueFill } from '../../venue/venue.ts'
import { oncePer, type Parts, wakeChunk, wakeReplies } from '../parts.ts'
import { about, progressRow } from '../record.ts'
import { tellGroups } from './group.ts'
import { chunkText, completeText, leftOf } from './text.ts'

/** A chunk is late when it is done this many planned milliseconds after it was due; then the ones behind it move too. */
const lateMs = 1000

/** A chunk whose order the venue filled. */
interface FilledChunk {
  order: Order
  chunkId: number
  fill: VenueFill
}

/** What has to be woken after the commit. */
interface Recorded {
  conversations: number[]
  next?: ChunkInPlace['next']
}

const recording = oncePer((parts: Parts) => together((filled: FilledChunk[]) => recordAll(parts, filled)))

/**
 * Records the fill of a chunk's order once, with all that follows from it, and puts the next chunk on the clock. Chunks
 * that are filled at the same time are recorded together.
 */
export async function recordChunk(parts: Parts, filled: FilledChunk): Promise<void> {
  const { next, conversations } = await recording(parts)(filled)
  await Promise.all([next && wakeChunk(parts, next), wakeReplies(parts, conversations)])
}

/**
 * In one transaction: the positions move, the scaleouts move on or are complete, the events are appended, the replies
 * are queued. What is recorded already changes nothing.
 */
async function recordAll(parts: Parts, filled: FilledChunk[]): Promise<Recorded[]> {
  return parts.db.transaction().execute(async (trx) => {
    const positionIds = filled.map(({ order }) => order.positionId)
    await lockPositions(trx, positionIds)
    const locked = await lockChunks(
      trx,
      filled.map(({ chunkId }) => chunkId),
    )
    const at = parts.clock.now()
    const results: Recorded[] = filled.map(() => ({ conversations: [] }))
    const fills: ChunkFill[] = []
    const events: KeyedEvent[] = []
    for (const [index, { order, chunkId, fill }] of filled.entries()) {
      const place = locked.get(chunkId)
      if (place?.workingOrder !== order.id) continue
      locked.delete(chunkId) // the same fill twice in a batch counts once
      const done = fillOf(place, order, fill, at, lateMs / parts.clock.scale)
      fills.push(done)
      events.push(...eventsOf(done, at))
      results[index] = { conversations: [done.scaleout.conversationId], next: nextOf(done, place.next) }
    }
    if (fills.length === 0) return results
    await recordChunkFills(trx, fills, at)
    const groups = [...new Set(fills.flatMap(({ scaleout }) => scaleout.groupId ?? []))]
    const told = await tellGroups(trx, groups, at, { isStep: true })
    const { conversations } = await appendWatchEvents(trx, events)
    results[0]!.conversations.push(...told, ...conversations)
    return results
  })
}

/** What a fill makes of its chunk's scaleout, and what is said of it. */
function fillOf(place: ChunkInPlace, order: Order, fill: VenueFill, at: Date, lateMs: number): ChunkFill {
  const { position, chunk, next, announcement } = place
  const recorded = applyFill(order, position, fill)
  const filled = { quantity: fill.quantity, price: fill.price, realizedPnl: recorded.realizedPnl }
  const sold = addChunkFill(place.scaleout, filled)
  const ends = sold.state === 'running' && (next === undefined || recorded.position.signedQuantity.eq(0))
  const scaleout: Scaleout = ends ? { ...sold, state: 'complete' } : sold
  const lateness = at.getTime() - chunk.dueAt.getTime()
  const to = { conversationId: scaleout.conversationId, scaleoutId: scaleout.id }
  const text = ends
    ? completeText(scaleout, recorded.position, filled)
    : chunkText(scaleout, recorded.position, chunk, filled)
  return {
    order,
    fill,
    recorded,
    chunk,
    scaleout,
    postponeMs: scaleout.state === 'running' && lateness > lateMs ? lateness : 0,
    replies: isToldByGroup(scaleout)
      ? []
      : [postRow(to, { text }), ...(announcement ? [progressRow(announcement, scaleout)] : [])],
  }
}

/** One message tells of scaleouts that were asked for together; what is filled after the end of one is told by itself. */
function isToldByGroup({ groupId, state }: Scaleout): boolean {
  return groupId !== null && (state === 'running' || state === 'complete')
}

/** The chunk that goes on the clock. */
function nextOf({ scaleout, postponeMs }: ChunkFill, next: ChunkInPlace['next']): ChunkInPlace['next'] {
  if (scaleout.state !== 'running') return undefined
  return next && { ...next, dueAt: new Date(next.dueAt.getTime() + postponeMs) }
}

function eventsOf(done: ChunkFill, at: Date): KeyedEvent[] {
  return done.scaleout.state === 'complete' ? [progressed(done, at), completed(done, at)] : [progressed(done, at)]
}

function progressed({ scaleout, chunk, order, fill, recorded }: ChunkFill, at: Date): KeyedEvent {
  return {
    type: 'scaleout_progress',
    data: {
      chunk: chunk.number,
      chunks: scaleout.chunkCount,
      side: order.side,
      quantity: fill.quantity.toFixed(),
      price: fill.price.toFixed(),
      realizedPnl: recorded.realizedPnl.toFixed(),
      remaining: leftOf(scaleout, recorded.position).toFixed(),
      totalPnl: scaleout.realizedPnl.toFixed(),
    },
    ...about(order, scaleout),
    at,
    dedupeKey: `chunk-${chunk.id}`,
  }
}

function completed({ scaleout, order }: ChunkFill, at: Date): KeyedEvent {
  const { side, decisionPrice, soldQuantity, proceeds } = scaleout
  return {
    type: 'scaleout_complete',
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
