import { sql } from 'kysely'
import { together } from '../../base/together.ts'
import type { Config } from '../../config.ts'
import type { Db, Trx } from '../../infra/db/client.ts'
import { isReadable } from '../../trading/events/rules/stored-event.ts'
import { tellUnreadable } from '../../trading/events/tell-unreadable.ts'
import { oncePer, type Parts, wakeReplies } from '../../trading/parts.ts'
import type { WatchNotice } from '../notices.ts'
import type { WatchParts } from '../parts.ts'
import { type AlertLimits, type AlertOutcome, announce } from './announce.ts'
import { tellEnds } from './ends.ts'
import { guardianSpeaksFirst, tellingIn, tellingsOf } from './route.ts'

/** Reads the limits on alerts from the configuration. */
export function alertLimits(config: Config): AlertLimits {
  return { perMinute: config.ALERTS_PER_MINUTE, windowMs: config.ALERT_WINDOW_MINUTES * 60_000 }
}

// Events that arrive together share one routing query.
const routing = oncePer((parts: Parts) => {
  const among = (withoutThread: boolean) =>
    together(async (ids: number[]) => {
      const tellings = await tellingsOf(parts.db, ids, { withoutThread })
      return ids.map((id) => tellings.get(id) ?? [])
    })
  return { withThread: among(false), withoutThread: among(true) }
})

/**
 * Tells an event to every conversation that hears it, and the end of a critical one. A second run tells only the conversations
 * that were not reached.
 */
export async function tell(parts: WatchParts, config: Config, eventId: number): Promise<void> {
  const { db, clock, log } = parts
  const route = routing(parts)
  const tellings = await (guardianSpeaksFirst(config) ? route.withoutThread : route.withThread)(eventId)
  for (const { event, listener } of tellings) {
    const { conversationId } = listener
    if (!isReadable(event)) await tellUnreadable(parts, event, { done: 'told' })
    const announced = await db
      .transaction()
      .execute((trx) => announce(trx, parts, event, listener, alertLimits(config), clock.now()))
    await follow(parts, conversationId, announced, event.urgency === 'CRITICAL')
    const { outcome } = announced
    log.info({ event_id: eventId, event_type: event.type, urgency: event.urgency, conversationId, outcome }, 'alert')
  }
  if (tellings.some(({ event }) => event.urgency === 'CRITICAL'))
    await wakeReplies(parts, await tellEnds(parts, { eventId }), true)
}

/**
 * Tells an event to the thread that opened the position, with the caller's notice (such as a question). Undefined when the
 * thread does not hear this event. The caller calls `follow` after the commit.
 */
export async function announceInThread(
  trx: Trx,
  parts: Pick<WatchParts, 'wording'>,
  config: Config,
  about: { eventId: number; conversationId: number },
  notice: WatchNotice,
  at: Date,
): Promise<AlertOutcome | undefined> {
  const telling = await tellingIn(trx, about.eventId, about.conversationId)
  return telling && announce(trx, parts, telling.event, telling.listener, alertLimits(config), at, notice)
}

/** Queues the jobs that an announced alert needs, after the commit. If Redis is down, the sweep queues them later. */
export async function follow(
  parts: Parts,
  conversationId: number,
  { wake, tableAt }: AlertOutcome,
  urgent = false,
): Promise<void> {
  if (wake) await wakeReplies(parts, [conversationId], urgent)
  if (!tableAt) return
  const wait = tableAt.getTime() - parts.clock.now().getTime()
  await parts.queues
    .alertTable(conversationId, tableAt, wait)
    .catch((cause) => parts.log.warn({ err: cause }, 'a table could not be put on the clock; the sweep will'))
}

/**
 * The ids of events between `since` and `before` that some conversation was not told, CRITICAL ones first; for the sweep.
 * `offset 0` makes Postgres look up the places of these events only, and not of the whole log.
 */
export async function untold(db: Db, config: Config, since: Date, before: Date): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select e.id from desk_events e, lateral (select * from told_places where event_id = e.id offset 0) p
    where e.at between ${since} and ${before} and e.urgency <> 'LOW'
      and not (p.is_thread and ${guardianSpeaksFirst(config)})
      and not exists (select from event_alerts t where t.event_id = e.id and t.conversation_id = p.conversation_id)
    group by e.id order by e.urgency = 'CRITICAL' desc, e.id limit 1000`.execute(db)
  return rows.map(({ id }) => id)
}
