import type { Db } from '../../../infra/db/client.ts'

/** The number of positions that an account has ever had, ended ones included. */
export async function positionCount(db: Db, accountId: number): Promise<number> {
  const { count } = await db
    .selectFrom('positions')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  return Number(count)
}
