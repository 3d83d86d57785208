import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Db, Trx } from '../../infra/db/client.ts'
import type { Sealed } from './vault.ts'

/** The stored credentials of a linked account. */
export interface Kept extends Sealed {
  accountId: number
  /** The venue's id of the account. */
  account: string
  mode: 'paper' | 'live'
  expiresAt?: Date
  /** The venue took the credentials no more at this moment, in these words. */
  refusedAt?: Date
  refusedBecause?: string
}

interface KeptRow {
  account_id: number
  venue_account: string
  mode: 'paper' | 'live'
  key_id: string
  wrapped_key: Buffer
  sealed: Buffer
  expires_at: Date | null
  refused_at: Date | null
  refused_because: string | null
}

const selectKept = (venue: string, account: string, further: RawBuilder<SqlBool>) => sql<KeptRow>`
  select c.account_id, a.venue_account, a.mode, c.key_id, c.wrapped_key, c.sealed, c.expires_at, c.refused_at, c.refused_because
  from accounts a join venue_credentials c on c.account_id = a.id
  where a.venue = ${venue} and a.venue_account = ${account} and a.unlinked_at is null ${further}`

/** The credentials of an account, by the venue's id; undefined when it is not linked. */
export async function readKept(db: Db, venue: string, account: string): Promise<Kept | undefined> {
  const { rows } = await selectKept(venue, account, sql``).execute(db)
  return rows[0] && keptOf(rows[0])
}

/** The same, locked until the transaction ends: one process at a time exchanges tokens. */
export async function lockKept(trx: Trx, venue: string, account: string): Promise<Kept | undefined> {
  const { rows } = await selectKept(venue, account, sql`for update of c`).execute(trx)
  return rows[0] && keptOf(rows[0])
}

/** Keeps refreshed credentials. */
export async function keepRefreshed(
  trx: Trx,
  accountId: number,
  { keyId, wrappedKey, sealed, expiresAt, at }: Sealed & { expiresAt?: Date; at: Date },
): Promise<void> {
  await trx
    .updateTable('venue_credentials')
    .set({
      ...{ key_id: keyId, wrapped_key: wrappedKey, sealed, refused_at: null, refused_because: null },
      ...{ expires_at: expiresAt ?? null, refreshed_at: at },
    })
    .where('account_id', '=', accountId)
    .execute()
}

/** Notes that a venue refused the credentials of an account, in its words. */
export async function keepRefusal(db: Db, venue: string, account: string, words: string, at: Date): Promise<void> {
  await sql`
    update venue_credentials c set refused_at = ${at}, refused_because = ${words} from accounts a
    where a.id = c.account_id and a.venue = ${venue} and a.venue_account = ${account} and a.unlinked_at is null`.execute(
    db,
  )
}

/** The venue's ids of all its linked accounts, oldest first. */
export async function venueAccounts(db: Db, venue: string): Promise<string[]> {
  const { rows } = await sql<{ venue_account: string }>`
    select a.venue_account from accounts a join venue_credentials c on c.account_id = a.id
    where a.venue = ${venue} and a.unlinked_at is null order by a.id`.execute(db)
  return rows.map(({ venue_account }) => venue_account)
}

const keptOf = (row: KeptRow): Kept => ({
  accountId: row.account_id,
  account: row.venue_account,
  mode: row.mode,
  keyId: row.key_id,
  wrappedKey: row.wrapped_key,
  sealed: row.sealed,
  ...(row.expires_at && { expiresAt: row.expires_at }),
  ...(row.refused_at && { refusedAt: row.refused_at, refusedBecause: row.refused_because ?? '' }),
})
