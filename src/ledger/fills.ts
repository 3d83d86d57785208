import type { Db } from '../db/client.ts'
import { Big } from '../trading/amounts.ts'
import type { Side } from '../trading/position.ts'

/** One execution as it is booked. */
export interface BookedFill {
  symbol: string
  /** What the position that it was of is called by now. */
  heldAs: string
  side: Side
  quantity: Big
  /** Dollars a unit. */
  price: Big
  commission: Big
  /** What it locked in, its commission taken off; dollars. */
  realizedPnl: Big
  at: Date
}

/**
 * The fills of an account in the order in which they were booked; since a moment, and of positions that are in one symbol by now,
 * where these are given.
 */
export async function fillsOf(
  db: Db,
  accountId: number,
  only: { symbol?: string; since?: Date } = {},
): Promise<BookedFill[]> {
  const rows = await db
    .selectFrom('fills as f')
    .innerJoin('positions as p', 'p.id', 'f.position_id')
    .selectAll('f')
    .select('p.symbol as held_as')
    .where('p.account_id', '=', accountId)
    .$if(only.symbol !== undefined, (query) => query.where('p.symbol', '=', only.symbol!))
    .$if(only.since !== undefined, (query) => query.where('f.filled_at', '>=', only.since!))
    .orderBy('f.id')
    .execute()
  return rows.map((row) => ({
    symbol: row.symbol,
    heldAs: row.held_as,
    side: row.side,
    quantity: new Big(row.quantity),
    price: new Big(row.price),
    commission: new Big(row.commission),
    realizedPnl: new Big(row.realized_pnl),
    at: row.filled_at,
  }))
}
