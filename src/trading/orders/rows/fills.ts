import { sql } from 'kysely'
import { Big, sum } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'
import type { Side } from '../../positions/rules/position.ts'

/** What fills of a symbol add up to. */
export interface Result {
  symbol: string
  fills: number
  /** What they locked in, their commissions taken off; dollars. */
  realized: Big
}

/**
 * What the fills of an account add up to, by what their positions are called now; of one symbol, and since a moment, where
 * these are given. All of them come from the sums, where no position of the account got another symbol.
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

/** Did a position of the account get another symbol? Its older fills have the one of then. */
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

/** Everything that was ever traded in the positions that are called by a symbol now. */
export interface Traded extends Omit<Result, 'symbol'> {
  first: Date
  commissions: Big
  /** Units, and dollars for them. */
  bought: { quantity: Big; dollars: Big }
  sold: { quantity: Big; dollars: Big }
}

/** What was traded of a symbol in an account; undefined where nothing was. */
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

/** The fills of one side within one of several spans of time. */
export interface Filled {
  /** Of the span. */
  index: number
  side: Side
  fills: number
  /** Dollars a unit, on the average. */
  price: Big
}

/** What was filled of a symbol in an account in spans that follow each other, the last without an end. `begins` rise. */
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
