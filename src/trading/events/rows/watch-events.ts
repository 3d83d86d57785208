import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'
import { directInsert } from '../../accounts/rows/notify.ts'
import { claimMs } from '../../protection/rows/critical-events.ts'
import { endsTask, notifyText } from '../rules/background.ts'
import { type DeskEvent, eventText, urgencyOf } from '../rules/desk-event.ts'
import type { WatchEventType } from '../rules/watch-event.ts'

/** An event that is written once. */
export type KeyedEvent = DeskEvent & { dedupeKey: string }
/** What watching brings forth. Its key is not a choice: ticks, sweeps and other workers may all see the same cause. */
export type WatchDeskEvent = Extract<KeyedEvent, { type: WatchEventType }>

/** An event that was written now, and not seen before. */
export interface Raised<Event extends KeyedEvent = WatchDeskEvent> {
  id: number
  event: Event
}

/**
 * Appends events in one statement, each once for its key, and queues them for the conversations that watch their
 * symbols. The position's row decides: what was seen of a position that is closed by now, at another version of it, or
 * of a protective order that does not work any more, is not written. Whoever acts on critical ones at once claims them
 * with it (`actingBy`). Answers with those that were not there yet, and the conversations that now have something to post.
 */
export async function appendWatchEvents<Event extends KeyedEvent>(
  db: Db,
  events: Event[],
  actingBy?: string,
): Promise<{ raised: Raised<Event>[]; conversations: number[] }> {
  if (events.length === 0) return { raised: [], conversations: [] }
  const byKey = new Map(events.map((event) => [event.dedupeKey, event]))
  const { rows } = await sql<{ id: number; dedupe_key: string; conversations: number[] }>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify([...byKey.values()].map(toRow))}::jsonb) as g(
        type text, urgency text, account_id bigint, member_id bigint, position_id bigint, scaleout_id bigint,
        conversation_id bigint, symbol text, data jsonb, dedupe_key text, at timestamptz, text text, ends boolean, direct text)
    ), event as (
      insert into desk_events
        (type, urgency, account_id, member_id, position_id, scaleout_id, conversation_id, symbol, data, dedupe_key, at,
        acting_by, acting_until)
      select g.type, g.urgency, g.account_id, g.member_id, g.position_id, g.scaleout_id, g.conversation_id, g.symbol,
        g.data, g.dedupe_key, g.at, ${actingBy ?? null},
        case when ${actingBy !== undefined} and g.urgency = 'CRITICAL' then now() + ${claimMs} * interval '1 millisecond' end
      from given g
      left join positions p on p.id = g.position_id
      where case
        when g.type like 'position.%' then p.closed_at is null and p.version = (g.data->>'version')::int
        when g.type like 'trading.%' then p.closed_at is null and exists (select from protective_orders o
          where o.id = (g.data->>'protectiveOrderId')::bigint and o.state = 'working')
        else true end
      order by g.dedupe_key
      on conflict (dedupe_key) do nothing
      returning id, account_id, symbol, conversation_id, dedupe_key
    ), watching as (
      insert into replies (conversation_id, account_id, position_id, kind, body, state)
      select w.conversation_id, w.account_id, case when g.type like 'position.%' then g.position_id end, 'post',
        jsonb_build_object('text', g.text), 'queued'
      from event e
      join given g using (dedupe_key)
      join watches w on w.account_id = e.account_id and w.symbol = e.symbol
      where w.conversation_id is distinct from e.conversation_id
      order by e.id
      returning conversation_id
    ), direct as ${directInsert(sql`select g.member_id, g.account_id, g.conversation_id, g.scaleout_id, g.ends, g.direct as text from event e join given g using (dedupe_key)`)}
    select id, dedupe_key,
      array(select conversation_id::int from watching union select conversation_id::int from direct) as conversations
    from event order by id`.execute(db)
  return {
    raised: rows.map(({ id, dedupe_key }) => ({ id, event: byKey.get(dedupe_key)! })),
    conversations: rows[0]?.conversations ?? [],
  }
}

function toRow(event: KeyedEvent) {
  return {
    type: event.type,
    urgency: urgencyOf(event),
    account_id: event.accountId,
    member_id: event.memberId,
    position_id: event.positionId,
    scaleout_id: event.scaleoutId,
    conversation_id: event.conversationId,
    symbol: event.symbol,
    data: event.data,
    dedupe_key: event.dedupeKey,
    at: event.at,
    text: `👁 ${eventText(event)}`,
    ends: endsTask(event),
    direct: notifyText(event),
  }
}

/** Notes that a CRITICAL event has been dealt with to its end: it is not put back on its queue any more. */
export async function settleEvent(db: Db, eventId: number, at: Date): Promise<void> {
  await db.updateTable('desk_events').set({ settled_at: at }).where('id', '=', eventId).execute()
}

/** An event younger than this is still on its way to its workers: a guardian may think for half a minute. */
const onTheWayMs = 45_000
/** An opinion on something older than this is of no use. */
const opinionMs = 5 * 60_000
const most = 1000

/**
 * HIGH and MEDIUM events of positions without a decision of the guardian, as long as the position is as it was seen,
 * oldest first.
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
