import { sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Run, RunKindName } from '../rules/run.ts'
import type { RunState } from '../rules/run-state.ts'

/** A run that is asked for, with everything checked. */
export type NewRun = Pick<
  Run,
  | 'memberId'
  | 'accountId'
  | 'conversationId'
  | 'requestId'
  | 'origin'
  | 'kind'
  | 'strategy'
  | 'parameters'
  | 'templateName'
  | 'scheduleId'
  | 'sweepId'
  | 'priority'
  | 'timeLimitMs'
  | 'notify'
  | 'due'
>

/** Saves a queued run with the next number of its member. The queue is locked by the caller (`lockQueue`), so that numbers are its own. */
export async function saveRun(trx: Trx, run: NewRun, message: string, at: Date): Promise<Run> {
  const { id } = await trx
    .insertInto('strategy_runs')
    .values({
      member_id: run.memberId,
      number: sql<number>`(select coalesce(max(number), 0) + 1 from strategy_runs where member_id = ${run.memberId})`,
      account_id: run.accountId,
      conversation_id: run.conversationId,
      request_id: run.requestId,
      origin: run.origin,
      kind: run.kind,
      strategy: run.strategy,
      parameters: JSON.stringify(run.parameters),
      template_name: run.templateName,
      schedule_id: run.scheduleId,
      sweep_id: run.sweepId,
      priority: run.priority,
      message,
      time_limit_ms: run.timeLimitMs,
      notify: run.notify,
      due_at: run.due?.at,
      due_zone: run.due?.zone,
      asked_at: at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return (await runById(trx, id))!
}

/** Makes whoever asks for a run, or takes one from the queue, wait for the others; to the end of the transaction. */
export async function lockQueue(trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('strategy runs', 0))`.execute(trx)
}

/** The run that a request has made, if it was heard before. */
export async function runOfRequest(db: Db, requestId: string): Promise<Run | undefined> {
  return one(runs(db).where('request_id', '=', requestId))
}

/** A run by its row id; undefined when there is none. */
export async function runById(db: Db, id: number): Promise<Run | undefined> {
  return one(runs(db).where('id', '=', id))
}

/** The same, locked for a change. */
export async function lockRun(trx: Trx, id: number): Promise<Run | undefined> {
  return one(runs(trx).where('id', '=', id).forUpdate())
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** A run of a member by its number or its UUID; undefined when the member has none such. */
export async function runOf(db: Db, memberId: number, named: number | string): Promise<Run | undefined> {
  const number = typeof named === 'number' ? named : /^\d{1,9}$/.test(named) ? Number(named) : undefined
  if (number === undefined && !uuid.test(String(named))) return undefined
  if (number !== undefined && !(Number.isSafeInteger(number) && number > 0 && number < 2 ** 31)) return undefined
  const own = runs(db).where('member_id', '=', memberId)
  return one(number === undefined ? own.where('run_id', '=', String(named)) : own.where('number', '=', number))
}

/** The runs of a list, by their row ids. */
export async function runsById(db: Db, ids: readonly number[]): Promise<Run[]> {
  if (ids.length === 0) return []
  return all(
    runs(db)
      .where(sql<boolean>`id = any(${[...ids]}::bigint[])`)
      .orderBy('id'),
  )
}

/** Runs by their UUIDs. */
export async function runsNamed(db: Db, runIds: readonly string[]): Promise<Run[]> {
  if (runIds.length === 0) return []
  return all(
    runs(db)
      .where(sql<boolean>`run_id = any(${[...runIds]}::uuid[])`)
      .orderBy('id'),
  )
}

/** The runs of these members that have not ended. */
export async function activeRunsOf(db: Db, memberIds: readonly number[]): Promise<Run[]> {
  if (memberIds.length === 0) return []
  const theirs = runs(db).where(sql<boolean>`member_id = any(${[...memberIds]}::bigint[])`)
  return all(theirs.where('ended_at', 'is', null).orderBy('id'))
}

/** A choice among the runs of a member. */
export interface RunPage {
  /** Only runs of this account, and those of none. */
  accountId?: number
  kind?: RunKindName
  strategy?: string
  states?: readonly RunState[]
  /** Only runs with a smaller number. */
  before?: number
  most?: number
}

/** The runs of a member, the newest first. */
export async function runsOf(
  db: Db,
  memberId: number,
  { accountId, kind, strategy, states, before, most = 20 }: RunPage = {},
): Promise<Run[]> {
  const chosen = runs(db)
    .where('member_id', '=', memberId)
    .$if(accountId !== undefined, (query) =>
      query.where((is) => is.or([is('account_id', '=', accountId!), is('account_id', 'is', null)])),
    )
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind!))
    .$if(strategy !== undefined, (query) => query.where('strategy', '=', strategy!))
    .$if(states !== undefined, (query) => query.where(sql<boolean>`state = any(${[...(states ?? [])]}::text[])`))
    .$if(before !== undefined, (query) => query.where('number', '<', before!))
    .orderBy('number', 'desc')
    .limit(most)
  return all(chosen)
}

/** The runs of a sweep, in the order of its values. */
export async function runsOfSweep(db: Db, sweepId: number): Promise<Run[]> {
  return all(runs(db).where('sweep_id', '=', sweepId).orderBy('id'))
}

/** All runs that have not ended, in the order in which they were asked for. */
export async function openRuns(db: Db): Promise<Run[]> {
  return all(runs(db).where('ended_at', 'is', null).orderBy('id'))
}

/** Notes the message that follows a run. */
export async function notePost(trx: Trx, id: number, row: number): Promise<void> {
  await trx.updateTable('strategy_runs').set({ post_row: row }).where('id', '=', id).execute()
}

const runs = (db: Db) =>
  db
    .selectFrom('strategy_runs')
    .select([
      ...([
        'id',
        'run_id',
        'member_id',
        'number',
        'account_id',
        'conversation_id',
        'request_id',
        'origin',
        'kind',
      ] as const),
      ...(['strategy', 'parameters', 'template_name', 'schedule_id', 'sweep_id', 'priority', 'state'] as const),
      ...([
        'left_out',
        'unknown_symbols',
        'market',
        'stage',
        'stage_done',
        'stage_of',
        'progress_percent',
        'current_item',
        'total_items',
        'completed_items',
      ] as const),
      ...(['passed_count', 'skipped_count', 'error_count', 'tickers_per_second', 'message', 'attempt'] as const),
      ...(['worked_ms', 'time_limit_ms', 'post_row', 'notify', 'error_code', 'error'] as const),
      ...(['asked_at', 'started_at', 'ended_at', 'updated_at', 'due_at', 'due_zone'] as const),
    ])
    .select(sql<string | null>`to_char(as_of, 'YYYY-MM-DD')`.as('as_of_day'))

type Chosen = ReturnType<typeof runs>
type Row = Awaited<ReturnType<Chosen['executeTakeFirstOrThrow']>>

async function one(chosen: Chosen): Promise<Run | undefined> {
  const row = await chosen.executeTakeFirst()
  return row && toRun(row)
}

const all = async (chosen: Chosen): Promise<Run[]> => (await chosen.execute()).map(toRun)

const toRun = (row: Row): Run => ({
  id: row.id,
  runId: row.run_id,
  memberId: row.member_id,
  number: row.number,
  accountId: row.account_id ?? undefined,
  conversationId: row.conversation_id ?? undefined,
  requestId: row.request_id,
  origin: row.origin,
  kind: row.kind,
  strategy: row.strategy,
  parameters: row.parameters,
  templateName: row.template_name ?? undefined,
  scheduleId: row.schedule_id ?? undefined,
  sweepId: row.sweep_id ?? undefined,
  priority: row.priority,
  state: row.state as RunState,
  asOf: row.as_of_day ?? undefined,
  leftOut: row.left_out,
  unknown: row.unknown_symbols,
  market: row.market ?? undefined,
  ...(row.due_at && { due: { at: row.due_at, zone: row.due_zone ?? 'America/New_York' } }),
  stage: row.stage ?? undefined,
  stageDone: row.stage_done,
  stageOf: row.stage_of ?? undefined,
  progressPercent: row.progress_percent,
  currentItem: row.current_item ?? undefined,
  totalItems: row.total_items ?? undefined,
  completedItems: row.completed_items,
  passedCount: row.passed_count,
  skippedCount: row.skipped_count,
  errorCount: row.error_count,
  tickersPerSecond: row.tickers_per_second ?? undefined,
  message: row.message,
  attempt: row.attempt,
  workedMs: row.worked_ms,
  timeLimitMs: row.time_limit_ms,
  postRow: row.post_row ?? undefined,
  notify: row.notify,
  errorCode: row.error_code ?? undefined,
  error: row.error ?? undefined,
  askedAt: row.asked_at,
  startedAt: row.started_at ?? undefined,
  endedAt: row.ended_at ?? undefined,
  updatedAt: row.updated_at,
})
