import type { Venue } from '../../../src/venues/venue.ts'

/** What a venue does that the port does not promise against, and that its customers live with. */
export interface Deviations {
  /** Something may be filled after an end was reported. */
  lateFills?: boolean
  /** More may be filled than was ordered. */
  overfills?: boolean
  /** An order with a limit may be filled worse than it. */
  worseFills?: boolean
  /** A fill may be shown twice under its id. */
  repeatedFills?: boolean
  /** A fill may come onto the list after later ones. */
  lateInLists?: boolean
}

/** A venue as the contract needs it: with a market that the contract moves, and accounts that nobody else uses. */
export interface VenueUnderTest {
  venue: Venue
  /** They can trade, and have neither orders nor positions. */
  accounts: readonly [string, string]
  /** Traded in whole units at any price of whole cents. Without a price until the contract sets one. */
  symbols: readonly [string, string]
  notTraded: string
  /** An id that no order of the venue has. */
  newClientOrderId(): string
  /** Sets bid and ask, in dollars. */
  setPrice(symbol: string, bid: string, ask: string): void | Promise<void>
  /** Resolves when everything has happened that comes by itself at these prices: parts, late answers, what comes of a wish. */
  settle(): Promise<void>
  /** The venue's time. */
  now(): Date
  /** Lets so much of the venue's time pass. */
  letPass(milliseconds: number): void | Promise<void>
  /** Its time stands still but for `settle` and `letPass`: what is answered late is answered only then. */
  isTimeByHand?: boolean
  deviations?: Deviations
  close(): Promise<void>
}
