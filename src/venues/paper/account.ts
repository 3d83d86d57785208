import { type Kysely, sql } from 'kysely'
import { Big } from '../../base/amounts.ts'
import type { Database } from '../../infra/db/schema.ts'
import type { VenueBalance, VenueFill, VenuePosition } from '../venue.ts'
import { type FillRow, fillOf } from './rows.ts'

/**
 * The fills of accounts, each after its cursor, oldest first and each once; the results are in the order of the questions. A
 * cursor is a snapshot of Postgres, and the result has the fills that the snapshot did not see. A fill that began earlier but
 * was committed later than another has a lower id; it is not skipped. A cursor ahead of the database is from before a
 * restore, and counts as none.
 */
export async function fillsAfter(
  db: Kysely<Database>,
  asked: { account: string; cursor: string | undefined }[],
): Promise<{ fills: VenueFill[]; cursor: string }[]> {
  const { rows } = await sql<{ n: number; cursor: string } & (FillRow | { venue_fill_id: null })>`
    with given as (
      select n, account, before, pg_current_snapshot() as now from unnest(
        ${asked.map(({ account }) => account)}::text[], ${asked.map(({ cursor }) => cursor ?? null)}::pg_snapshot[]
      ) with ordinality as g (account, before, n)
    ), read as (
      select n, account, now, case when pg_snapshot_xmax(before) <= pg_snapshot_xmax(now) then before end as before
      from given
    )
    select read.n, read.now::text as cursor, f.*
    from read left join paper_fills f on f.account = read.account
      and f.made_by >= coalesce(pg_snapshot_xmin(read.before), '0')
      and (read.before is null
        -- A transaction ahead of the current snapshot belongs to another database, from which the row was restored.
        or (not pg_visible_in_snapshot(f.made_by, read.before) and f.made_by < pg_snapshot_xmax(read.now)))
    order by f.filled_at, f.id`.execute(db)
  const byAsked = Map.groupBy(rows, ({ n }) => n)
  return asked.map((_, index) => {
    const own = byAsked.get(index + 1)!
    const fills = own.flatMap((row) => (row.venue_fill_id === null ? [] : fillOf(row)))
    return { fills, cursor: own[0]!.cursor }
  })
}

/** The sums of an account's fills, by symbol. */
export async function positionsOf(db: Kysely<Database>, account: string): Promise<VenuePosition[]> {
  const { rows } = await sql<{ symbol: string; signed_quantity: string }>`
    select symbol, sum(case side when 'buy' then quantity else -quantity end) as signed_quantity
    from paper_fills where account = ${account} group by symbol
    having sum(case side when 'buy' then quantity else -quantity end) <> 0 order by symbol`.execute(db)
  return rows.map((row) => ({ symbol: row.symbol, signedQuantity: new Big(row.signed_quantity) }))
}

/** The starting balance of an account, plus and minus the money of its fills since. */
export async function balanceOf(db: Kysely<Database>, account: string): Promise<VenueBalance> {
  const { rows } = await sql<{ cash: string }>`
    select coalesce((select starting_balance from accounts where id::text = ${account}), 0)
      + coalesce((select sum(case side when 'sell' then quantity else -quantity end * price - commission)
          from paper_fills where account = ${account}), 0) as cash`.execute(db)
  return { cash: new Big(rows[0]!.cash) }
}
