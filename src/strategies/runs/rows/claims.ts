import { type Kysely, sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import type { WrittenResult } from '../../screeners/written-result.ts'
import type { RunState } from '../rules/run-state.ts'
import { saveResults } from './results.ts'

/** A worker that was silent for so long is lost, in milliseconds. It beats every two seconds. */
const lostAfterMs = 15_000

const now = sql<Date>`clock_timestamp()`
const isLost = sql<boolean>`(heartbeat_at is null or heartbeat_at < clock_timestamp() - ${`${lostAfterMs} milliseconds`}::interval)`

/** One attempt at a run. Its writes count only as long as no other attempt has begun. */
export interface Attempt {
  id: number
  attempt: number
}

/** Is there a run that waits for a worker? */
export async function hasWork(db: Db): Promise<boolean> {
  const { rows } = await sql`
    select from strategy_runs where ended_at is null and (state = 'queued' or ${isLost}) limit 1`.execute(db)
  return rows.length > 0
}

/** A run without a worker: `isLoss` when it was silent, else it has let the run go. */
export interface LostRun {
  id: number
  isLoss: boolean
  /** Workers that were lost before, one after the other, without a result in between. */
  losses: number
}

/** Locks the oldest run that was begun and that nobody works on: it may end while it is looked at. The caller holds the lock of the queue. */
export async function lockLostRun(trx: Trx): Promise<LostRun | undefined> {
  const { rows } = await sql<LostRun>`
    select id, losses, heartbeat_at is not null as "isLoss" from strategy_runs
    where ended_at is null and state <> 'queued' and ${isLost} order by id limit 1 for update`.execute(trx)
  return rows[0]
}

/** Begins another attempt at a run. */
export async function beginAttempt(
  trx: Trx,
  id: number,
  { worker, message, isLoss = false }: { worker: string; message: string; isLoss?: boolean },
): Promise<void> {
  await trx
    .updateTable('strategy_runs')
    .set({
      ...{ state: 'starting', worker, message, heartbeat_at: now, updated_at: now, held_since: null },
      attempt: sql<number>`attempt + 1`,
      losses: sql<number>`losses + ${isLoss ? 1 : 0}`,
    })
    .where('id', '=', id)
    .execute()
}

/** Notes that the start of a run waits for this machine. Returns whether that is news. */
export async function noteHeld(trx: Trx, id: number, message: string, at: Date): Promise<boolean> {
  const { rows } = await sql<{ is_new: boolean }>`
    update strategy_runs r set held_since = coalesce(r.held_since, ${at}), message = ${message}, updated_at = clock_timestamp()
    from (select id, held_since from strategy_runs where id = ${id}) before where r.id = before.id
    returning before.held_since is null as is_new`.execute(trx)
  return rows[0]!.is_new
}

/** Since when the start of a run waits; undefined when it does not. */
export async function heldSince(trx: Trx, id: number): Promise<Date | undefined> {
  const row = await trx.selectFrom('strategy_runs').select('held_since').where('id', '=', id).executeTakeFirst()
  return row?.held_since ?? undefined
}

/** The facts that the first start of a run fixes. */
export interface Fixed {
  symbols: string[]
  /** `2014-01-10` */
  asOf: string
  /** `replay:daily` */
  market: string
  strengths?: Record<string, number>
}

/** The facts that a first start also notes: the symbols of the universe that the market does not know. */
export interface Noted {
  leftOut: number
  /** The first few of them. */
  unknown: readonly string[]
}

/** The facts that were fixed; undefined before the first start. */
export async function fixedOf(db: Db, id: number): Promise<Fixed | undefined> {
  const row = await db
    .selectFrom('strategy_runs')
    .select(['symbols', 'strengths', 'market', sql<string | null>`to_char(as_of, 'YYYY-MM-DD')`.as('day')])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row?.symbols || row.day === null || row.market === null) return undefined
  return { symbols: row.symbols, asOf: row.day, market: row.market, ...(row.strengths && { strengths: row.strengths }) }
}

/** Fixes the symbols and the day of a run, unless an earlier attempt has. False when another attempt has begun. */
export async function fix(
  db: Db,
  of: Attempt,
  { symbols, asOf, market, leftOut, unknown }: Fixed & Noted,
): Promise<boolean> {
  return isOne(
    await ofAttempt(db, of)
      .set({ symbols, as_of: asOf, market, left_out: leftOut, unknown_symbols: [...unknown], updated_at: now })
      .where('symbols', 'is', null)
      .executeTakeFirst(),
  )
}

/** Begins the work: `starting` becomes `running`. False when it was cancelled, or another attempt has begun. */
export async function noteRunning(db: Db, of: Attempt, total: number, message: string, at: Date): Promise<boolean> {
  return isOne(
    await ofAttempt(db, of)
      .set({
        ...{ state: 'running', total_items: total, message, heartbeat_at: now, updated_at: now },
        started_at: sql<Date>`coalesce(started_at, ${at})`,
      })
      .where('state', '=', 'starting')
      .executeTakeFirst(),
  )
}

/** Keeps the figures by which the symbols are compared, so that another attempt compares them in the same way. */
export async function keepStrengths(db: Db, of: Attempt, strengths: Record<string, number>): Promise<boolean> {
  return isOne(
    await ofAttempt(db, of)
      .set({ strengths: JSON.stringify(strengths) as never })
      .where('state', '=', 'running')
      .executeTakeFirst(),
  )
}

/** Every symbol has its result: `running` becomes `completing`. False when it was cancelled, or another attempt has begun. */
export async function noteFinished(db: Db, of: Attempt): Promise<boolean> {
  return isOne(
    await ofAttempt(db, of)
      .set({ state: 'completing', message: 'nearly done', heartbeat_at: now, updated_at: now })
      .where('state', '=', 'running')
      .executeTakeFirst(),
  )
}

/** Lets a run go, so that another worker takes it up at once. Nothing that its own still finds is kept: the attempt is over. */
export async function letGo(db: Db, of: Attempt, workedMs: number): Promise<void> {
  await ofAttempt(db, of)
    .set({
      heartbeat_at: null,
      worker: null,
      attempt: sql<number>`attempt + 1`,
      worked_ms: Math.round(workedMs),
      message: 'waits for another worker',
      updated_at: now,
    })
    .execute()
}

/** The progress of an attempt. */
export interface Progress {
  stage: string
  stageDone: number
  stageOf: number
  currentItem?: string
  /** It counts only when it is more than before. */
  percent: number
  tickersPerSecond?: number
  workedMs: number
  message: string
}

/**
 * Writes the progress of an attempt, or without one only that its worker lives. Returns the state of the run; undefined when another
 * attempt has begun or the run has ended.
 */
export async function beat(db: Db, of: Attempt, workedMs: number, progress?: Progress): Promise<RunState | undefined> {
  const row = await ofAttempt(db, of)
    .set({
      heartbeat_at: now,
      worked_ms: Math.round(workedMs),
      ...(progress && {
        stage: progress.stage,
        stage_done: progress.stageDone,
        stage_of: progress.stageOf,
        current_item: progress.currentItem ?? null,
        progress_percent: sql<number>`greatest(progress_percent, ${progress.percent}::float8)`,
        tickers_per_second: progress.tickersPerSecond ?? null,
        // The sentence of a cancel stays.
        message: sql<string>`case when state = 'cancelling' then message else ${progress.message} end`,
        updated_at: now,
      }),
    })
    .returning('state')
    .executeTakeFirst()
  return row?.state
}

/**
 * Keeps a batch of results, each symbol once, and counts them. Returns the state of the run: only while it is `running` anything is
 * kept. Undefined when another attempt has begun or the run has ended. It does not wait for the disk, which others would then wait for
 * as well: a database that loses power loses the newest batches at most, and they are scored again. A run's end waits, and with it all
 * that was written before.
 */
export async function keepResults(
  db: Kysely<Database>,
  of: Attempt,
  results: readonly WrittenResult[],
): Promise<RunState | undefined> {
  return db.transaction().execute(async (trx) => {
    const state = await lockAttempt(trx, of)
    if (state !== 'running') return state
    await saveResults(trx, of.id, results)
    return state
  })
}

/**
 * Locks the run of an attempt, and returns its state; undefined when another attempt has begun or the run has ended. The writes of
 * the transaction do not wait for the disk: only the end of a run does.
 */
export async function lockAttempt(trx: Trx, { id, attempt }: Attempt): Promise<RunState | undefined> {
  const row = await trx
    .selectFrom('strategy_runs')
    .select(['state', sql`set_config('synchronous_commit', 'off', true)`.as('commits')])
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('ended_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return row?.state
}

/** All symbols of a run are done at once. */
export async function noteAllDone(trx: Trx, of: Attempt): Promise<void> {
  await ofAttempt(trx, of)
    .set({ completed_items: sql<number>`total_items`, losses: 0, heartbeat_at: now, updated_at: now })
    .execute()
}

const ofAttempt = (db: Db, { id, attempt }: Attempt) =>
  db.updateTable('strategy_runs').where('id', '=', id).where('attempt', '=', attempt).where('ended_at', 'is', null)

const isOne = ({ numUpdatedRows }: { numUpdatedRows: bigint }) => numUpdatedRows === 1n
