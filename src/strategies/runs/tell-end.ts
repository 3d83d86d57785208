import { sql } from 'kysely'
import type { Db, Trx } from '../../infra/db/client.ts'
import { queueNotice } from '../../trading/events/queue-notice.ts'
import type { RunParts, StrategyParts } from '../parts.ts'
import { type EndedBacktest, type EndedRun, hitsShown } from './notices.ts'
import { directConversation } from './notify/direct.ts'
import { queueNotifications } from './rows/notifications.ts'
import { keptReport } from './rows/reports.ts'
import { countTexts, resultsOf } from './rows/results.ts'
import { runsOfSweep } from './rows/runs.ts'
import type { Run } from './rules/run.ts'
import { isEnd, type RunState } from './rules/run-state.ts'
import { tellProgress } from './tell.ts'

/** Misses that are listed when nothing passed. */
const nearestShown = 3
/** Hits of each run of a sweep that are listed. */
const bestShown = 5

/**
 * Tells of the end of a run: its message gets its last edit, its list is a message of its own, and those who asked to be told elsewhere
 * are. The list of a sweep's runs comes when the last one has ended. `before`: the state before the end. Returns the conversations with
 * something to post.
 */
export async function tellEnd(trx: Trx, parts: StrategyParts, run: Run, before: RunState): Promise<number[]> {
  const conversations = await tellProgress(trx, parts, run)
  if (run.sweepId !== undefined) {
    await queueNotifications(trx, run)
    return [...conversations, ...(await tellSweep(trx, parts, run.sweepId))]
  }
  // A run that never began has nothing to list; the edit and the answer to the cancel say so.
  const isListed = before !== 'queued'
  if (!isListed && run.notify.length === 0) return conversations
  const ended = await endedRun(trx, run, parts.runs)
  const at = run.endedAt!
  if (isListed && run.conversationId !== undefined) {
    const to = { conversationId: run.conversationId, accountId: run.accountId, at }
    await queueNotice(trx, parts, to, { kind: 'run.ended', ...ended }, 'outbox')
    conversations.push(run.conversationId)
  }
  if (run.notify.includes('dm')) {
    const direct = await directConversation(trx, run.memberId)
    if (direct !== undefined && direct !== run.conversationId) {
      const to = { conversationId: direct, accountId: run.accountId, at }
      await queueNotice(trx, parts, to, { kind: 'run.told', ...ended }, 'outbox')
      conversations.push(direct)
    }
  }
  await queueNotifications(trx, run)
  return conversations
}

/** The facts of an ended run: its first hits, and what was lacking. */
export async function endedRun(
  db: Db,
  run: Run,
  { bars, folder, isSimulated }: Pick<RunParts, 'bars' | 'folder' | 'isSimulated'>,
): Promise<EndedRun> {
  const about = { run, market: bars.name, isSimulated, ...(folder !== undefined && { folder }) }
  if (run.kind === 'backtest') {
    const backtest = await endedBacktest(db, run)
    return { ...about, hits: [], nearest: [], lacking: [], skipped: [], ...(backtest && { backtest }) }
  }
  const hits = await resultsOf(db, run.id, { outcomes: ['passed'], most: hitsShown })
  const nearest = hits.length > 0 ? [] : await resultsOf(db, run.id, { outcomes: ['failed'], most: nearestShown })
  const lacking = await countTexts(db, run.id, 'lacking')
  const skipped = await countTexts(db, run.id, 'skipped')
  return {
    ...{ ...about, hits, nearest },
    lacking: lacking.map(({ text, symbols }) => ({ what: text, symbols })),
    skipped: skipped.map(({ text, symbols }) => ({ reason: text, symbols })),
  }
}

/** The outcome of a backtest; undefined unless it has completed. */
export async function endedBacktest(db: Db, run: Run): Promise<EndedBacktest | undefined> {
  const kept = run.state === 'completed' ? await keptReport(db, run.id) : undefined
  if (!kept) return undefined
  const earlier = await runBefore(db, run)
  return { ...kept, ...(earlier !== undefined && { earlier }) }
}

/** The number of the last completed backtest of a member before this one, of the same symbols; undefined when there is none. */
async function runBefore(db: Db, { memberId, number, parameters }: Run): Promise<number | undefined> {
  const row = await db
    .selectFrom('strategy_runs')
    .select('number')
    .where('member_id', '=', memberId)
    .where('kind', '=', 'backtest')
    .where('state', '=', 'completed')
    .where('number', '<', number)
    .where(sql<boolean>`parameters -> 'tickers' = ${JSON.stringify(parameters.tickers)}::jsonb`)
    .orderBy('number', 'desc')
    .executeTakeFirst()
  return row?.number
}

/** Tells a sweep once, when the last of its runs has ended. */
async function tellSweep(trx: Trx, parts: StrategyParts, sweepId: number): Promise<number[]> {
  // The lock keeps two runs that end at once from each taking the other for still open.
  await sql`select from strategy_sweeps where id = ${sweepId} for update`.execute(trx)
  const runs = await runsOfSweep(trx, sweepId)
  if (runs.some(({ state }) => !isEnd(state))) return []
  const sweep = await trx
    .updateTable('strategy_sweeps')
    .set({ told_at: parts.clock.now() })
    .where('id', '=', sweepId)
    .where('told_at', 'is', null)
    .returning(['parameter', 'conversation_id', 'account_id'])
    .executeTakeFirst()
  if (!sweep) return []
  const [first] = runs
  const direct = first?.notify.includes('dm') ? await directConversation(trx, first.memberId) : undefined
  const conversations = [...new Set([sweep.conversation_id ?? undefined, direct])].filter((one) => one !== undefined)
  const listed: { run: Run; best: EndedRun['hits'] }[] = []
  for (const run of runs) {
    listed.push({ run, best: await resultsOf(trx, run.id, { outcomes: ['passed'], most: bestShown }) })
  }
  for (const conversationId of conversations) {
    const to = { conversationId, accountId: sweep.account_id ?? undefined, at: parts.clock.now() }
    await queueNotice(trx, parts, to, { kind: 'sweep.ended', parameter: sweep.parameter, runs: listed }, 'outbox')
  }
  return conversations
}
