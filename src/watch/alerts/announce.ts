import { type RawBuilder, sql } from 'kysely'
import type { Trx } from '../../infra/db/client.ts'
import { postRow } from '../../trading/events/rows/replies.ts'
import type { Asking, WatchNotice } from '../notices.ts'
import type { WatchParts } from '../parts.ts'
import { isMuted } from './loudness.ts'
import { countRepeat, messageInsert, runningMessage } from './repeats.ts'
import type { Listener, LoggedEvent } from './route.ts'

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
 * Tells a conversation of an event, once, in the transaction of its caller: as a message of its own (`notice`, or the plain
 * alert), in the running message about the same thing, in the table at the end of the minute, or not at all. What is
 * critical is always a message of its own.
 */
export async function announce(
  trx: Trx,
  parts: Pick<WatchParts, 'wording'>,
  event: LoggedEvent,
  listener: Listener,
  limits: AlertLimits,
  at: Date,
  notice?: WatchNotice,
): Promise<Announced> {
  const { conversationId } = listener
  if (isMuted(listener, event, at)) {
    const isFirst = await noteMuted(trx, event, conversationId, at)
    return { outcome: isFirst ? 'muted' : 'told before', wake: false }
  }
  // One at a time in a conversation: the row of its minute is the lock.
  const minute = await beginTelling(trx, event, conversationId, at)
  if (!minute) return { outcome: 'told before', wake: false }
  const urgent = event.urgency === 'CRITICAL'
  const message = parts.wording(notice ?? { kind: 'event.alerted', event, whose: listener.whose })
  if (!urgent) {
    const running = await runningMessage(trx, event, conversationId, new Date(at.getTime() - limits.windowMs))
    if (running) {
      await become(trx, event, conversationId, 'counted')
      const wake = await countRepeat(trx, parts, running, event, listener.door, at)
      return { outcome: 'counted', wake }
    }
    if (minute.messages >= limits.perMinute) {
      await become(trx, event, conversationId, 'held')
      return { outcome: 'held', wake: false, tableAt: new Date(minute.beganAt.getTime() + minuteMs) }
    }
  }
  await post(trx, event, conversationId, message, urgent, at)
  return { outcome: 'posted', wake: true }
}

/** The position that an alert is a warning about, and of no use without. */
function openPositionOf({ type, positionId }: LoggedEvent): number | undefined {
  return type.startsWith('position.') ? positionId : undefined
}

async function noteMuted(trx: Trx, event: LoggedEvent, conversationId: number, at: Date): Promise<boolean> {
  const noted = await trx
    .insertInto('event_alerts')
    .values({ event_id: event.id, conversation_id: conversationId, outcome: 'muted', at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('event_id')
    .executeTakeFirst()
  return noted !== undefined
}

/** Queues the message, counts it in the minute and, unless it is urgent, lets repeats be counted in it: one statement. */
async function post(
  trx: Trx,
  event: LoggedEvent,
  conversationId: number,
  message: Asking,
  urgent: boolean,
  at: Date,
): Promise<void> {
  const posting = trx.with('reply', (db) =>
    db
      .insertInto('replies')
      .values(
        postRow({ conversationId, accountId: event.accountId, urgent, positionId: openPositionOf(event) }, message),
      )
      .returning('id'),
  )
  const counted = urgent ? posting : posting.with('message', () => messageInsert(event, conversationId, at))
  await counted.updateTable('alert_minutes').set(oneMore).where('conversation_id', '=', conversationId).execute()
}

/** A minute of a conversation, which nobody else counts in while it is locked. */
interface Minute {
  beganAt: Date
  messages: number
}

/** Notes that an event is told in a conversation, and locks its minute. Undefined when the event was told there before. */
async function beginTelling(
  trx: Trx,
  event: LoggedEvent,
  conversationId: number,
  at: Date,
): Promise<Minute | undefined> {
  return minuteOf(
    trx,
    sql`with told as (
        insert into event_alerts (event_id, conversation_id, outcome, at)
        values (${event.id}, ${conversationId}, 'posted', ${at}) on conflict do nothing returning conversation_id
      )
      insert into alert_minutes as m (conversation_id, began_at, messages)
      select conversation_id, ${at}::timestamptz, 0 from told`,
    at,
  )
}

/** Locks the minute of a conversation, a new one when the last has ended. Critical alerts count, and are never counted out. */
export async function lockMinute(trx: Trx, conversationId: number, at: Date): Promise<Minute> {
  const row = sql`insert into alert_minutes as m (conversation_id, began_at, messages) values (${conversationId}, ${at}, 0)`
  return (await minuteOf(trx, row, at))!
}

/** The minute that a statement inserts, or the one that is there, locked. */
async function minuteOf(trx: Trx, inserting: RawBuilder<unknown>, at: Date): Promise<Minute | undefined> {
  const ended = new Date(at.getTime() - minuteMs)
  const { rows } = await sql<{ began_at: Date; messages: number }>`
    ${inserting}
    on conflict (conversation_id) do update set
      began_at = case when m.began_at <= ${ended} then excluded.began_at else m.began_at end,
      messages = case when m.began_at <= ${ended} then 0 else m.messages end
    returning began_at, messages`.execute(trx)
  return rows[0] && { beganAt: rows[0].began_at, messages: rows[0].messages }
}

/** Counts one more message of the running minute. */
export async function countMessage(trx: Trx, conversationId: number): Promise<void> {
  await trx.updateTable('alert_minutes').set(oneMore).where('conversation_id', '=', conversationId).execute()
}

const oneMore = { messages: sql<number>`alert_minutes.messages + 1` }

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
