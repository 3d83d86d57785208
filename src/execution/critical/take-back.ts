import type { ClosingOrder } from '../../ledger/closings.ts'
import { lockOrder, rejectOrder } from '../../ledger/orders.ts'
import { lockPosition } from '../../ledger/positions.ts'
import { queueReply } from '../../ledger/replies.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { givenUpText } from './text.ts'

/** Ends an order that a person gave up and that the venue will never fill. */
export async function takeBack(parts: Parts, order: ClosingOrder): Promise<void> {
  const at = parts.clock.now()
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
}
