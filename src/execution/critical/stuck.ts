import type { Trx } from '../../db/client.ts'
import type { DeskEvent } from '../../events/desk-event.ts'
import type { ClosingOrder } from '../../ledger/closings.ts'
import { appendEventRow } from '../../ledger/events.ts'
import { lockOrder } from '../../ledger/orders.ts'
import { lockPosition, type Position } from '../../ledger/positions.ts'
import { queueReply } from '../../ledger/replies.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { about } from '../record.ts'
import type { Closing } from './place.ts'
import { inFlightText, stuckText } from './text.ts'

/** What is not closed after this long is told of, and again each time that its age has doubled. */
const firstWordMs = 1000

/** What is said of a close that is not through. */
interface Word {
  text: string
  conversationId: number
  event: DeskEvent
  /** Is it still so? Asked in the transaction that says it: another worker may have had more luck meanwhile. */
  isSo(trx: Trx): Promise<boolean>
}

/** Tells the thread that a closing order of this age is not filled yet, and why; once for each doubling of its age. */
export async function sayStuck(parts: Parts, order: ClosingOrder, because: string, ageMs: number): Promise<void> {
  if (ageMs < firstWordMs) return
  await say(parts, {
    text: stuckText(order, because, ageMs),
    conversationId: order.conversationId,
    event: {
      type: 'order_error',
      data: { purpose: order.purpose, error: because },
      ...about(order),
      at: parts.clock.now(),
      dedupeKey: `order-${order.id}-stuck-${doublingsOf(ageMs)}`,
    },
    isSo: async (trx) => (await lockOrder(trx, order.id)).order.state === 'working',
  })
}

/** The same of a position that cannot be closed since other orders, of which nobody knows yet, have all of it. */
export async function sayInFlight(parts: Parts, closing: Closing, position: Position, ageMs: number): Promise<void> {
  const { id: positionId, symbol, accountId } = position
  const conversationId = position.conversationId ?? closing.conversationId
  if (ageMs < firstWordMs || conversationId === undefined) return
  const { eventId, memberId, purpose } = closing
  await say(parts, {
    text: inFlightText(purpose, position, ageMs),
    conversationId,
    event: {
      type: 'order_error',
      data: { purpose, error: 'other orders have all of it, and the venue has not confirmed them' },
      ...{ symbol, accountId, memberId, positionId, conversationId, at: parts.clock.now() },
      dedupeKey: `event-${eventId}-${positionId}-in-flight-${doublingsOf(ageMs)}`,
    },
    isSo: async (trx) => (await lockPosition(trx, positionId)).version === position.version,
  })
}

const doublingsOf = (ageMs: number) => Math.floor(Math.log2(ageMs / firstWordMs))

async function say(parts: Parts, { text, conversationId, event, isSo }: Word): Promise<void> {
  const said = await parts.db.transaction().execute(async (trx) => {
    if (!(await isSo(trx))) return undefined
    const { id: eventId, conversations } = await appendEventRow(trx, event)
    if (eventId === undefined) return undefined
    await queueReply(trx, { conversationId, at: event.at }, { text }, 'outbox')
    return { eventId, conversations: [...conversations, conversationId] }
  })
  if (!said) return
  await wakeReplies(parts, said.conversations)
  await parts.queues
    .event('alerts', said.eventId)
    .catch((cause) => parts.log.warn({ err: cause, event_id: said.eventId }, 'an alert could not be queued'))
}
