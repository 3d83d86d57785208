import type { VenueOrderState } from '../venue.ts'
import type { TsOrder } from './payloads.ts'

const ends: Record<string, VenueOrderState> = {
  FLL: 'filled',
  // Filled in part, and out.
  FLP: 'cancelled',
  CAN: 'cancelled',
  OUT: 'cancelled',
  TSC: 'cancelled',
  SCN: 'cancelled',
  EXP: 'expired',
  REJ: 'refused',
}

/**
 * Statuses whose names do not say whether the order lives on: a change that was rejected, one half of a group that ended the other, a
 * broken or dead order, an order that was replaced. The order has ended when TradeStation names a time for it.
 */
const perhaps = new Set(['RJR', 'BRC', 'BRF', 'BRO', 'DOA', 'UCH'])

/**
 * The state of an order by TradeStation's status. Every other status works: `ACK`, `FPR`, `DON` (queued for the next session), `UCN`, and
 * all that TradeStation may add. Fills say nothing about it: they also come with `ACK`.
 */
export function stateOf({ Status, ClosedDateTime }: Pick<TsOrder, 'Status' | 'ClosedDateTime'>): VenueOrderState {
  if (perhaps.has(Status)) return ClosedDateTime ? 'cancelled' : 'working'
  return ends[Status] ?? 'working'
}
