import { sql } from 'kysely'
import type { Db } from '../../infra/db/client.ts'
import type { CredentialKeys } from './credential-keys.ts'
import { VaultError, wrapAnew } from './vault.ts'

/** The result of a rotation: rows that are wrapped anew, rows that were so before, and accounts whose rows did not open. */
export interface Rotated {
  wrapped: number
  already: number
  failed: { venue: string; account: string; because: string }[]
}

/** Rows in one transaction. */
const atOnce = 100

interface Row {
  id: number
  venue: string
  account: string
  mode: 'paper' | 'live'
  key_id: string
  wrapped_key: Buffer
  sealed: Buffer
}

/** The tables with sealed credentials, and how their rows are read. */
const tables = [
  {
    name: sql.table('venue_credentials'),
    id: sql.ref('account_id'),
    rows: sql`select c.account_id as id, a.venue, a.venue_account as account, a.mode, c.key_id, c.wrapped_key, c.sealed
      from venue_credentials c join accounts a on a.id = c.account_id`,
    locked: sql`of c`,
    key: sql.ref('c.key_id'),
    at: sql.ref('c.account_id'),
  },
  {
    name: sql.table('link_requests'),
    id: sql.ref('id'),
    rows: sql`select r.id, r.venue, r.venue_account as account, r.mode, r.key_id, r.wrapped_key, r.sealed from link_requests r`,
    locked: sql`of r`,
    key: sql.ref('r.key_id'),
    at: sql.ref('r.id'),
  },
]

/**
 * Wraps the key of every stored row with the first key of the environment, in batches. Rows that have it already are left alone, so
 * it may be stopped and run again. Throws `VaultError` without a first key.
 */
export async function rotateKeys(db: Db, keys: CredentialKeys): Promise<Rotated> {
  const { first } = keys
  if (!first) throw new VaultError('CREDENTIALS_KEYS is not set: there is no key to wrap with')
  const result: Rotated = { wrapped: 0, already: 0, failed: [] }
  for (const { name, id, rows: selected, locked, key, at } of tables) {
    const { rows: before } = await sql<{ count: number }>`
      select count(*) from ${name} where key_id = ${first.id}`.execute(db)
    result.already += before[0]!.count
    for (let after = 0, isMore = true; isMore; ) {
      const batch = await db.transaction().execute(async (trx) => {
        const { rows } = await sql<Row>`
          ${selected} where ${key} <> ${first.id} and ${at} > ${after} order by ${at} limit ${atOnce} for update ${locked}`.execute(
          trx,
        )
        for (const row of rows) {
          try {
            const { keyId, wrappedKey } = wrapAnew(
              keys,
              { keyId: row.key_id, wrappedKey: row.wrapped_key, sealed: row.sealed },
              { venue: row.venue, account: row.account, mode: row.mode },
            )
            await sql`
              update ${name} set key_id = ${keyId}, wrapped_key = ${wrappedKey} where ${id} = ${row.id}`.execute(trx)
            result.wrapped += 1
          } catch (cause) {
            if (!(cause instanceof VaultError)) throw cause
            result.failed.push({ venue: row.venue, account: row.account, because: cause.message })
          }
        }
        return rows
      })
      after = batch.at(-1)?.id ?? after
      isMore = batch.length === atOnce
    }
  }
  return result
}
