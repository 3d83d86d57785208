import { setTimeout as wait } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'
import type { Change } from '../../positions/rules/equity-curve.ts'

/** Lengths of the periods of fill sums in minutes, each a multiple of the next. */
const periods = [1440, 120, 15] as const
type Minutes = (typeof periods)[number]

/** With more fills than this, a curve has no steps shorter than the shortest period. */
const manyFills = 20_000
export const shortestPeriodMs = 15 * 60_000

/** The fills that one call adds to the sums, which takes some tenths of a second. */
const atOnce = 20_000
/**
 * Before a curve is drawn, fewer fills than `fewFills` are not summed, since reading them takes a few milliseconds. At most
 * `mostAtDrawing` are summed then, which takes a second.
 */
const fewFills = 5000
const mostAtDrawing = 100_000

/** Wait in milliseconds between looks at transactions that write fills, and the number of looks. */
const lookMs = 5
const looks = 40

/** The time of an account's first fill, whether it has many fills, and how many fills of the desk are not summed yet. */
export async function fillsSoFar(
  db: Db,
  accountId: number,
): Promise<{ first?: Date; isMany: boolean; notAddedUp: number }> {
  const { rows } = await sql<{ first: Date | null; known: number; left: number }>`
    select (select min(filled_at) from fills where account_id = ${accountId}) as first,
      (select coalesce(sum(fills), 0)::bigint from fill_sums where account_id = ${accountId} and minutes = 1440) as known,
      coalesce((select max(id) from fills), 0) - (select fill_id from fill_sums_through) as left`.execute(db)
  const { first, known, left } = rows[0]!
  return { first: first ?? undefined, isMany: known > manyFills, notAddedUp: left }
}

/**
 * Adds more fills of all accounts to the sums, unless they are few, in short transactions. Readers of the sums call it, and the
 * worker now and then. Without `waits` it returns at once when another process is doing it. Returns the number of added fills.
 */
export async function sumFills(db: Db, options: SumOptions = {}): Promise<number> {
  const { waits = false, few = 0, most = Number.POSITIVE_INFINITY, signal } = options
  let added = 0
  while (added < most && !signal?.aborted) {
    const settled = await settledFill(db)
    if (settled === undefined) return added
    const { rows } = await sql<{ added: number | null }>`
      select case when ${settled} - fill_id > ${few} then sum_fills(${settled}, ${atOnce}, ${waits}) end as added
      from fill_sums_through`.execute(db)
    const now = rows[0]?.added ?? 0
    added += now
    if (now < atOnce) return added
  }
  return added
}

export interface SumOptions {
  waits?: boolean
  /** Fewer fills than this are not summed now. */
  few?: number
  /** After this many fills the rest is left for another time. */
  most?: number
  /** Ends it after the present transaction. */
  signal?: AbortSignal
}

/** Sums the remaining fills for a reader of the sums, if they are too many to read directly. */
export async function sumFillsFor(db: Db, notAddedUp: number): Promise<void> {
  if (notAddedUp > fewFills) await sumFills(db, { waits: true, few: fewFills, most: mostAtDrawing })
}

/**
 * An id up to which all fills are committed or will never come; undefined while a transaction takes long to write some. A fill
 * with a lower id than one already seen got its id earlier, in a transaction that held the table's lock then and holds it until
 * its end. When the lock holders seen after the look are gone, no lower fill is under way.
 */
async function settledFill(db: Db): Promise<number | undefined> {
  const { rows } = await sql<{ last: number; writing: string[] }>`
    select coalesce((select max(id) from fills), 0) as last, ${writing} as writing`.execute(db)
  const [seen] = rows
  let left = new Set(seen!.writing)
  for (let look = 0; left.size > 0; look += 1) {
    if (look === looks) return undefined
    await wait(lookMs)
    const now = await sql<{ writing: string[] }>`select ${writing} as writing`.execute(db)
    left = new Set(now.rows[0]!.writing.filter((one) => left.has(one)))
  }
  return seen!.last
}

/** The transactions that hold the lock for writing fills. */
const writing: RawBuilder<string[]> = sql`array(
  select virtualtransaction from pg_locks
  where relation = 'fills'::regclass and mode = 'RowExclusiveLock'
    and database = (select oid from pg_database where datname = current_database()))`

/**
 * The changes by the fills of an account, summed by symbol between consecutive moments, before the first and after the last.
 * The moments are in rising order; a fill at a moment counts before it. Finished periods that lie between two moments come from
 * the sums, the rest from the fills. Returns the number of all fills, too.
 */
export async function changesOf(
  db: Db,
  accountId: number,
  moments: Date[],
): Promise<{ changes: Change[]; fills: number }> {
  const { rows } = await sql<ChangeRow>`
    with through as materialized (select fill_id as id from fill_sums_through), part as (
      ${sql.join(partsOf(accountId, moments), sql` union all `)}
    )
    select symbol, sum(fills)::bigint as fills, sum(signed_quantity) as signed_quantity, sum(cost) as cost,
      sum(realized_pnl) as realized_pnl, (array_agg(price order by last_at desc, last_id desc))[1] as price,
      max(last_at) as last_at
    from part
    group by width_bucket(ends_at - interval '1 microsecond', ${moments}::timestamptz[]), symbol
    order by last_at`.execute(db)
  return {
    fills: rows.reduce((count, row) => count + row.fills, 0),
    changes: rows.map((row) => ({
      symbol: row.symbol,
      signedQuantity: new Big(row.signed_quantity),
      cost: new Big(row.cost),
      realizedPnl: new Big(row.realized_pnl),
      price: new Big(row.price),
      at: row.last_at,
    })),
  }
}

interface ChangeRow {
  symbol: string
  fills: number
  signed_quantity: string
  cost: string
  realized_pnl: string
  price: string
  last_at: Date
}

const summed = sql`s.symbol, s.ends_at, s.fills, s.signed_quantity, s.cost, s.realized_pnl, s.price, s.last_at, s.last_id`
const single = sql`f.symbol, f.filled_at, 1, f.signed_quantity, f.cost, f.realized_pnl, f.price, f.filled_at, f.id`

/**
 * The sources of the changes: long periods first, then shorter ones within a period that a moment divides, then fills within
 * the shortest of these, then fills that are not summed yet. `offset 0` makes the planner use the narrowest index; it cannot
 * know how few rows there are.
 */
function partsOf(accountId: number, moments: Date[]): RawBuilder<unknown>[] {
  const sums = periods.map((minutes, index) => {
    const whole = sql`s.account_id = ${accountId} and s.minutes = ${minutes}`
    const unbroken = sql`s.ends_at <> all(${brokenBy(moments, minutes)}::timestamptz[])`
    const longer = periods[index - 1]
    if (longer === undefined) return sql`select ${summed} from fill_sums s where ${whole} and ${unbroken}`
    return sql`select ${summed} from ${periodsEnding(brokenBy(moments, longer))},
      lateral (select * from fill_sums s where ${whole} and ${within(sql`s.ends_at`, longer)} offset 0) s where ${unbroken}`
  })
  return [
    ...sums,
    sql`select ${single} from ${periodsEnding(brokenBy(moments, shortest))},
      lateral (select * from fill_changes f
        where f.account_id = ${accountId} and ${within(sql`f.filled_at`, shortest)} offset 0) f
      where f.id <= (select id from through)`,
    sql`select ${single} from (select * from fill_changes f where f.id > (select id from through) offset 0) f
      where f.account_id = ${accountId}`,
  ]
}

const shortest: Minutes = 15

const periodsEnding = (ends: Date[]) => sql`unnest(${ends}::timestamptz[]) as broken(ends_at)`
const within = (at: RawBuilder<unknown>, minutes: Minutes) =>
  sql`${at} > broken.ends_at - make_interval(mins => ${minutes}) and ${at} <= broken.ends_at`

/** The ends of the periods that a moment divides. */
function brokenBy(moments: Date[], minutes: Minutes): Date[] {
  const length = minutes * 60_000
  const ends = moments.flatMap((moment) => {
    const end = Math.ceil(moment.getTime() / length) * length
    return end === moment.getTime() ? [] : [end]
  })
  return [...new Set(ends)].map((end) => new Date(end))
}
