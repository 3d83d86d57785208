import type { Reply } from '../../chat/reply.ts'
import type { Trx } from '../../db/client.ts'
import { appendEvent } from '../../ledger/events.ts'
import { endOpening } from '../../ledger/opening-orders.ts'
import { isLive, type OpeningOrder, type Order, rejectOrder } from '../../ledger/orders.ts'
import type { PostedBy } from '../../ledger/replies.ts'
import { type Standing, VenueError, type VenueOrder } from '../../venue/venue.ts'
import { answered } from '../answered.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { about } from '../record.ts'
import { failChunk } from '../scaleouts/chunk-error.ts'
import { recordChunk } from '../scaleouts/record-chunk.ts'
import { type Told, tell } from '../tell.ts'
import { rejectedText, unknownText } from './order-text.ts'
import { type LockedOrder, lockAny, recordStanding } from './standing.ts'

/** A call that takes longer has no answer; what it comes to is asked for. */
const patienceMs = 3000

/** How a try at an order went: it has an end, rests at the venue, or is to be asked for again. */
export type Settled = { outcome: Standing['state'] | 'rejected' | 'unknown'; replies: Reply[] }

interface Trying {
  /** An earlier try may have reached the venue. */
  triedBefore: boolean
  postedBy: PostedBy
  /** Of a chunk: the try at it that this is. */
  attempt?: number
}

/**
 * Takes a committed, working order on: sends it, or, when an earlier try may have reached the venue, asks for it by its id
 * first. Never sends an order twice. What the venue does not answer stays unknown, and working.
 */
export async function settleOrder(parts: Parts, order: Order | OpeningOrder, options: Trying): Promise<Settled> {
  let standing: Standing
  try {
    standing =
      (options.triedBefore ? await answered(parts.venue.find(order.clientOrderId), patienceMs) : undefined) ??
      (await send(parts, order))
    if (standing.state !== 'filled' && isOfChunk(order))
      throw new VenueError('rejected', `the venue says that the order is ${standing.state}`)
  } catch (cause) {
    const error = cause instanceof VenueError ? cause : new VenueError('unknown', 'the venue did not answer', cause)
    parts.log.warn({ err: cause, order: order.id, outcome: error.outcome }, 'order did not go through')
    const replies = await recordFailure(parts, order, error, options)
    return { outcome: error.outcome, replies }
  }
  if (isOfChunk(order) && standing.state === 'filled') {
    await recordChunk(parts, { order, chunkId: order.chunkId, fill: standing.fill })
    return { outcome: 'filled', replies: [] }
  }
  return { outcome: standing.state, replies: await recordStanding(parts, order, standing, options) }
}

/**
 * Sends an order. What the venue refuses is taken back there before it counts as refused: somebody else may be sending it
 * at this moment, to a venue that has changed its mind meanwhile.
 */
async function send({ venue }: Parts, order: Order | OpeningOrder): Promise<Standing> {
  try {
    return await answered(venue.submit(toVenue(order)), patienceMs)
  } catch (cause) {
    if (!(cause instanceof VenueError) || cause.outcome !== 'rejected') throw cause
    const end = await answered(venue.cancel(order.clientOrderId), patienceMs)
    if (end.state === 'cancelled') throw cause
    return end
  }
}

function toVenue({ clientOrderId, symbol, side, quantity, limit }: Order | OpeningOrder): VenueOrder {
  return { clientOrderId, symbol, side, quantity, limitPrice: limit?.price, expiresAt: limit?.expiresAt }
}

/** An order by which a chunk of a scaleout is sold, or bought back. */
export type OrderOfChunk = Order & { chunkId: number }

export const isOfChunk = (order: Order | OpeningOrder): order is OrderOfChunk =>
  order.purpose !== 'open' && order.chunkId !== null

async function recordFailure(
  parts: Parts,
  order: Order | OpeningOrder,
  error: VenueError,
  options: Trying,
): Promise<Reply[]> {
  if (isOfChunk(order)) {
    await failChunk(parts, order.positionId, order.chunkId, {
      message: error.message,
      attempt: options.attempt,
      rejects: error.outcome === 'rejected' ? order.id : undefined,
    })
    return []
  }
  const at = parts.clock.now()
  const unknown = error.outcome === 'unknown'
  // An order that stays unknown is said once; the fill or the refusal is the next that its thread hears of it.
  const saysSo = !unknown || !options.triedBefore
  const result = await parts.db.transaction().execute(async (trx): Promise<Told> => {
    const current = await lockAny(trx, order)
    if (!isLive(current.order)) return { replies: [], conversations: [] }
    if (!unknown) await reject(trx, current, error.message)
    if (!saysSo) return { replies: [], conversations: [] }
    const text = unknown ? unknownText(order) : rejectedText(order, error.message)
    const told = await tell(trx, order, text, options, at)
    const watching = await appendEvent(trx, {
      type: 'order_error',
      data: {
        purpose: order.purpose === 'chunk' || order.purpose === 'record' ? 'trim' : order.purpose,
        error: error.message,
      },
      ...about(order),
      at,
      dedupeKey: `order-${order.id}-${error.outcome}`,
    })
    return { ...told, conversations: [...watching, ...told.conversations] }
  })
  await wakeReplies(parts, result.conversations)
  return result.replies
}

async function reject(trx: Trx, { order, position }: LockedOrder, because: string): Promise<void> {
  if (order.purpose === 'open') await endOpening(trx, order, { state: 'rejected', rejected_because: because })
  else await rejectOrder(trx, order, position!, because)
}
