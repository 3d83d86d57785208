import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'

/** The cursor up to which the fills of each account were read at its venue; accounts without one are missing. */
export async function cursorsOf(db: Db, accountIds: number[]): Promise<Map<number, string>> {
  if (accountIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('venue_cursors')
    .selectAll()
    .where(sql<boolean>`account_id = any(${accountIds}::bigint[])`)
    .execute()
  return new Map(rows.map((row) => [row.account_id, row.cursor]))
}

/** Saves the cursors of accounts, after their fills were recorded. */
export async function saveCursors(db: Db, read: { accountId: number; cursor: string }[]): Promise<void> {
  await sql`
    insert into venue_cursors (account_id, cursor)
    select distinct on (account_id) account_id, cursor from unnest(
      ${read.map(({ accountId }) => accountId)}::bigint[], ${read.map(({ cursor }) => cursor)}::text[]
    ) with ordinality as r (account_id, cursor, n) order by account_id, n desc
    on conflict (account_id) do update set cursor = excluded.cursor`.execute(db)
}
