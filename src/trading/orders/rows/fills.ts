import { sql } from 'kysely'
import { Big, sum } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'
import type { Side } from '../../positions/rules/position.ts'

/** The sum of fills of a symbol. */
export interface Result {
  symbol: string
  fills: number
  /** Realized P&L after commissions, in dollars. */
  realized: Big
}

/**
 * Sums of an account's fills by the present symbol of their positions; of one symbol, or since a moment, if given. All of them
 * together come from the sums, if no position of the account was renamed.
 */
export async function resultsBySymbol(
  db: Db,
  accountId: number,
  { symbol, since }: { symbol?: string; since?: Date } = {},
): Promise<Result[]> {
  const isAll = symbol === undefined && since === undefined && !(await hasRenamed(db, accountId))
  const { rows } = await (isAll
    ? sql<ResultRow>`
        select symbol, sum(fills)::bigint as fills, sum(realized_pnl) as realized from (
          select symbol, fills, realized_pnl from fill_sums where account_id = ${accountId} and minutes = 1440
          union all select symbol, 1, realized_pnl from (
            select * from fills where id > (select fill_id from fill_sums_through) offset 0) added_since
            where account_id = ${accountId}) part
        group by symbol order by symbol`
    : sql<ResultRow>`
        select p.symbol, count(*) as fills, sum(f.realized_pnl) as realized
        from fills f join positions p on p.id = f.position_id
        where f.account_id = ${accountId} and f.filled_at >= ${since ?? '-infinity'}::timestamptz
          ${symbol === undefined ? sql`` : sql`and ${ofPositions(accountId, symbol)}`}
        group by p.symbol order by p.symbol`
  ).execute(db)
  return rows.map(({ realized, ...row }) => ({ ...row, realized: new Big(realized) }))
}

/** Was a position of the account renamed? Its older fills have the old symbol. */
async function hasRenamed(db: Db, accountId: number): Promise<boolean> {
  const { rows } = await sql`
    select from position_adjustments where account_id = ${accountId} and symbol_before <> symbol_after limit 1`.execute(
    db,
  )
  return rows.length > 0
}

interface ResultRow {
  symbol: string
  fills: number
  realized: string
}

/** All trading in the positions whose present symbol this is. */
export interface Traded extends Omit<Result, 'symbol'> {
  first: Date
  commissions: Big
  /** Units, and their dollars. */
  bought: { quantity: Big; dollars: Big }
  sold: { quantity: Big; dollars: Big }
}

/** All trading of a symbol in an account; undefined when there was none. */
export async function tradedOf(db: Db, accountId: number, symbol: string): Promise<Traded | undefined> {
  const { rows } = await sql<{
    side: Side
    fills: number
    realized: string
    commissions: string
    quantity: string
    dollars: string
    first: Date
  }>`
    select side, count(*) as fills, sum(realized_pnl) as realized, sum(commission) as commissions,
      sum(quantity) as quantity, sum(quantity * price) as dollars, min(filled_at) as first
    from fills where account_id = ${accountId} and ${ofPositions(accountId, symbol)} group by side`.execute(db)
  if (rows.length === 0) return undefined
  const on = (side: Side) => {
    const row = rows.find((each) => each.side === side)
    return { quantity: new Big(row?.quantity ?? 0), dollars: new Big(row?.dollars ?? 0) }
  }
  return {
    fills: rows.reduce((count, { fills }) => count + fills, 0),
    first: new Date(Math.min(...rows.map(({ first }) => first.getTime()))),
    realized: sum(rows.map((row) => new Big(row.realized))),
    commissions: sum(rows.map((row) => new Big(row.commissions))),
    bought: on('buy'),
    sold: on('sell'),
  }
}

/** The fills of one side within one of several periods. */
export interface Filled {
  /** The index of the period. */
  index: number
  side: Side
  fills: number
  /** Average price in dollars a unit. */
  price: Big
}

/** The fills of a symbol in an account in consecutive periods; the last one has no end. `begins` is in rising order. */
export async function filledBetween(db: Db, accountId: number, symbol: string, begins: Date[]): Promise<Filled[]> {
  const { rows } = await sql<{ index: number; side: Side; fills: number; quantity: string; dollars: string }>`
    select width_bucket(filled_at, ${begins}::timestamptz[]) - 1 as index, side, count(*) as fills,
      sum(quantity) as quantity, sum(quantity * price) as dollars
    from fills
    where account_id = ${accountId} and filled_at >= ${begins[0]} and ${ofPositions(accountId, symbol)}
    group by 1, 2 order by 1, 2`.execute(db)
  return rows.map(({ index, side, fills, quantity, dollars }) => ({
    ...{ index, side, fills },
    price: new Big(dollars).div(quantity),
  }))
}

const ofPositions = (accountId: number, symbol: string) =>
  sql<boolean>`position_id in (select id from positions where account_id = ${accountId} and symbol = ${symbol})`
