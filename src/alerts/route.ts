import { sql } from 'kysely'
import type { DoorName } from '../chat/place.ts'
import type { Config } from '../config.ts'
import type { Db } from '../db/client.ts'
import type { Urgency } from '../db/schema.ts'
import type { DeskEvent } from '../events/desk-event.ts'
import type { Loudness } from './loudness.ts'

/** An event as it stands in the log. */
export type LoggedEvent = Pick<DeskEvent, 'type' | 'data' | 'symbol'> & {
  id: number
  urgency: Urgency
  accountId: number
  positionId?: number
  at: Date
}

/** A conversation that may hear an event, and how loud it is there. */
export interface Listener extends Loudness {
  conversationId: number
  door: DoorName
  /** The name of the account's member, where the conversation hears other accounts too. */
  whose?: string
}

/**
 * Without a model the guardian's rules decide in milliseconds: its message is then the alert in the thread that opened
 * the position, instead of coming after one.
 */
export function guardianSpeaksFirst(config: Config & { LLM_BASE_URL?: string }): boolean {
  return config.LLM_BASE_URL === undefined
}

/** Is this an event that the guardian decides on, and that the thread which opened the position hears of by default? */
export function isForThread({ type, urgency }: Pick<LoggedEvent, 'type' | 'urgency'>): boolean {
  return type.startsWith('position.') && (urgency === 'HIGH' || urgency === 'MEDIUM')
}

/** An event of the log; undefined when it concerns no account. */
export async function loggedEvent(db: Db, id: number): Promise<LoggedEvent | undefined> {
  const row = await db.selectFrom('desk_events').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.account_id === null) return undefined
  const { type, urgency, data, at } = row
  return {
    ...{ id, type, data, symbol: row.symbol ?? undefined },
    ...{ urgency, accountId: row.account_id, positionId: row.position_id ?? undefined, at },
  } as LoggedEvent
}

/**
 * The conversations that an event may be told in: those that asked for the account's events before it happened and, for
 * what the guardian decides on, the thread that opened the position. `only` narrows them down to one; `withoutThread`
 * leaves that thread to the guardian.
 */
export async function listenersOf(
  db: Db,
  event: LoggedEvent,
  { withoutThread = false, only }: { withoutThread?: boolean; only?: number } = {},
): Promise<Listener[]> {
  const isThreads = isForThread(event)
  const { rows } = await sql<{
    conversation_id: number
    door: DoorName
    least_urgency: Urgency
    whose: string | null
    is_off: boolean | null
    muted_until: Date | null
    quiet_from: string | null
    quiet_until: string | null
    time_zone: string | null
    muted_types: string[] | null
  }>`
    with thread as (
      select conversation_id from positions where id = ${event.positionId ?? null} and ${isThreads}
    ), places as (
      select conversation_id, least_urgency from alert_channels
      where account_id = ${event.accountId} and since <= ${event.at}
      union all
      select conversation_id, 'MEDIUM' from thread where conversation_id not in (
        select conversation_id from alert_channels where account_id = ${event.accountId})
    )
    select places.conversation_id, places.least_urgency, c.place ->> 'door' as door,
      case when exists (select from alert_channels o where o.conversation_id = c.id and o.account_id <> ${event.accountId})
        then m.name end as whose,
      s.is_off, s.muted_until, s.quiet_from::text, s.quiet_until::text, s.time_zone, s.muted_types
    from places
    join conversations c on c.id = places.conversation_id
    join accounts a on a.id = ${event.accountId} join members m on m.id = a.member_id
    left join alert_settings s on s.conversation_id = c.id and s.account_id = a.id
    where (${only ?? null}::bigint is null or c.id = ${only ?? null})
      and not (${withoutThread} and c.id in (select conversation_id from thread))
    order by c.id`.execute(db)
  return rows.map((row) => ({
    conversationId: row.conversation_id,
    door: row.door,
    whose: row.whose ?? undefined,
    leastUrgency: row.least_urgency,
    isOff: row.is_off ?? false,
    mutedUntil: row.muted_until ?? undefined,
    quiet:
      row.quiet_from !== null && row.quiet_until !== null && row.time_zone !== null
        ? { from: row.quiet_from.slice(0, 5), until: row.quiet_until.slice(0, 5), timeZone: row.time_zone }
        : undefined,
    mutedTypes: row.muted_types ?? [],
  }))
}
