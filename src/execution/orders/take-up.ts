import { findOrder, isLive, type OpeningOrder, type Order } from '../../ledger/orders.ts'
import type { VenueFill } from '../../venue/venue.ts'
import { answered } from '../answered.ts'
import type { Parts } from '../parts.ts'
import { failChunk } from '../scaleouts/chunk-error.ts'
import { recordChunk } from '../scaleouts/record-chunk.ts'
import { endOrder } from './end-order.ts'
import { isOfChunk, type OrderOfChunk, settleOrder } from './settle.ts'
import { recordStanding } from './standing.ts'

const outbox = { postedBy: 'outbox' as const }

/**
 * Takes up an order that has no outcome: ends it when somebody wants that or its time is over, and otherwise asks the
 * venue what became of it. Answers whether there is still something to ask. Throws when a server does not answer.
 */
export async function takeUpOrder(parts: Parts, order: Order | OpeningOrder): Promise<{ isOpen: boolean }> {
  if (!isLive(order)) return { isOpen: false }
  if (isOfChunk(order)) return { isOpen: !(await takeBackChunk(parts, order)) }
  if (isToEnd(parts, order)) {
    const { outcome } = await endOrder(
      parts,
      order,
      outbox,
      isEntryAtMarket(order) ? 'it was not confirmed' : undefined,
    )
    return { isOpen: outcome === 'unknown' }
  }
  if (order.state === 'resting') {
    await askFor(parts, order)
    return { isOpen: false }
  }
  const { outcome } = await settleOrder(parts, order, { triedBefore: true, ...outbox })
  return { isOpen: outcome === 'unknown' }
}

/**
 * Ends the order of a chunk whose scaleout is over, since nobody else would look after it: what did not reach the venue
 * is not sent any more. False when the venue does not say.
 */
async function takeBackChunk(parts: Parts, order: OrderOfChunk): Promise<boolean> {
  const { chunkId, positionId } = order
  const end = await answered(parts.venue.cancel(order.clientOrderId)).catch((cause) => {
    parts.log.warn({ err: cause, order: order.id }, 'the venue did not take back the order of a chunk')
  })
  if (!end) return false
  if (end.state === 'filled') await recordChunk(parts, { order, chunkId, fill: end.fill })
  else await failChunk(parts, positionId, chunkId, { message: 'it never got there', rejects: order.id })
  return true
}

/** Asks how an order stands that rests at the venue, as far as the desk knows, and writes down what is new. */
export async function askFor(parts: Parts, order: Order | OpeningOrder): Promise<void> {
  const standing = await answered(parts.venue.find(order.clientOrderId))
  if (standing?.state === 'working' && order.limit?.price.eq(standing.limitPrice)) return
  await recordStanding(parts, order, standing ?? (await answered(parts.venue.cancel(order.clientOrderId))), outbox)
}

/** The venue filled an order that rested. */
export async function venueFilled(parts: Parts, fill: VenueFill): Promise<void> {
  const order = await findOrder(parts.db, fill.clientOrderId)
  if (order) await recordStanding(parts, order, { state: 'filled', fill }, outbox)
}

/**
 * Is this an order that is not to be filled any more? One at the market that opens is sent once: what did not reach the
 * venue then is taken back, since its price was of then.
 */
export function isToEnd(parts: Pick<Parts, 'clock'>, order: Order | OpeningOrder): boolean {
  const { cancelAskedAt, limit } = order
  if (cancelAskedAt || isEntryAtMarket(order)) return true
  return limit?.expiresAt !== undefined && limit.expiresAt <= parts.clock.now()
}

const isEntryAtMarket = ({ purpose, limit }: Order | OpeningOrder) => purpose === 'open' && !limit
