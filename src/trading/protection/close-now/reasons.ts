import { inFlightQuantity, type Position } from '../../positions/rows/positions.ts'
import type { ClosingPurpose } from '../rows/closings.ts'

/** Why a scaleout, and whatever else was to sell the position, came to its end. */
export const becauseOf: Record<ClosingPurpose, string> = {
  stop: 'the stop was hit',
  target: 'the target was hit',
  breaker: 'the circuit breaker tripped',
}

/** What the venue has not done about the other orders that have all of a position. */
export function notYetOf(position: Position): string {
  return inFlightQuantity(position).gt(0) ? 'has not confirmed' : 'has not given back'
}
