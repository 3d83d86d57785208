import { sql } from 'kysely'
import type { Reply } from '../chat/reply.ts'
import type { Trx } from '../db/client.ts'
import { queueReply } from '../ledger/replies.ts'
import { isMuted } from './loudness.ts'
import { countRepeat, runningMessage, startMessage } from './repeats.ts'
import type { Listener, LoggedEvent } from './route.ts'
import { alertText } from './text.ts'

/** How much a conversation is told, from the configuration. */
export interface AlertLimits {
  /** New messages a minute in one conversation. */
  perMinute: number
  /** Repeats within so many milliseconds are counted in one message. */
  windowMs: number
}

/** What became of an event in a conversation. */
export interface Announced {
  /** `posted`: as a message of its own; `counted`: in the running message; `held`: in the table at the end of the minute. */
  outcome: 'posted' | 'counted' | 'held' | 'muted' | 'told before'
  /** Is there something to post now? */
  wake: boolean
  /** When the table is due. */
  tableAt?: Date
}

/** The length of a conversation's minute, in milliseconds. */
export const minuteMs = 60_000

/**
 * Tells a conversation of an event, once, in the transaction of its caller: as a message of its own (`reply`, or the plain
 * alert), in the running message about the same thing, in the table at the end of the minute, or not at all. What is
 * critical is always a message of its own.
 */
export async function announce(
  trx: Trx,
  event: LoggedEvent,
  listener: Listener,
  limits: AlertLimits,
  at: Date,
  reply?: Reply,
): Promise<Announced> {
  const { conversationId } = listener
  const muted = isMuted(listener, event, at)
  const isFirst = await trx
    .insertInto('event_alerts')
    .values({ event_id: event.id, conversation_id: conversationId, outcome: muted ? 'muted' : 'posted', at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('event_id')
    .executeTakeFirst()
  if (!isFirst) return { outcome: 'told before', wake: false }
  if (muted) return { outcome: 'muted', wake: false }

  // One at a time in a conversation: the row of its minute is the lock.
  const minute = await lockMinute(trx, conversationId, at)
  const urgent = event.urgency === 'CRITICAL'
  const message = reply ?? { text: alertText(event, listener.whose) }
  if (!urgent) {
    const running = await runningMessage(trx, event, conversationId, new Date(at.getTime() - limits.windowMs))
    if (running) {
      await become(trx, event, conversationId, 'counted')
      const wake = await countRepeat(trx, running, event, listener.door, at)
      return { outcome: 'counted', wake }
    }
    if (minute.messages >= limits.perMinute) {
      await become(trx, event, conversationId, 'held')
      return { outcome: 'held', wake: false, tableAt: new Date(minute.beganAt.getTime() + minuteMs) }
    }
  }
  await countMessage(trx, conversationId)
  const { row } = await queueReply(trx, { conversationId, at, urgent }, message, 'outbox')
  if (!urgent) await startMessage(trx, event, conversationId, row, at)
  return { outcome: 'posted', wake: true }
}

/** Locks the minute of a conversation, a new one when the last has ended. Critical alerts count, and are never counted out. */
export async function lockMinute(
  trx: Trx,
  conversationId: number,
  at: Date,
): Promise<{ beganAt: Date; messages: number }> {
  const ended = new Date(at.getTime() - minuteMs)
  const { rows } = await sql<{ began_at: Date; messages: number }>`
    insert into alert_minutes as m (conversation_id, began_at, messages) values (${conversationId}, ${at}, 0)
    on conflict (conversation_id) do update set
      began_at = case when m.began_at <= ${ended} then excluded.began_at else m.began_at end,
      messages = case when m.began_at <= ${ended} then 0 else m.messages end
    returning began_at, messages`.execute(trx)
  return { beganAt: rows[0]!.began_at, messages: rows[0]!.messages }
}

/** Counts one more message of the running minute. */
export async function countMessage(trx: Trx, conversationId: number): Promise<void> {
  await trx
    .updateTable('alert_minutes')
    .set((eb) => ({ messages: eb('messages', '+', 1) }))
    .where('conversation_id', '=', conversationId)
    .execute()
}

async function become(
  trx: Trx,
  event: LoggedEvent,
  conversationId: number,
  outcome: 'counted' | 'held',
): Promise<void> {
  await trx
    .updateTable('event_alerts')
    .set({ outcome })
    .where('event_id', '=', event.id)
    .where('conversation_id', '=', conversationId)
    .execute()
}
