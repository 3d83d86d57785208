import type { Venue } from './venue.ts'

/** Where an account trades, and how it is called there. */
export interface AtVenue {
  venue: Venue
  account: string
}

/** The venues of a desk. */
export interface Venues {
  /** Where an account trades. */
  of(accountId: number): Promise<AtVenue>
  all(): Venue[]
}

/** A desk with one venue, where accounts have the desk's own numbers. */
export function oneVenue(venue: Venue): Venues {
  return { of: async (accountId) => ({ venue, account: String(accountId) }), all: () => [venue] }
}
