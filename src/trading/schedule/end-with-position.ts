import type { Trx } from '../../infra/db/client.ts'
import { appendEvent } from '../events/append-event.ts'
import { queueNotice } from '../events/queue-notice.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import type { Position } from '../positions/rows/positions.ts'
import { endWithoutPosition, endWithPosition, scheduledFor } from './rows/scheduled-ends.ts'
import type { ScheduledOrder } from './rows/scheduled-orders.ts'

/**
 * Ends the waiting orders that only close these positions, which end in this transaction, and tells the threads of the orders.
 * Returns the conversations with new replies.
 */
export async function endScheduledWith(
  trx: Trx,
  parts: Pick<Parts, 'wording' | 'notices'>,
  ended: Position[],
  at: Date,
) {
  const conversations: number[] = []
  // Many positions may end at once, and few of them have such orders.
  const concerned = await scheduledFor(
    trx,
    ended.map(({ id }) => id),
  )
  for (const { id, signedQuantity } of ended.filter((one) => concerned.has(one.id))) {
    const because = signedQuantity.eq(0) ? 'the position is closed' : 'the position has turned round'
    for (const order of await endWithPosition(trx, id, because, at)) {
      conversations.push(...(await tellEnd(trx, parts, order, because, at)))
    }
  }
  return conversations
}

/** Ends the waiting orders whose positions were closed in another way, such as an undone recording. The sweep calls it. */
export async function sweepScheduledEnds(parts: Parts): Promise<void> {
  const at = parts.clock.now()
  const because = 'the position is closed'
  const conversations = await parts.db.transaction().execute(async (trx) => {
    const told: number[] = []
    for (const order of await endWithoutPosition(trx, because, at)) {
      told.push(...(await tellEnd(trx, parts, order, because, at)))
    }
    return told
  })
  await wakeReplies(parts, conversations)
}

async function tellEnd(
  trx: Trx,
  parts: Pick<Parts, 'wording' | 'notices'>,
  order: ScheduledOrder,
  because: string,
  at: Date,
): Promise<number[]> {
  const { id, accountId, memberId, conversationId, symbol, what } = order
  const notice = { kind: 'schedule.ended_with_position' as const, order, because }
  await queueNotice(trx, parts, { conversationId, accountId, at }, notice, 'outbox')
  const watching = await appendEvent(trx, parts, {
    type: 'scheduled_ended',
    data: { what, outcome: `ended: ${because}` },
    ...{ accountId, memberId, conversationId, symbol },
    at,
    dedupeKey: `scheduled-${id}-ended`,
  })
  return [...watching, conversationId]
}
