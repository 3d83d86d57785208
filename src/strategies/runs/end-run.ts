import { sql } from 'kysely'
import { announceRunWork } from '../../infra/db/announce.ts'
import type { Trx } from '../../infra/db/client.ts'
import { wakeReplies } from '../../trading/parts.ts'
import type { StrategyParts } from '../parts.ts'
import { strategyOf } from './kind.ts'
import { lockRun, runById } from './rows/runs.ts'
import type { Run } from './rules/run.ts'
import { isEnd, type RunStep, stateAfter } from './rules/run-state.ts'
import { tellEnd } from './tell-end.ts'

/** The way in which a run ends. */
export interface Ending {
  step: Extract<RunStep, 'complete' | 'stop' | 'fail' | 'take up' | 'cancel'>
  /** Only when the run is still in this attempt. */
  attempt?: number
  /** A plain sentence. */
  message: string
  error?: { code: string; text: string }
  workedMs?: number
}

/**
 * Ends a run by a step and tells of it, in one transaction, so that it is told once. Undefined when it has ended before, when another
 * attempt has it, or when the step does not end it.
 */
export async function endRun(parts: StrategyParts, id: number, ending: Ending): Promise<Run | undefined> {
  const told = await parts.db.transaction().execute((trx) => endRunIn(trx, parts, id, ending))
  if (!told) return undefined
  await wakeReplies(parts, told.conversations)
  await announceRunWork(parts, id)
  return told.run
}

/** The same in a transaction of the caller, who wakes the conversations and announces the run after commit. */
export async function endRunIn(
  trx: Trx,
  parts: StrategyParts,
  id: number,
  { step, attempt, message, error, workedMs }: Ending,
): Promise<{ run: Run; conversations: number[] } | undefined> {
  const before = await lockRun(trx, id)
  if (!before || (attempt !== undefined && before.attempt !== attempt)) return undefined
  const state = stateAfter(before.state, step)
  if (state === undefined || !isEnd(state)) return undefined
  const isError = state === 'error'
  await trx
    .updateTable('strategy_runs')
    .set({
      state,
      ended_at: parts.clock.now(),
      message: state === 'cancelled' && step !== 'cancel' ? cancelledText(before) : message,
      error_code: isError ? (error?.code ?? 'RUN_FAILED') : null,
      error: isError ? (error?.text ?? message) : null,
      current_item: null,
      worker: null,
      heartbeat_at: null,
      updated_at: sql<Date>`clock_timestamp()`,
      ...(state === 'completed' && { progress_percent: 100, stage: strategyOf(parts.runs, before)?.stages.at(-1) }),
      ...(workedMs !== undefined && { worked_ms: Math.round(workedMs) }),
    })
    .where('id', '=', id)
    .execute()
  const run = (await runById(trx, id))!
  return { run, conversations: await tellEnd(trx, parts, run, before.state) }
}

function cancelledText({ kind, completedItems, totalItems }: Run): string {
  if (kind === 'backtest') return 'cancelled before it was done'
  return totalItems === undefined
    ? 'cancelled before it began'
    : `cancelled after ${completedItems} of ${totalItems} symbols`
}
