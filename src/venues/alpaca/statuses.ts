import type { VenueOrderState } from '../venue.ts'

const ends: Record<string, VenueOrderState> = {
  filled: 'filled',
  canceled: 'cancelled',
  cancelled: 'cancelled',
  expired: 'expired',
  rejected: 'refused',
}

/**
 * The state of an order by Alpaca's status. Every other status works: `new`, `accepted`, `held`, `pending_cancel`, `suspended`,
 * `stopped`, `done_for_day` and `calculated` (the rest of a day order ends later with a status of its own), `replaced` (its
 * successor tells), and all that Alpaca may add.
 */
export function stateOf(status: string): VenueOrderState {
  return ends[status] ?? 'working'
}
