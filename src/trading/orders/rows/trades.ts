import { sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import { exchangeZone } from '../../../base/zone.ts'
import type { Db } from '../../../infra/db/client.ts'
import type { Side } from '../../positions/rules/position.ts'

/** Units traded on one side of a trade, with their average price in dollars. */
export interface Leg {
  quantity: Big
  price: Big
}

/** A round trip: a position from its first fill to FLAT. After a split its legs count in units of their own time. */
export interface ClosedTrade {
  symbol: string
  isLong: boolean
  /** Absent when nothing of the leg is left after fills that the venue took back. */
  entry?: Leg
  exit?: Leg
  /** Dollars, after commissions; cash for a fraction of a share after a split included. */
  realized: Big
  opened: Date
  closed: Date
}

/** A position is a trade by its fills. A recording that was undone has none. */
const isTrade = sql<boolean>`exists (select from fills where fills.position_id = positions.id)`

/** Closed trades of an account, the newest first. */
export async function closedTrades(db: Db, accountId: number, most: number, skipped: number): Promise<ClosedTrade[]> {
  const { rows } = await sql<TradeRow>`
    with page as (
      select id, symbol, realized_pnl, opened_at, closed_at from positions
      where account_id = ${accountId} and closed_at is not null and ${isTrade}
      order by closed_at desc, id desc limit ${most} offset ${skipped})
    select p.symbol, p.realized_pnl, p.opened_at, p.closed_at,
      (select side from fills where position_id = p.id order by filled_at, id limit 1) as first_side,
      coalesce((select jsonb_agg(leg) from (
        select side, sum(quantity)::text as quantity, sum(quantity * price)::text as dollars
        from fills f where position_id = p.id and reverses is null and not exists (
          select from fills back where back.reverses = f.venue_fill_id
            and back.account_id = f.account_id and back.venue = f.venue)
        group by side) leg), '[]') as legs
    from page p order by p.closed_at desc, p.id desc`.execute(db)
  return rows.map(toTrade)
}

interface TradeRow {
  symbol: string
  realized_pnl: string
  opened_at: Date
  closed_at: Date
  first_side: Side | null
  legs: { side: Side; quantity: string; dollars: string }[]
}

function toTrade({ symbol, realized_pnl, opened_at, closed_at, first_side, legs }: TradeRow): ClosedTrade {
  const isLong = first_side !== 'sell'
  const leg = (side: Side): Leg | undefined => {
    const found = legs.find((one) => one.side === side)
    return found && { quantity: new Big(found.quantity), price: new Big(found.dollars).div(found.quantity) }
  }
  return {
    ...{ symbol, isLong, opened: opened_at, closed: closed_at, realized: new Big(realized_pnl) },
    entry: leg(isLong ? 'buy' : 'sell'),
    exit: leg(isLong ? 'sell' : 'buy'),
  }
}

/** The realized P&L of every closed trade of an account, in dollars, in the order in which they closed. */
export async function realizedByTrade(db: Db, accountId: number): Promise<Big[]> {
  const rows = await db
    .selectFrom('positions')
    .select('realized_pnl')
    .where('account_id', '=', accountId)
    .where('closed_at', 'is not', null)
    .where(isTrade)
    .orderBy('closed_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => new Big(row.realized_pnl))
}

/** The result of one day or week of the exchange. */
export interface PeriodResult {
  /** Its first day, `2026-11-20`. */
  begins: string
  fills: number
  /** Trades that closed, and those of them with a profit. */
  closed: number
  won: number
  /** Dollars, after commissions; cash for fractions of a share after a split included. */
  realized: Big
}

/** Results of the last periods that traded, the newest first; from `since` on. Weeks begin on Monday. */
export async function resultsByPeriod(
  db: Db,
  accountId: number,
  period: 'day' | 'week',
  since: Date,
): Promise<PeriodResult[]> {
  const begin = (column: string) =>
    sql`to_char(date_trunc(${period}, ${sql.ref(column)} at time zone ${exchangeZone}), 'YYYY-MM-DD')`
  const { rows } = await sql<{ begins: string; fills: number; closed: number; won: number; realized: string }>`
    select begins, sum(fills)::int as fills, sum(closed)::int as closed, sum(won)::int as won, sum(realized) as realized
    from (
      select ${begin('filled_at')} as begins, count(*) as fills, 0 as closed, 0 as won, sum(realized_pnl) as realized
      from fills where account_id = ${accountId} and filled_at >= ${since} group by 1
      union all
      select ${begin('at')}, 0, 0, 0, sum(realized_pnl)
      from position_adjustments where account_id = ${accountId} and (fraction > 0 or realized_pnl <> 0) and at >= ${since} group by 1
      union all
      select ${begin('closed_at')}, 0, count(*), count(*) filter (where realized_pnl > 0), 0
      from positions where account_id = ${accountId} and closed_at >= ${since} and ${isTrade} group by 1
    ) part group by begins order by begins desc`.execute(db)
  return rows.map((row) => ({ ...row, realized: new Big(row.realized) }))
}
