import type { Db } from '../../infra/db/client.ts'

/**
 * The guardian's rights in an account. `ask`: it asks before everything. `auto`: it holds and tightens a stop by itself, in
 * paper accounts only. `off`: it proposes and asks nothing; alerts come as they are.
 */
export type GuardianMode = 'ask' | 'auto' | 'off'

/** The guardian's mode in an account. Outside of paper accounts `auto` counts as `ask`. */
export async function guardianModeOf(db: Db, accountId: number): Promise<GuardianMode> {
  const row = await db
    .selectFrom('accounts as a')
    .leftJoin('account_risk as r', 'r.account_id', 'a.id')
    .select(['a.mode', 'r.guardian_auto', 'r.guardian_off'])
    .where('a.id', '=', accountId)
    .executeTakeFirst()
  if (row?.guardian_off) return 'off'
  return row?.mode === 'paper' && row.guardian_auto ? 'auto' : 'ask'
}

/** Sets the guardian's mode in an account. */
export async function setGuardianMode(db: Db, accountId: number, mode: GuardianMode): Promise<void> {
  const set = { guardian_auto: mode === 'auto', guardian_off: mode === 'off' }
  await db
    .insertInto('account_risk')
    .values({ account_id: accountId, ...set })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(set))
    .execute()
}
