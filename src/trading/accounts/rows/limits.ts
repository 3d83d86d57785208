import { type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import { type AccountLimits, defaultLimits } from '../rules/limits.ts'

export type LimitName = keyof AccountLimits

/** The columns of an account's limits. Null, or no row at all, means the default. */
export type LimitsRow = Omit<Selectable<Database['account_limits']>, 'account_id'>

const columns = {
  orders: 'orders_per_minute',
  working: 'working_orders',
  scheduled: 'scheduled_orders',
  dollars: 'largest_order_dollars',
  units: 'largest_order_units',
} as const satisfies Record<LimitName, keyof LimitsRow>

/** The limits in a row. */
export function readLimits(row: LimitsRow): AccountLimits {
  return {
    orders: row.orders_per_minute ?? defaultLimits.orders,
    working: row.working_orders ?? defaultLimits.working,
    scheduled: row.scheduled_orders ?? defaultLimits.scheduled,
    ...(row.largest_order_dollars !== null && { dollars: new Big(row.largest_order_dollars) }),
    ...(row.largest_order_units !== null && { units: new Big(row.largest_order_units) }),
  }
}

/** Sets a limit of an account. Undefined restores the default; the default for a size is no limit. */
export async function setLimit(db: Db, accountId: number, name: LimitName, value: Big | undefined): Promise<void> {
  const set = { [columns[name]]: value?.toFixed() ?? null }
  await db
    .insertInto('account_limits')
    .values({ account_id: accountId, ...set })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(set))
    .execute()
}

/** Copies the limits of one account to another. */
export async function copyLimits(db: Db, from: number, to: number): Promise<void> {
  await sql`
    insert into account_limits (account_id, orders_per_minute, working_orders, scheduled_orders, largest_order_dollars,
      largest_order_units)
    select ${to}, orders_per_minute, working_orders, scheduled_orders, largest_order_dollars, largest_order_units
    from account_limits where account_id = ${from}`.execute(db)
}
