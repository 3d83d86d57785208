import type { Trx } from '../db/client.ts'
import { editRow, postRow } from '../ledger/replies.ts'
import { endGroup, lockGroups } from '../ledger/scaleout-groups.ts'
import type { Scaleout } from '../ledger/scaleouts.ts'
import { groupText, groupTotalText } from './group-text.ts'

const hasEnded = ({ state }: Scaleout) => state !== 'running' && state !== 'paused'

/**
 * Brings the messages of groups up to date of which a scaleout has moved on or ended, and says the total, once, when it
 * was the last. Called after what moved was written: the scaleouts of a group meet at its row.
 */
export async function tellGroups(trx: Trx, ids: number[], at: Date): Promise<void> {
  if (ids.length === 0) return
  const rows = []
  for (const group of await lockGroups(trx, ids)) {
    const to = { conversationId: group.conversationId, scaleoutId: group.scaleouts[0]?.id }
    if (group.announcement !== null) rows.push(editRow(to, group.announcement, groupText(group)))
    if (group.state === 'ended' || !group.scaleouts.every(hasEnded)) continue
    rows.push(postRow(to, { text: groupTotalText(group) }))
    await endGroup(trx, group.id, at)
  }
  if (rows.length > 0) await trx.insertInto('replies').values(rows).execute()
}
