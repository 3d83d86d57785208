import type { Trx } from '../../infra/db/client.ts'
import { postRow } from '../../trading/events/rows/replies.ts'
import type { StrategyParts } from '../parts.ts'
import { resultsOf } from './rows/results.ts'
import type { Run } from './rules/run.ts'

/** Hits so far that stand beside the progress. */
const hitsBeside = 3

/**
 * Queues an edit of the message that follows a run, as the run is now. At most one edit waits: a waiting one is written anew, and those
 * that were posted leave no row. Returns the conversations with something to post.
 */
export async function tellProgress(
  trx: Trx,
  { wording, clock }: Pick<StrategyParts, 'wording' | 'clock'>,
  run: Run,
): Promise<number[]> {
  if (run.conversationId === undefined || run.postRow === undefined) return []
  const now = clock.now()
  const hits = run.passedCount > 0 ? await resultsOf(trx, run.id, { outcomes: ['passed'], most: hitsBeside }) : []
  const { text, tone, actions = [] } = wording({ kind: 'run.progress', run, hits, now })
  const anew = wording({ kind: 'run.line', run, now }).text
  const to = { conversationId: run.conversationId, accountId: run.accountId }
  const edit = { ...postRow(to, { text, tone, actions, anew }), kind: 'edit' as const, edits: run.postRow }
  const waiting = await trx
    .updateTable('replies')
    .set({ body: edit.body })
    .where('edits', '=', run.postRow)
    .where('kind', '=', 'edit')
    .where('state', '=', 'queued')
    .returning('id')
    .execute()
  if (waiting.length > 0) return [run.conversationId]
  await trx
    .deleteFrom('replies')
    .where('edits', '=', run.postRow)
    .where('kind', '=', 'edit')
    .where('state', 'in', ['posted', 'failed'])
    .execute()
  await trx.insertInto('replies').values(edit).execute()
  return [run.conversationId]
}
