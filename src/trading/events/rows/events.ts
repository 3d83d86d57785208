import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'
import { directInsert } from '../../accounts/rows/notify.ts'
import { claimMs } from '../../protection/rows/critical-events.ts'
import { type DeskEvent, urgencyOf } from '../rules/desk-event.ts'

/** An event and its texts: for conversations that follow its symbol and, if it ends a background task, for direct messages. */
export interface WordedEvent {
  event: DeskEvent
  followed: string
  direct?: string
}

/**
 * The result of inserting events: the id of each new event by its key (`''` without one), and the conversations with new
 * replies.
 */
export interface InsertedEvents {
  ids: Map<string, number>
  conversations: number[]
}

/** Marks events as coming from the watch. `actingBy` is the process that acts on the critical ones at once, if there is one. */
export interface Watching {
  actingBy?: string
}

/**
 * Writes events in one statement, each once for its key, and queues replies for the conversations that follow their symbols and
 * for members who want direct messages. At most one event may lack a key. A `watch` event is not written if its position is
 * closed or has another version by now, or if its protective order no longer works. `actingBy` claims the critical events in
 * the same statement.
 */
export async function insertEvents(db: Db, events: WordedEvent[], watch?: Watching): Promise<InsertedEvents> {
  const { actingBy } = watch ?? {}
  const { rows } = await sql<{ id: number; dedupe_key: string | null; conversations: number[] }>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(events.map(toRow))}::jsonb) as g(
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
        when ${watch === undefined} then true
        when g.type like 'position.%' then p.closed_at is null and p.version = (g.data->>'version')::int
        when g.type like 'trading.part%' then p.closed_at is null and exists (select from part_levels l
          where l.id = (g.data->>'partLevelId')::bigint and l.state = 'working')
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
      join given g on coalesce(g.dedupe_key, '') = coalesce(e.dedupe_key, '')
      join watches w on w.account_id = e.account_id and w.symbol = e.symbol
      where w.conversation_id is distinct from e.conversation_id
      order by e.id
      returning conversation_id
    ), direct as ${directInsert(sql`select g.member_id, g.account_id, g.conversation_id, g.scaleout_id, g.ends, g.direct as text from event e join given g on coalesce(g.dedupe_key, '') = coalesce(e.dedupe_key, '')`)}
    select id, dedupe_key,
      array(select conversation_id::int from watching union select conversation_id::int from direct) as conversations
    from event order by id`.execute(db)
  return {
    ids: new Map(rows.map(({ id, dedupe_key }) => [dedupe_key ?? '', id])),
    conversations: rows[0]?.conversations ?? [],
  }
}

function toRow({ event, followed, direct }: WordedEvent) {
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
    text: followed,
    ends: direct !== undefined,
    direct,
  }
}

/** The last events of a symbol in an account, oldest first. */
export async function lastEvents(
  db: Db,
  accountId: number,
  symbol: string,
  count: number,
): Promise<(Pick<DeskEvent, 'type' | 'data' | 'symbol'> & { at: Date })[]> {
  const rows = await db
    .selectFrom('desk_events')
    .select(['type', 'data', 'symbol', 'at'])
    .where('account_id', '=', accountId)
    .where('symbol', '=', symbol)
    .orderBy('id', 'desc')
    .limit(count)
    .execute()
  return rows.reverse() as (Pick<DeskEvent, 'type' | 'data' | 'symbol'> & { at: Date })[]
}

/** The last events of a position, oldest first. */
export async function lastEventsOfPosition(
  db: Db,
  position: { id: number; accountId: number; symbol: string },
  count: number,
): Promise<(Pick<DeskEvent, 'type' | 'data' | 'symbol'> & { at: Date })[]> {
  const rows = await db
    .selectFrom('desk_events')
    .select(['type', 'data', 'symbol', 'at'])
    .where('account_id', '=', position.accountId)
    .where('symbol', '=', position.symbol)
    .where('position_id', '=', position.id)
    .orderBy('id', 'desc')
    .limit(count)
    .execute()
  return rows.reverse() as (Pick<DeskEvent, 'type' | 'data' | 'symbol'> & { at: Date })[]
}
