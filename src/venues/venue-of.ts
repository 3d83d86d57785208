import { sql } from 'kysely'
import { together } from '../base/together.ts'
import type { Db } from '../infra/db/client.ts'
import type { Venue } from './venue.ts'

/** The venue of an account, and the account's name there. */
export interface AtVenue {
  venue: Venue
  account: string
}

/** The venues of a desk. */
export interface Venues {
  /** The venue of an account; it never changes. Throws when the desk has no such venue. */
  of(accountId: number): Promise<AtVenue>
  all(): Venue[]
}

/** The venues of a desk by the names that accounts use. The rows of accounts are cached. */
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
      // The desk's own venue names accounts as the desk does.
      const there: AtVenue = { venue, account: row.venue_account ?? String(accountId) }
      known.set(accountId, there)
      return there
    },
  }
}
