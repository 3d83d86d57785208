import type { Db } from '../db/client.ts'

/** How far the fills of accounts were read at their venues; accounts of which nothing was read are left out. */
export async function cursorsOf(db: Db, accountIds: number[]): Promise<Map<number, string>> {
  if (accountIds.length === 0) return new Map()
  const rows = await db.selectFrom('venue_cursors').selectAll().where('account_id', 'in', accountIds).execute()
  return new Map(rows.map((row) => [row.account_id, row.cursor]))
}

/** Notes how far the fills of an account were read, after they were recorded. */
export async function saveCursor(db: Db, accountId: number, cursor: string): Promise<void> {
  await db
    .insertInto('venue_cursors')
    .values({ account_id: accountId, cursor })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet({ cursor }))
    .execute()
}
