import type Big from 'big.js'
import type { Side } from '../trading/position.ts'

/** A market order. The venue sends it once for each `clientOrderId`, however often it is asked. */
export interface VenueOrder {
  clientOrderId: string
  symbol: string
  side: Side
  quantity: Big
}

/** One execution of an order. */
export interface VenueFill {
  venueFillId: string
  clientOrderId: string
  quantity: Big
  /** Dollars per unit. */
  price: Big
  /** Dollars for the whole fill; positive is cost. */
  commission: Big
  filledAt: Date
}

/** Where orders go. */
export interface Venue {
  name: string
  /** Fills the order, or answers with the fill that this `clientOrderId` already had. Throws `VenueError`. */
  submit(order: VenueOrder): Promise<VenueFill>
  /** What became of an order whose outcome is not known; undefined when the venue never took it. */
  find(clientOrderId: string): Promise<VenueFill | undefined>
}

/** The venue did not fill an order. */
export class VenueError extends Error {
  /** `rejected`: it was not and will not be filled. `unknown`: ask with `find` before anything else. */
  readonly outcome: 'rejected' | 'unknown'

  constructor(outcome: 'rejected' | 'unknown', message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'VenueError'
    this.outcome = outcome
  }
}
