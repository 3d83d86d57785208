import { type Kysely, sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import type { BacktestReport, Curves, NumberedTrade, SimulatedTrade } from '../rules/report.ts'
import type { RunState } from '../rules/run-state.ts'
import { type Attempt, lockAttempt, noteAllDone } from './claims.ts'

/** The outcome of a backtest as its thread wrote it: JSON, so that no other thread reads and writes it again. */
export interface WrittenReport {
  report: string
  curves: string
  trades: string
  /** PNG; absent where the machine could not draw. */
  picture?: Uint8Array
}

/**
 * Keeps the outcome of a backtest, once. Returns the state of the run: only while it is `running` anything is kept. Undefined when
 * another attempt has begun or the run has ended.
 */
export async function keepReport(
  db: Kysely<Database>,
  of: Attempt,
  { report, curves, trades, picture }: WrittenReport,
): Promise<RunState | undefined> {
  return db.transaction().execute(async (trx) => {
    const state = await lockAttempt(trx, of)
    if (state !== 'running') return state
    const png = picture ? Buffer.from(picture) : null
    await sql`insert into strategy_reports (run, report, curves, picture)
      values (${of.id}, ${report}::jsonb, ${curves}::jsonb, ${png}) on conflict (run) do nothing`.execute(trx)
    await sql`insert into strategy_trades (run, number, trade)
      select ${of.id}::bigint, nth, trade from jsonb_array_elements(${trades}::jsonb) with ordinality as t(trade, nth)
      on conflict (run, number) do nothing`.execute(trx)
    await noteAllDone(trx, of)
    return state
  })
}

/** The report of a backtest; undefined when it has none (yet). */
export async function reportOf(db: Db, run: number): Promise<BacktestReport | undefined> {
  const row = await db.selectFrom('strategy_reports').select('report').where('run', '=', run).executeTakeFirst()
  return row?.report
}

/** The report of a backtest, and whether its picture could be drawn; undefined when it has none (yet). */
export async function keptReport(
  db: Db,
  run: number,
): Promise<{ report: BacktestReport; hasPicture: boolean } | undefined> {
  const row = await db
    .selectFrom('strategy_reports')
    .select(['report', sql<boolean>`picture is not null`.as('hasPicture')])
    .where('run', '=', run)
    .executeTakeFirst()
  return row
}

/** The curves of a backtest; undefined when it has none (yet). */
export async function curvesOf(db: Db, run: number): Promise<Curves | undefined> {
  const row = await db.selectFrom('strategy_reports').select('curves').where('run', '=', run).executeTakeFirst()
  return row?.curves
}

/** The picture of a backtest as PNG; undefined when it has none. */
export async function pictureOf(db: Db, run: number): Promise<Uint8Array | undefined> {
  const row = await db.selectFrom('strategy_reports').select('picture').where('run', '=', run).executeTakeFirst()
  return row?.picture ?? undefined
}

/** The trades of a backtest after a number, in the order of exits, at most `most`. */
export async function tradesOf(
  db: Db,
  run: number,
  { after = 0, most = 50 }: { after?: number; most?: number } = {},
): Promise<NumberedTrade[]> {
  const { rows } = await sql<{ number: number; trade: SimulatedTrade }>`
    select number, trade from strategy_trades where run = ${run} and number > ${after} order by number limit ${most}`.execute(
    db,
  )
  return rows.map(({ number, trade }) => ({ ...trade, number }))
}
