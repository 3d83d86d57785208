import { setTimeout as wait } from 'node:timers/promises'
import { type ClosingOrder, noteCall, noteCallEnded } from '../ledger/closings.ts'
import { VenueError, type VenueFill } from '../venue/venue.ts'
import { longestCallMs } from './critical-place.ts'
import type { Parts } from './parts.ts'

/** A venue that has not answered after this long is asked again; what it says later is found then. */
const patienceMs = 1000

/** The fill of an order, if the venue has one. Throws when it does not say. */
export function askVenue(parts: Parts, order: ClosingOrder): Promise<VenueFill | undefined> {
  return answered(parts.venue.find(order.clientOrderId))
}

/**
 * Sends an order, as often as needed: the venue takes it once. `callingUntil` is given for an order that was committed
 * with it just now; else it is noted that a call begins. Throws when there is no fill, with the reason.
 */
export async function sendToVenue(parts: Parts, order: ClosingOrder, callingUntil?: Date): Promise<VenueFill> {
  const at = parts.clock.now()
  const until = callingUntil ?? new Date(at.getTime() + longestCallMs)
  const call = callingUntil ? { isAlone: true } : await noteCall(parts.db, order.id, until, at)
  if (!call) throw new VenueError('unknown', 'the order is not sent any more')
  const sent = parts.venue.submit(order)
  let isOver = false
  const over = () => {
    isOver = true
  }
  sent.then(over, over)
  try {
    return await answered(sent)
  } catch (cause) {
    const isRefused = isOver && cause instanceof VenueError && cause.outcome === 'rejected'
    if (isRefused && call.isAlone) await noteCallEnded(parts.db, order.id, until)
    throw cause
  }
}

async function answered<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const late = new AbortController()
  try {
    return await Promise.race([answer, silence(late.signal)])
  } finally {
    late.abort()
  }
}

async function silence(signal: AbortSignal): Promise<never> {
  await wait(patienceMs, undefined, { signal }).catch(() => {})
  throw new VenueError('unknown', 'the venue does not answer')
}
