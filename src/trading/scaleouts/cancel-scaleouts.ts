import type { Big } from '../../base/amounts.ts'
import type { Trx } from '../../infra/db/client.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { QueuedNotice } from '../notice.ts'
import { askLater } from '../orders/order-clock.ts'
import { chunksOnTheWay, restingExits } from '../orders/rows/working-orders.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { lockPosition, type Position } from '../positions/rows/positions.ts'
import { appendCancelled, cancelScaleout } from './cancel-scaleout.ts'
import { tellGroups } from './group.ts'
import { endScaleout, lockRunningScaleout, type Scaleout } from './rows/scaleouts.ts'

/**
 * Ends those of these scaleouts that still run, in one transaction. Returns the notice; undefined when none ran. Chunks at the
 * venue may still be filled and are reported. For scaleouts of a group the total follows; the others are told in their own
 * threads.
 */
export async function cancelScaleouts(
  parts: Parts,
  scaleouts: Scaleout[],
  because: string,
  conversationId: number,
): Promise<QueuedNotice | undefined> {
  const at = parts.clock.now()
  const ended = await parts.db.transaction().execute(async (trx) => {
    const positions: Position[] = []
    for (const { positionId } of scaleouts.toSorted((a, b) => a.positionId - b.positionId))
      positions.push(await lockPosition(trx, positionId))
    const ending: { scaleout: Scaleout; position: Position; onTheWay: Big }[] = []
    const conversations: number[] = []
    for (const position of positions) {
      const scaleout = await lockRunningScaleout(trx, position.id)
      if (!scaleout) continue
      conversations.push(scaleout.conversationId, ...(await endOne(trx, parts, scaleout, position, because, at)))
      ending.push({ scaleout, position, onTheWay: await chunksOnTheWay(trx, position.id) })
    }
    if (ending.length === 0) return undefined
    const { accountId } = ending[0]!.scaleout
    const to = { conversationId, accountId, at }
    const told = await queueNotice(trx, parts, to, { kind: 'scaleouts.cancelled', ended: ending }, 'door')
    const groups = [...new Set(ending.flatMap(({ scaleout }) => scaleout.groupId ?? []))]
    conversations.push(...(await tellGroups(trx, parts, groups, at)))
    return { told, conversations, positions: ending.map(({ position }) => position.id) }
  })
  if (ended) {
    await wakeReplies(parts, ended.conversations)
    await takeBackChunks(parts, ended.positions)
  }
  return ended?.told
}

/** Takes back the unfilled orders of chunks at the venue, through the queue of orders. */
export async function takeBackChunks(parts: Parts, positionIds: number[]): Promise<void> {
  for (const positionId of positionIds) {
    const orders = (await restingExits(parts.db, positionId)).filter(({ purpose }) => purpose === 'chunk')
    for (const order of orders) await askLater(parts, order, 0)
  }
}

async function endOne(
  trx: Trx,
  parts: Parts,
  scaleout: Scaleout,
  position: Position,
  because: string,
  at: Date,
): Promise<number[]> {
  if (scaleout.groupId === null)
    return (await cancelScaleout(trx, parts, scaleout, position, because, at)).conversations
  await endScaleout(trx, scaleout, 'cancelled', because, at)
  return appendCancelled(trx, parts, scaleout, position, because, at)
}
