import { sql } from 'kysely'
import type { Trx } from '../../infra/db/client.ts'
import type { DoorName } from '../../talk/chat/place.ts'
import { postRow } from '../../trading/events/rows/replies.ts'
import type { StrategyParts } from '../parts.ts'
import { resultsOf } from './rows/results.ts'
import type { Run } from './rules/run.ts'

/** Hits so far that stand beside the progress. */
const hitsBeside = 3

/**
 * Queues an edit of the message that follows a run, as the run is now. At most one edit waits: a waiting one is written anew, and those
 * that were posted leave no row. Nothing is queued when it would say the same again. Returns the conversations with something to post.
 */
export async function tellProgress(trx: Trx, { wording }: Pick<StrategyParts, 'wording'>, run: Run): Promise<number[]> {
  const { conversationId, accountId, postRow: edits } = run
  if (conversationId === undefined || edits === undefined) return []
  const hits = run.passedCount > 0 ? await resultsOf(trx, run.id, { outcomes: ['passed'], most: hitsBeside }) : []
  const { text, tone, actions = [] } = wording({ kind: 'run.progress', run, hits })
  const anew = wording({ kind: 'run.line', run }).text
  const last = await lastEdit(trx, conversationId, edits)
  const isSame = last?.anew === anew && (last.text === text || last.door === 'terminal')
  if (isSame) return []
  const edit = {
    ...postRow({ conversationId, accountId }, { text, tone, actions, anew }),
    ...{ kind: 'edit' as const, edits },
  }
  const isAnew = await trx
    .updateTable('replies')
    .set({ body: edit.body })
    .where('edits', '=', edits)
    .where('kind', '=', 'edit')
    .where('state', '=', 'queued')
    .returning('id')
    .execute()
  if (isAnew.length > 0) return [conversationId]
  await trx
    .deleteFrom('replies')
    .where('edits', '=', edits)
    .where('kind', '=', 'edit')
    .where('state', 'in', ['posted', 'failed'])
    .execute()
  await trx.insertInto('replies').values(edit).execute()
  return [conversationId]
}

interface LastEdit {
  door: DoorName
  text: string | null
  anew: string | null
}

async function lastEdit(trx: Trx, conversationId: number, edits: number): Promise<LastEdit | undefined> {
  const { rows } = await sql<LastEdit>`
    select c.place ->> 'door' as door, r.body ->> 'text' as text, r.body ->> 'anew' as anew
    from conversations c left join replies r on r.edits = ${edits} and r.kind = 'edit'
    where c.id = ${conversationId} order by r.id desc nulls last limit 1`.execute(trx)
  return rows[0]
}
