import type Big from 'big.js'
import type { Side } from '../trading/position.ts'

/** An order, at the market or with a limit. The venue takes it once for each `clientOrderId`, however often it is sent. */
export interface VenueOrder {
  clientOrderId: string
  symbol: string
  side: Side
  quantity: Big
  /** Dollars a unit: sold at this or more, bought at this or less. The order rests until the market gets there; without one it is filled at once. */
  limitPrice?: Big
  /** From then on a resting order is not filled any more; it rests until it is cancelled. */
  expiresAt?: Date
}

/** One execution of an order: the whole of it. */
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

/** How an order stands at the venue. `filled` and `cancelled` are for good. */
export type Standing =
  | { state: 'filled'; fill: VenueFill }
  /** It rests with this limit, in dollars a unit. */
  | { state: 'working'; limitPrice: Big }
  /** It was not filled and never will be. */
  | { state: 'cancelled' }

/** Hears of fills of resting orders. It may miss some: whoever waits for one also asks with `find`. */
export interface FillListener {
  filled(fill: VenueFill): void
  /** The venue could not be heard for a moment. */
  failed(cause: unknown): void
}

/** Where orders go. Orders are filled whole. Everything here may be called again with the same words and is then done once. */
export interface Venue {
  name: string
  /** Takes the order, or answers with how the order of this `clientOrderId` stands. Throws `VenueError`. */
  submit(order: VenueOrder): Promise<Standing>
  /** How an order stands; undefined when the venue never heard of it. */
  find(clientOrderId: string): Promise<Standing | undefined>
  /**
   * Sees to it that an order is not filled from here on, even one that has not reached the venue yet, and answers with
   * how it ended: `cancelled`, or `filled` when that was sooner. Throws `VenueError`: then ask again.
   */
  cancel(clientOrderId: string): Promise<Exclude<Standing, { state: 'working' }>>
  /** Gives a resting order another limit, and answers with how it stands: one that has ended stays as it is. Throws `VenueError`. */
  move(clientOrderId: string, limitPrice: Big): Promise<Standing>
  /** Calls back with fills of resting orders until what it answers with is called. */
  subscribe(listener: FillListener): () => void
}

/** The venue did not fill an order. */
export class VenueError extends Error {
  /** `rejected`: this call was not taken; `cancel` sees to it that no other with its id is. `unknown`: ask with `find` before anything else. */
  readonly outcome: 'rejected' | 'unknown'

  constructor(outcome: 'rejected' | 'unknown', message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'VenueError'
    this.outcome = outcome
  }
}
