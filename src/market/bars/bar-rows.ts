import { sql } from 'kysely'
import { Big } from '../../base/amounts.ts'
import { slices } from '../../base/slices.ts'
import type { Db, Trx } from '../../infra/db/client.ts'
import type { Bar } from '../market.ts'

/** A series: the bars of one length from one source at one adjustment. */
export interface Series {
  source: string
  symbol: string
  minutes: number
  adjustment: string
}

/** The kept part of a series. */
export interface Kept {
  /** All finished bars that begin from here on are there, … */
  from: Date
  /** … up to those that end at this moment. */
  through: Date
  /** The source has nothing before `from`. */
  isWhole: boolean
  begunAt: Date
  generation: number
}

/** The rows in one statement. */
const atOnce = 5000

const its = ({ source, symbol, minutes, adjustment }: Series) => ({ source, symbol, minutes, adjustment })

/** The kept part of a series; undefined when nothing is kept. */
export async function keptPart(db: Db, series: Series, isLocked = false): Promise<Kept | undefined> {
  let query = db.selectFrom('bar_series').selectAll()
  for (const [column, value] of Object.entries(its(series))) query = query.where(column as keyof Series, '=', value)
  if (isLocked) query = query.forUpdate()
  const row = await query.executeTakeFirst()
  return (
    row && {
      from: row.covered_from,
      through: row.covered_through,
      isWhole: row.is_whole,
      begunAt: row.begun_at,
      generation: row.generation,
    }
  )
}

/** The ends of the kept parts of many series of a source, by symbol. */
export async function keptThrough(
  db: Db,
  { source, minutes, adjustment }: Omit<Series, 'symbol'>,
  symbols: string[],
): Promise<Map<string, Date>> {
  const rows = await db
    .selectFrom('bar_series')
    .select(['symbol', 'covered_through'])
    .where('source', '=', source)
    .where('minutes', '=', minutes)
    .where('adjustment', '=', adjustment)
    .where(sql<boolean>`symbol = any(${symbols}::text[])`)
    .execute()
  return new Map(rows.map((row) => [row.symbol, row.covered_through]))
}

/** Begins a series, or begins it anew; its former bars go. False when another process began it meanwhile. */
export async function beginSeries(trx: Trx, series: Series, kept: Kept): Promise<boolean> {
  const columns = {
    covered_from: kept.from,
    covered_through: kept.through,
    is_whole: kept.isWhole,
    begun_at: kept.begunAt,
    generation: kept.generation,
  }
  if (kept.generation === 1) {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('bar_series')
      .values({ ...its(series), ...columns })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow()
    return numInsertedOrUpdatedRows === 1n
  }
  const before = await keptPart(trx, series, true)
  if (before?.generation !== kept.generation - 1) return false
  await trx
    .deleteFrom('bars')
    .where((is) => is.and(its(series)))
    .execute()
  await update(trx, series, columns)
  return true
}

/** Notes how far a series is kept now. The series must be locked. */
export async function widenSeries(trx: Trx, series: Series, { from, through, isWhole }: Kept): Promise<void> {
  await update(trx, series, { covered_from: from, covered_through: through, is_whole: isWhole })
}

async function update(trx: Trx, series: Series, columns: object): Promise<void> {
  await trx
    .updateTable('bar_series')
    .set(columns)
    .where((is) => is.and(its(series)))
    .execute()
}

/** Keeps bars. A bar that is kept stays as it is. */
export async function keepBars(trx: Trx, series: Series, bars: Bar[], at: Date): Promise<void> {
  const { source, symbol, minutes, adjustment } = series
  for (const some of slices(bars, atOnce)) {
    const column = (of: 'open' | 'high' | 'low' | 'close' | 'volume') => some.map((bar) => bar[of].toFixed())
    await sql`
      insert into bars (source, symbol, minutes, adjustment, at, open, high, low, close, volume, fetched_at)
      select ${source}, ${symbol}, ${minutes}::integer, ${adjustment}, b.*, ${at}::timestamptz
      from unnest(${some.map((bar) => bar.at)}::timestamptz[], ${column('open')}::numeric[], ${column('high')}::numeric[],
        ${column('low')}::numeric[], ${column('close')}::numeric[], ${column('volume')}::numeric[]) as b
      on conflict do nothing`.execute(trx)
  }
}

/** The kept bars that begin from a moment on, oldest first. */
export async function barsSince(db: Db, series: Series, from: Date): Promise<Bar[]> {
  const rows = await db
    .selectFrom('bars')
    .select(['at', 'open', 'high', 'low', 'close', 'volume'])
    .where((is) => is.and(its(series)))
    .where('at', '>=', from)
    .orderBy('at')
    .execute()
  return rows.map(toBar)
}

/** The first or the last kept bar of a series. */
export async function edgeBar(db: Db, series: Series, edge: 'first' | 'last'): Promise<Bar | undefined> {
  const row = await db
    .selectFrom('bars')
    .select(['at', 'open', 'high', 'low', 'close', 'volume'])
    .where((is) => is.and(its(series)))
    .orderBy('at', edge === 'first' ? 'asc' : 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && toBar(row)
}

function toBar(row: { at: Date } & Record<'open' | 'high' | 'low' | 'close' | 'volume', string>): Bar {
  return {
    at: row.at,
    open: new Big(row.open),
    high: new Big(row.high),
    low: new Big(row.low),
    close: new Big(row.close),
    volume: new Big(row.volume),
  }
}
