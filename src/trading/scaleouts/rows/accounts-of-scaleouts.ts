import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'

/** The account of each of these scaleouts; one that does not exist is left out. */
export async function accountsOfScaleouts(db: Db, ids: readonly number[]): Promise<Map<number, number>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('scaleouts')
    .select(['id', 'account_id'])
    .where(sql<boolean>`id = any(${[...ids]}::bigint[])`)
    .execute()
  return new Map(rows.map((row) => [row.id, row.account_id]))
}
