import { sql } from 'kysely'
import type { Refusal } from '../../base/refusal.ts'
import { announceRunWork } from '../../infra/db/announce.ts'
import { wakeReplies } from '../../trading/parts.ts'
import type { StrategyParts } from '../parts.ts'
import { endRunIn } from './end-run.ts'
import { noSuchRun, runEnded } from './refusals.ts'
import { lockRun, runById, runOf } from './rows/runs.ts'
import type { Run } from './rules/run.ts'
import { isEnd, stateAfter } from './rules/run-state.ts'
import { tellProgress } from './tell.ts'

/**
 * Cancels a run of a member, by its number or its UUID. One that waits is cancelled at once; one that is worked on is `cancelling` until
 * its worker has stopped. A second cancel changes nothing. The first end wins: a run that has ended says how.
 */
export async function cancelRun(
  parts: StrategyParts,
  { memberId }: { memberId: number },
  named: number | string,
): Promise<Run | Refusal> {
  const wanted = await runOf(parts.db, memberId, named)
  if (!wanted) return noSuchRun(named)
  const done = await parts.db.transaction().execute(async (trx) => {
    const run = await lockRun(trx, wanted.id)
    if (!run) return noSuchRun(named)
    if (isEnd(run.state)) return runEnded(run)
    const state = stateAfter(run.state, 'cancel')!
    if (isEnd(state)) {
      const message = 'cancelled before it began'
      return (await endRunIn(trx, parts, run.id, { step: 'cancel', message }))!
    }
    if (state === run.state) return { run, conversations: [] }
    await trx
      .updateTable('strategy_runs')
      .set({ state, message: 'its worker is stopping', updated_at: sql<Date>`clock_timestamp()` })
      .where('id', '=', run.id)
      .execute()
    const cancelling = (await runById(trx, run.id))!
    return { run: cancelling, conversations: await tellProgress(trx, parts, cancelling) }
  })
  if (!('conversations' in done)) return done
  await wakeReplies(parts, done.conversations)
  await announceRunWork(parts, done.run.id)
  return done.run
}
