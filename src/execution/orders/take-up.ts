import { findOrder, isLive, type OpeningOrder, type Order } from '../../ledger/orders.ts'
import type { VenueFill } from '../../venue/venue.ts'
import { answered } from '../answered.ts'
import type { Parts } from '../parts.ts'
import { endOrder } from './end-order.ts'
import { settleOrder } from './settle.ts'
import { recordStanding } from './standing.ts'

const outbox = { postedBy: 'outbox' as const }

/**
 * Takes up an order that has no outcome: ends it when somebody wants that or its time is over, and otherwise asks the
 * venue what became of it. Answers whether there is still something to ask. Throws when a server does not answer.
 */
export async function takeUpOrder(parts: Parts, order: Order | OpeningOrder): Promise<{ isOpen: boolean }> {
  if (!isLive(order)) return { isOpen: false }
  if (isToEnd(parts, order)) {
    const { outcome } = await endOrder(parts, order, outbox)
    return { isOpen: outcome === 'unknown' }
  }
  if (order.state === 'resting') {
    await askFor(parts, order)
    return { isOpen: false }
  }
  const { outcome } = await settleOrder(parts, order, { triedBefore: true, ...outbox })
  return { isOpen: outcome === 'unknown' }
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
  const { cancelAskedAt, limit, purpose } = order
  if (cancelAskedAt) return true
  if (purpose === 'open' && !limit) return true
  return limit?.expiresAt !== undefined && limit.expiresAt <= parts.clock.now()
}
