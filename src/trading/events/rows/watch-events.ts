import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'
import type { DeskEvent } from '../rules/desk-event.ts'
import type { WatchEventType } from '../rules/watch-event.ts'

/** An event that is written once. */
export type KeyedEvent = DeskEvent & { dedupeKey: string }
/** An event of the watch. It always has a key, since ticks, sweeps and other workers may all see the same cause. */
export type WatchDeskEvent = Extract<KeyedEvent, { type: WatchEventType }>

/** An event that was newly written. */
export interface Raised<Event extends KeyedEvent = WatchDeskEvent> {
  id: number
  event: Event
}

/** Notes that a CRITICAL event is settled; the sweep no longer queues it. */
export async function settleEvent(db: Db, eventId: number, at: Date): Promise<void> {
  await db.updateTable('desk_events').set({ settled_at: at }).where('id', '=', eventId).execute()
}

/** The sweep leaves younger events to their workers, in milliseconds: a guardian may think for half a minute. */
const onTheWayMs = 45_000
/** The guardian no longer judges events older than this, in milliseconds. */
const opinionMs = 5 * 60_000
const most = 1000

/**
 * HIGH and MEDIUM events of positions that lack a guardian decision, oldest first, as long as the position has the version that
 * the event saw.
 */
export async function unjudgedEvents(db: Db, now: Date): Promise<number[]> {
  const before = (ms: number) => new Date(now.getTime() - ms)
  const { rows } = await sql<{ id: number }>`
    select e.id from desk_events e join positions p on p.id = e.position_id
    where e.urgency in ('HIGH', 'MEDIUM') and e.type like 'position.%'
      and e.at between ${before(opinionMs)} and ${before(onTheWayMs)}
      and p.closed_at is null and e.data->'version' = to_jsonb(p.version)
      and not exists (select from guardian_decisions d where d.event_id = e.id)
    order by e.id limit ${most}`.execute(db)
  return rows.map(({ id }) => id)
}
