import { Big } from '../../../src/base/amounts.ts'
import type { Db } from '../../../src/infra/db/client.ts'
import type { Booked } from '../positions/exact-curve.ts'

/** Every fill of an account, in the order of booking: too many for the desk, and not for a test. */
export async function everyFill(db: Db, accountId: number): Promise<Booked[]> {
  const rows = await db.selectFrom('fills').selectAll().where('account_id', '=', accountId).orderBy('id').execute()
  return rows.map((row) => ({
    symbol: row.symbol,
    side: row.side,
    quantity: new Big(row.quantity),
    price: new Big(row.price),
    commission: new Big(row.commission),
    realizedPnl: new Big(row.realized_pnl),
    at: row.filled_at,
  }))
}
