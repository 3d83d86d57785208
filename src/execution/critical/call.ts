import { type ClosingOrder, noteCall, noteCallEnded } from '../../ledger/closings.ts'
import { type Standing, VenueError, type VenueFill } from '../../venue/venue.ts'
import { answered } from '../answered.ts'
import type { Parts } from '../parts.ts'
import { longestCallMs } from './place.ts'

/** The fill of an order, if the venue has one. Throws when it does not say. */
export async function askVenue(parts: Parts, order: ClosingOrder): Promise<VenueFill | undefined> {
  const standing = await answered(parts.venue.find(order.clientOrderId))
  return standing && fillIn(standing)
}

/** Sees to it that the venue never fills an order; the fill, if that was sooner. Throws when it does not say. */
export async function takeFromVenue(parts: Parts, order: ClosingOrder): Promise<VenueFill | undefined> {
  const end = await answered(parts.venue.cancel(order.clientOrderId))
  return end.state === 'filled' ? end.fill : undefined
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
  try {
    return fillIn(await answered(parts.venue.submit(order)))
  } catch (cause) {
    // A call that is still on its way is unknown, and not refused.
    const isRefused = cause instanceof VenueError && cause.outcome === 'rejected'
    if (isRefused && call.isAlone) await noteCallEnded(parts.db, order.id, until)
    throw cause
  }
}

/** An order at the market is filled at once, or not at all. */
function fillIn(standing: Standing): VenueFill {
  if (standing.state === 'filled') return standing.fill
  throw new VenueError('rejected', `the venue says that the order is ${standing.state}`)
}
