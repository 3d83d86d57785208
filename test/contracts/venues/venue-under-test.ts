import type { Venue } from '../../../src/venues/venue.ts'

/** Deviations of a venue from the port's promises that its customers must handle. */
export interface Deviations {
  /** A fill may come after the reported end. */
  lateFills?: boolean
  /** More may be filled than was ordered. */
  overfills?: boolean
  /** An order may be filled at a price worse than its limit. */
  worseFills?: boolean
  /** A fill may be shown twice under its id. */
  repeatedFills?: boolean
  /** A fill may appear on the list after later ones. */
  lateInLists?: boolean
  /** It does not know the time at which an order is to end, so its customer cancels. */
  untimed?: boolean
  /** No order turns a position round, or trades against another that rests in the same symbol. */
  turnsNothing?: boolean
}

/** A venue under the contract: its market is moved by the contract, and its accounts have no other users. */
export interface VenueUnderTest {
  venue: Venue
  /** Accounts that can trade, without orders or positions. */
  accounts: readonly [string, string]
  /** Symbols that trade in whole units at any price of whole cents. They have no price until the contract sets one. */
  symbols: readonly [string, string]
  notTraded: string
  /** A new id that no order of the venue has. */
  newClientOrderId(): string
  /** Sets bid and ask, in dollars. */
  setPrice(symbol: string, bid: string, ask: string): void | Promise<void>
  /** Resolves when everything has happened that comes by itself at these prices: parts, late answers, results of requests. */
  settle(): Promise<void>
  /** The venue's time. */
  now(): Date
  /** Lets this much of the venue's time pass. */
  letPass(milliseconds: number): void | Promise<void>
  /** Its time stands still except in `settle` and `letPass`: late answers come only then. */
  isTimeByHand?: boolean
  deviations?: Deviations
  close(): Promise<void>
}
