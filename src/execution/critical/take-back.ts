import type { ClosingOrder } from '../../ledger/closings.ts'
import { lockOrder, rejectOrder } from '../../ledger/orders.ts'
import { lockPosition } from '../../ledger/positions.ts'
import { queueReply } from '../../ledger/replies.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { givenUpText } from './text.ts'

/**
 * Ends an order that a person gave up and of which the venue, asked since, knows nothing. False while a call that began
 * before may still reach the venue.
 */
export async function takeBack(parts: Parts, order: ClosingOrder): Promise<boolean> {
  const at = parts.clock.now()
  if (order.callingUntil && order.callingUntil > at) return false
  const { conversationId } = order
  const isEnded = await parts.db.transaction().execute(async (trx) => {
    const { order: current, position } = await lockOrder(trx, order.id)
    if (current.state !== 'working') return false
    await rejectOrder(trx, current, position, 'given up')
    const text = givenUpText(order, await lockPosition(trx, position.id))
    await queueReply(trx, { conversationId, at }, { text }, 'outbox')
    return true
  })
  if (isEnded) await wakeReplies(parts, [conversationId])
  return true
}
