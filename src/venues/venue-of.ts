import { sql } from 'kysely'
import { together } from '../base/together.ts'
import type { Db } from '../infra/db/client.ts'
import type { Venue } from './venue.ts'

/** Where an account trades, and how it is called there. */
export interface AtVenue {
  venue: Venue
  account: string
}

/** The venues of a desk. */
export interface Venues {
  /** Where an account trades; that never changes. Throws when the desk has no such venue. */
  of(accountId: number): Promise<AtVenue>
  all(): Venue[]
}

/** The venues of a desk by the names that accounts have for them. What the database said of an account is kept. */
export function createVenues(db: Db, byName: Record<string, Venue>): Venues {
  const known = new Map<number, AtVenue>()
  const read = together(async (accountIds: number[]) => {
    const rows = await db
      .selectFrom('accounts')
      .select(['id', 'venue', 'venue_account'])
      .where(sql<boolean>`id = any(${accountIds}::bigint[])`)
      .execute()
    const byId = new Map(rows.map((row) => [row.id, row]))
    return accountIds.map((id) => byId.get(id))
  })
  return {
    all: () => Object.values(byName),
    async of(accountId) {
      const before = known.get(accountId)
      if (before) return before
      const row = await read(accountId)
      if (!row) throw new Error(`There is no account ${accountId}`)
      const venue = byName[row.venue]
      if (!venue) throw new Error(`Account ${accountId} trades at ${row.venue}, which this desk does not have`)
      // A venue that is the desk's own calls accounts as the desk does.
      const there: AtVenue = { venue, account: row.venue_account ?? String(accountId) }
      known.set(accountId, there)
      return there
    },
  }
}
