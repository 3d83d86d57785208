import { asYouAsked } from '../events/rules/background.ts'
import type { QueuedNotice } from '../notice.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { lockPosition } from '../positions/rows/positions.ts'
import { cancelScaleout } from './cancel-scaleout.ts'
import { lockRunningScaleout, type Scaleout } from './rows/scaleouts.ts'

/**
 * Ends a running scaleout because its member asked for it, and tells this conversation first. Returns the notice for the member;
 * undefined when it does not run any more.
 */
export async function cancelRunning(
  parts: Parts,
  meant: Pick<Scaleout, 'id' | 'positionId'>,
  conversationId: number,
): Promise<QueuedNotice | undefined> {
  const ended = await parts.db.transaction().execute(async (trx) => {
    const position = await lockPosition(trx, meant.positionId)
    const scaleout = await lockRunningScaleout(trx, position.id)
    if (scaleout?.id !== meant.id) return undefined
    const say = { postedBy: 'door' as const, conversationId }
    const cancelled = await cancelScaleout(trx, parts, scaleout, position, asYouAsked, parts.clock.now(), say)
    return { ...cancelled, isOfGroup: scaleout.groupId !== null }
  })
  if (!ended) return undefined
  await wakeReplies(
    parts,
    ended.conversations.filter((id) => id !== conversationId || ended.isOfGroup),
  )
  return ended.told
}
