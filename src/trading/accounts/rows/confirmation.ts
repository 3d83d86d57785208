import { Big } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'

/** An order above this many dollars needs a confirmation, unless the account sets another amount. */
export const defaultConfirmAbove = new Big(25_000)

/** The highest amount, in dollars, that an account can set without switching the question off. */
export const mostConfirmAbove = new Big(1_000_000)

/** Dollars above which an order of an account needs a confirmation; undefined when no order does. */
export async function confirmAbove(db: Db, accountId: number): Promise<Big | undefined> {
  const row = await db
    .selectFrom('account_risk')
    .select(['confirm_above', 'confirms_nothing'])
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  if (row?.confirms_nothing) return undefined
  return row?.confirm_above ? new Big(row.confirm_above) : defaultConfirmAbove
}

/** Sets the amount in dollars above which an order needs a confirmation, or `never`, or the default. */
export async function setConfirmAbove(db: Db, accountId: number, above: Big | 'never' | 'default'): Promise<void> {
  const values = {
    confirm_above: above === 'never' || above === 'default' ? null : above.toFixed(),
    confirms_nothing: above === 'never',
  }
  await db
    .insertInto('account_risk')
    .values({ account_id: accountId, ...values })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(values))
    .execute()
}
