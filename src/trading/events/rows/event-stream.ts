import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'
import type { EventCursor } from '../rules/event-cursor.ts'
import type { StoredEvent } from '../rules/stored-event.ts'
import type { Urgency } from '../rules/urgency.ts'

/** An event of the log, with its place in the order of all events. */
export type OrderedEvent = StoredEvent & {
  cursor: EventCursor
  urgency: Urgency
  /** Null for events that concern the whole desk. */
  accountId: number | null
  scaleoutId?: number
  at: Date
}

/** A part of the log, in order. */
export interface EventPage {
  events: OrderedEvent[]
  /** The place up to which everything was looked at; read on from there. */
  through: EventCursor
  /** Is there more to read at once? */
  isMore: boolean
  /** The time of the first event that is committed, but waits for an older transaction to end; absent when none waits. */
  heldSince?: Date
}

/** The columns of an event with its place. */
export interface EventRow {
  xid: string
  id: number
  type: string
  urgency: Urgency
  account_id: number | null
  scaleout_id: number | null
  symbol: string | null
  data: unknown
  at: Date
}

/** Rows that are looked at in one statement. */
const atOnce = 1000

/**
 * Reads the events behind a cursor, in order and without a gap: none comes later with a lower place. `accountIds` leaves out the
 * events of other accounts. `through` ends the page at a place; it belongs to the page. The cursors must be of the present epoch.
 */
export async function eventsAfter(
  db: Db,
  after: EventCursor,
  { accountIds, through, most = atOnce }: { accountIds?: readonly number[]; through?: EventCursor; most?: number } = {},
): Promise<EventPage> {
  const { rows } = await sql<EventRow & { is_settled: boolean; is_wanted: boolean }>`
    with seen as materialized (select pg_snapshot_xmin(pg_current_snapshot()) as xmin)
    select e.xid::text, e.id, e.type, e.urgency, e.account_id, e.scaleout_id, e.symbol, e.at, e.xid < seen.xmin as is_settled,
      ${ofAccounts(accountIds)} as is_wanted, case when ${ofAccounts(accountIds)} then e.data end as data
    from seen, desk_events e
    where (e.xid, e.id) > (${after.xid}::xid8, ${after.id}::bigint)
      and ${through ? sql<boolean>`(e.xid, e.id) <= (${through.xid}::xid8, ${through.id}::bigint)` : sql<boolean>`true`}
    order by e.xid, e.id limit ${most}`.execute(db)
  const settled = rows.filter((row) => row.is_settled)
  const last = settled.at(-1)
  const held = rows.find((row) => !row.is_settled)
  const isMore = settled.length === most
  return {
    events: settled.filter((row) => row.is_wanted).map((row) => toEvent(row, after.epoch)),
    // The row at the end of a whole page may have been removed meanwhile: the page ends there all the same.
    through: (!isMore && through) || (last ? { epoch: after.epoch, xid: last.xid, id: last.id } : after),
    isMore,
    ...(held && { heldSince: held.at }),
  }
}

/**
 * The last `count` events of a symbol in these accounts up to a place, in order. They are the ones with the highest ids, as events
 * of a symbol are seldom appended at the same time.
 */
export async function lastEventsThrough(
  db: Db,
  through: EventCursor,
  { accountIds, symbol, count }: { accountIds: readonly number[]; symbol: string; count: number },
): Promise<OrderedEvent[]> {
  const { rows } = await sql<EventRow>`
    select xid::text, id, type, urgency, account_id, scaleout_id, symbol, data, at
    from (
      select e.* from unnest(${[...accountIds]}::bigint[]) as a(id), lateral (
        select * from desk_events e where e.account_id = a.id and e.symbol = ${symbol}
          and (e.xid, e.id) <= (${through.xid}::xid8, ${through.id}::bigint)
        order by e.id desc limit ${count}) e
      order by e.id desc limit ${count}) last
    order by last.xid, last.id`.execute(db)
  return rows.map((row) => toEvent(row, through.epoch))
}

/** The name of the database's history, and the place behind its last settled event. */
export async function endOfEvents(db: Db): Promise<EventCursor> {
  const { rows } = await sql<{ epoch: string; xid: string | null; id: number | null }>`
    select ${epoch} as epoch, last.xid::text as xid, last.id
    from (select) one left join lateral (select xid, id from desk_events
      where xid < pg_snapshot_xmin(pg_current_snapshot()) order by xid desc, id desc limit 1) last on true`.execute(db)
  const [row] = rows
  return { epoch: row!.epoch, xid: row!.xid ?? '0', id: row!.id ?? 0 }
}

/** A cursor is good for this long: younger events are in the log for certain, as no process removes any within a week. */
const goodDays = 6

/**
 * May a reader go on from this cursor? No when it is of another history, when its event is gone or too old, or when more than
 * `most` events of all accounts came after it: then something may be missing, or reading all of it again is quicker.
 */
export async function isGoodCursor(db: Db, cursor: EventCursor, now: Date, most = 50_000): Promise<boolean> {
  const oldest = new Date(now.getTime() - goodDays * 24 * 60 * 60_000)
  const { rows } = await sql<{ is_good: boolean }>`
    select ${epoch} = ${cursor.epoch} and case when ${cursor.id}::bigint = 0
        then not exists (select from desk_events where at < ${oldest})
        else exists (select from desk_events where id = ${cursor.id} and xid = ${cursor.xid}::xid8 and at >= ${oldest}) end
      and (select count(*) from (select from desk_events
        where (xid, id) > (${cursor.xid}::xid8, ${cursor.id}::bigint) limit ${most + 1}) behind) <= ${most} as is_good`.execute(
    db,
  )
  return rows[0]!.is_good
}

/**
 * Puts the events that came with a dump before all others: their transactions are those of another server, and may be ahead of
 * this one's. Call it before a stream begins.
 */
export async function settleRestoredEvents(db: Db): Promise<void> {
  await sql`update desk_events set xid = '0' where xid >= pg_snapshot_xmax(pg_current_snapshot())`.execute(db)
}

/**
 * The database's own name, with what changes at a restore: its server, the server's timeline, and the database in it. A copy in
 * another server counts transactions anew.
 */
const epoch = sql<string>`(select left(md5(concat_ws(' ', d.identity, s.system_identifier, c.timeline_id,
  (select oid from pg_database where datname = current_database()))), 8)
  from desk d, pg_control_system() s, pg_control_checkpoint() c)`

const ofAccounts = (accountIds: readonly number[] | undefined) =>
  accountIds ? sql<boolean>`coalesce(e.account_id = any(${[...accountIds]}::bigint[]), false)` : sql<boolean>`true`

/** Makes an event of its row; `epoch` is that of the database. */
export function toEvent(row: EventRow, epoch: string): OrderedEvent {
  return {
    // Another version of the desk may have written it: only its sentence looks into it, and that checks it.
    ...({ type: row.type, data: row.data, symbol: row.symbol ?? undefined } as StoredEvent),
    cursor: { epoch, xid: row.xid, id: row.id },
    urgency: row.urgency,
    accountId: row.account_id,
    ...(row.scaleout_id !== null && { scaleoutId: row.scaleout_id }),
    at: row.at,
  }
}
