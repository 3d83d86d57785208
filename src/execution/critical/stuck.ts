import type { ClosingOrder } from '../../ledger/closings.ts'
import { appendEventRow } from '../../ledger/events.ts'
import { lockOrder } from '../../ledger/orders.ts'
import { queueReply } from '../../ledger/replies.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { about } from '../record.ts'
import { stuckText } from './text.ts'

/** An order that is not filled after this long is told of, and again each time that its age has doubled. */
const firstWordMs = 1000

/** Tells the thread that a closing order of this age is not filled yet, and why; once for each doubling of its age. */
export async function sayStuck(parts: Parts, order: ClosingOrder, because: string, ageMs: number): Promise<void> {
  if (ageMs < firstWordMs) return
  const doublings = Math.floor(Math.log2(ageMs / firstWordMs))
  const at = parts.clock.now()
  const said = await parts.db.transaction().execute(async (trx) => {
    // Another worker may have had more luck with it meanwhile.
    if ((await lockOrder(trx, order.id)).order.state !== 'working') return undefined
    const event = await appendEventRow(trx, {
      type: 'order_error',
      data: { purpose: order.purpose, error: because },
      ...about(order),
      at,
      dedupeKey: `order-${order.id}-stuck-${doublings}`,
    })
    if (event.id === undefined) return undefined
    const { conversationId } = order
    await queueReply(trx, { conversationId, at }, { text: stuckText(order, because, ageMs) }, 'outbox')
    return { eventId: event.id, conversations: [...event.conversations, conversationId] }
  })
  if (!said) return
  await wakeReplies(parts, said.conversations)
  await parts.queues
    .event('alerts', said.eventId)
    .catch((cause) => parts.log.warn({ err: cause, event_id: said.eventId }, 'an alert could not be queued'))
}
