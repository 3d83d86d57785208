import { inFlightQuantity, type Position } from '../../positions/rows/positions.ts'
import type { ClosingPurpose } from '../rows/closings.ts'

/** The reason why a scaleout, or any other exit of the position, ended. */
export const becauseOf: Record<ClosingPurpose, string> = {
  stop: 'the stop was hit',
  target: 'the target was hit',
  breaker: 'the circuit breaker tripped',
}

/** The missing act of the venue, when other orders hold all of a position. */
export function notYetOf(position: Position): string {
  return inFlightQuantity(position).gt(0) ? 'has not confirmed' : 'has not given back'
}
