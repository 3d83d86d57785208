import type { Trx } from '../../infra/db/client.ts'
import { tellDirectly } from '../accounts/rows/notify.ts'
import { editRow, postRow } from '../events/rows/replies.ts'
import { asYouAsked } from '../events/rules/background.ts'
import type { Parts } from '../parts.ts'
import { endGroup, lockGroups } from './rows/scaleout-groups.ts'
import type { Scaleout } from './rows/scaleouts.ts'

const hasEnded = ({ state }: Scaleout) => state !== 'running' && state !== 'paused'
/** A member who has ended it needs no direct message. */
const byItself = ({ endedBecause }: Scaleout) => endedBecause !== asYouAsked

/**
 * Updates the messages of groups in which a scaleout has moved or ended. When the last scaleout has ended, it reports the total
 * once, and also in a direct message to a member who wants them. Call it after the move was written: transactions meet at the
 * row of the group. `isStep`: chunks were filled, which is posted anew where a message cannot be edited; other changes have
 * messages of their own. Returns more conversations with new replies.
 */
export async function tellGroups(
  trx: Trx,
  { wording }: Pick<Parts, 'wording'>,
  ids: number[],
  at: Date,
  { isStep = false } = {},
): Promise<number[]> {
  if (ids.length === 0) return []
  const rows = []
  const conversations: number[] = []
  for (const group of await lockGroups(trx, ids)) {
    const { scaleouts } = group
    const { id: scaleoutId, accountId } = scaleouts[0] ?? {}
    const to = { conversationId: group.conversationId, scaleoutId, accountId }
    const isOver = scaleouts.every(hasEnded)
    const step = isStep && !isOver ? wording({ kind: 'scaleouts.progressed', scaleouts }).text : undefined
    const { text } = wording({ kind: 'scaleouts.started', group })
    if (group.announcement !== null) rows.push(editRow(to, group.announcement, { text, anew: step }))
    if (group.state === 'ended' || !isOver) continue
    rows.push(postRow(to, wording({ kind: 'scaleouts.ended', scaleouts })))
    const { memberId, conversationId } = { ...scaleouts[0]!, conversationId: group.conversationId }
    if (scaleouts.some(byItself)) {
      const direct = wording({ kind: 'scaleouts.ended', scaleouts, isDirect: true })
      conversations.push(...(await tellDirectly(trx, { memberId, conversationId, accountId }, direct.text)))
    }
    await endGroup(trx, group.id, at)
  }
  if (rows.length > 0) await trx.insertInto('replies').values(rows).execute()
  return conversations
}
