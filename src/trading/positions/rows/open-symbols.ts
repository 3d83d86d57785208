import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'

/** The symbols that each of these accounts holds; an account that holds nothing is left out. */
export async function openSymbols(db: Db, accountIds: readonly number[]): Promise<Map<number, string[]>> {
  if (accountIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('positions')
    .select(['account_id', 'symbol'])
    .where('closed_at', 'is', null)
    .where(sql<boolean>`account_id = any(${[...accountIds]}::bigint[])`)
    .execute()
  const byAccount = Map.groupBy(rows, (row) => row.account_id)
  return new Map([...byAccount].map(([id, own]) => [id, own.map(({ symbol }) => symbol)]))
}
