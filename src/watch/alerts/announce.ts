import { type RawBuilder, sql } from 'kysely'
import type { Trx } from '../../infra/db/client.ts'
import type { Reply } from '../../talk/chat/reply.ts'
import { postRow } from '../../trading/events/rows/replies.ts'
import type { WatchNotice, WatchSentences } from '../notices.ts'
import type { WatchParts } from '../parts.ts'
import { isMuted } from './loudness.ts'
import { countRepeat, messageInsert, runningMessage } from './repeats.ts'
import type { Listener, LoggedEvent } from './route.ts'

/** Limits on the alerts in one conversation, from the configuration. */
export interface AlertLimits {
  /** New messages a minute in one conversation. */
  perMinute: number
  /** One message counts all repeats within this time, in milliseconds. */
  windowMs: number
}

/** The result of announcing an event in a conversation. */
export interface AlertOutcome {
  /** `posted`: a message of its own. `counted`: in the running message. `held`: in the table at the end of the minute. */
  outcome: 'posted' | 'counted' | 'held' | 'muted' | 'told before'
  /** Is there a message to post now? */
  wake: boolean
  /** When the table is due. */
  tableAt?: Date
}

/** The length of a conversation's minute, in milliseconds. */
export const minuteMs = 60_000

/**
 * Tells a conversation of an event once, in the caller's transaction. The event becomes a message of its own (`notice`, or the
 * plain alert), a count in the running message about the same subject, a row of the table at the end of the minute, or
 * nothing if muted. A CRITICAL event is always a message of its own.
 */
export async function announce(
  trx: Trx,
  parts: Pick<WatchParts, 'wording'>,
  event: LoggedEvent,
  listener: Listener,
  limits: AlertLimits,
  at: Date,
  notice?: WatchNotice,
): Promise<AlertOutcome> {
  const { conversationId } = listener
  if (isMuted(listener, event, at)) {
    const isFirst = await noteMuted(trx, event, conversationId, at)
    return { outcome: isFirst ? 'muted' : 'told before', wake: false }
  }
  // The row of the conversation's minute is the lock: a conversation is told one event at a time.
  const minute = await beginTelling(trx, event, conversationId, at)
  if (!minute) return { outcome: 'told before', wake: false }
  const urgent = event.urgency === 'CRITICAL'
  const { whose, isDirect, ping, thread: link } = listener
  const message = { ...parts.wording(notice ?? { kind: 'event.alerted', event, whose, isDirect }), ping, link }
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

/** The position of an event. The alert is useful only while that position is open. */
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

/**
 * Queues the message and counts it in the minute, in one statement. A message that is not urgent also becomes the running
 * message of its subject.
 */
async function post(
  trx: Trx,
  event: LoggedEvent,
  conversationId: number,
  message: WatchSentences & Pick<Reply, 'ping' | 'link'>,
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

/** The locked minute of a conversation. */
interface Minute {
  beganAt: Date
  messages: number
}

/** Records that an event is told in a conversation, and locks the conversation's minute. Undefined if it was told before. */
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

/** Locks the minute of a conversation; starts a new one if the last has ended. */
export async function lockMinute(trx: Trx, conversationId: number, at: Date): Promise<Minute> {
  const row = sql`insert into alert_minutes as m (conversation_id, began_at, messages) values (${conversationId}, ${at}, 0)`
  return (await minuteOf(trx, row, at))!
}

/** Inserts the minute with the given statement, or takes the existing row; the row is locked. */
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

/** Counts one more message in the current minute. */
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
