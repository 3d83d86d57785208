import type { Db } from '../db/client.ts'
import { Big } from '../trading/amounts.ts'
import type { Side } from '../trading/position.ts'

/** One execution as it is booked. */
export interface BookedFill {
  symbol: string
  side: Side
  quantity: Big
  /** Dollars a unit. */
  price: Big
  commission: Big
  /** What it locked in, its commission taken off; dollars. */
  realizedPnl: Big
  at: Date
}

/** The fills of an account in the order in which they were booked; of one symbol, and since a moment, where these are given. */
export async function fillsOf(
  db: Db,
  accountId: number,
  only: { symbol?: string; since?: Date } = {},
): Promise<BookedFill[]> {
  let query = db
    .selectFrom('fills')
    .selectAll()
    .where('position_id', 'in', (of) =>
      of
        .selectFrom('positions')
        .select('id')
        .where('account_id', '=', accountId)
        .$if(only.symbol !== undefined, (positions) => positions.where('symbol', '=', only.symbol!)),
    )
    .orderBy('id')
  if (only.since !== undefined) query = query.where('filled_at', '>=', only.since)
  const rows = await query.execute()
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
