import { sql } from 'kysely'
import { together } from '../../base/together.ts'
import type { Config } from '../../config.ts'
import type { Db, Trx } from '../../infra/db/client.ts'
import { isReadable } from '../../trading/events/rules/stored-event.ts'
import { tellUnreadable } from '../../trading/events/tell-unreadable.ts'
import { oncePer, type Parts, wakeReplies } from '../../trading/parts.ts'
import type { WatchNotice } from '../notices.ts'
import type { WatchParts } from '../parts.ts'
import { type AlertLimits, type Announced, announce } from './announce.ts'
import { guardianSpeaksFirst, tellingIn, tellingsOf } from './route.ts'

/** How much a conversation is told, from the configuration. */
export function alertLimits(config: Config): AlertLimits {
  return { perMinute: config.ALERTS_PER_MINUTE, windowMs: config.ALERT_WINDOW_MINUTES * 60_000 }
}

// Events that come together are routed together.
const routing = oncePer((parts: Parts) => {
  const among = (withoutThread: boolean) =>
    together(async (ids: number[]) => {
      const tellings = await tellingsOf(parts.db, ids, { withoutThread })
      return ids.map((id) => tellings.get(id) ?? [])
    })
  return { withThread: among(false), withoutThread: among(true) }
})

/** Tells every conversation that asked for it of an event; run again, it tells those that were not reached. */
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
}

/**
 * Tells the thread that opened the position of an event with a message of the caller's, such as one that asks, as long
 * as the thread is to hear of it now. Undefined when it is not to hear of it at all. After commit: `follow`.
 */
export async function announceInThread(
  trx: Trx,
  parts: Pick<WatchParts, 'wording'>,
  config: Config,
  about: { eventId: number; conversationId: number },
  notice: WatchNotice,
  at: Date,
): Promise<Announced | undefined> {
  const telling = await tellingIn(trx, about.eventId, about.conversationId)
  return telling && announce(trx, parts, telling.event, telling.listener, alertLimits(config), at, notice)
}

/** Puts on the clock what an alert brought about. After commit; when Redis is away the sweep does it. */
export async function follow(
  parts: Parts,
  conversationId: number,
  { wake, tableAt }: Announced,
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
 * Events since `since` that a conversation has yet to be told of, though they happened before `before`, the critical ones
 * first; for the sweep. `offset 0` has the places of these few looked up, and not those of every event there ever was.
 */
export async function untold(db: Db, config: Config, since: Date, before: Date): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select e.id from desk_events e, lateral (select * from alert_places where event_id = e.id offset 0) p
    where e.at between ${since} and ${before} and e.urgency <> 'LOW'
      and not (p.is_thread and ${guardianSpeaksFirst(config)})
      and not exists (select from event_alerts t where t.event_id = e.id and t.conversation_id = p.conversation_id)
    group by e.id order by e.urgency = 'CRITICAL' desc, e.id limit 1000`.execute(db)
  return rows.map(({ id }) => id)
}
