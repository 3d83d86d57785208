import { sql } from 'kysely'
import type { Config } from '../../config.ts'
import type { Db } from '../../infra/db/client.ts'
import type { DoorName, Place } from '../../talk/chat/place.ts'
import type { DeskEvent } from '../../trading/events/rules/desk-event.ts'
import type { Urgency } from '../../trading/events/rules/urgency.ts'
import { type Loudness, loudnessOf } from './loudness.ts'

/** An event of the log. */
export type LoggedEvent = Pick<DeskEvent, 'type' | 'data' | 'symbol'> & {
  id: number
  urgency: Urgency
  accountId: number
  positionId?: number
  at: Date
}

/** A conversation that may hear an event, with its mute settings. */
export interface Listener extends Loudness {
  conversationId: number
  door: DoorName
  /** The name of the account's member, if the conversation also hears other members' accounts. */
  whose?: string
  /** The conversation is a direct message that the member asked for. */
  isDirect?: boolean
  /** The platform's id of the member to mention. */
  ping?: string
  /** The thread of the event, when it is another conversation of the same platform. */
  thread?: Place
}

/**
 * Does the guardian's message replace the alert in the thread that opened the position? It does without a model, because
 * the guardian's rules decide within milliseconds.
 */
export function guardianSpeaksFirst(config: Config): boolean {
  return config.LLM_BASE_URL === undefined
}

/** An event with one conversation that hears it. */
export interface Telling {
  event: LoggedEvent
  listener: Listener
}

/**
 * The conversations that hear the given events, by event id. `only` limits the result to one conversation. `withoutThread`
 * excludes the thread that opened the position, because the guardian speaks there.
 */
export async function tellingsOf(
  db: Db,
  eventIds: number[],
  { withoutThread = false, only }: { withoutThread?: boolean; only?: number } = {},
): Promise<Map<number, Telling[]>> {
  const { rows } = await sql<{
    id: number
    type: DeskEvent['type']
    urgency: Urgency
    account_id: number
    position_id: number | null
    symbol: string | null
    data: unknown
    at: Date
    conversation_id: number
    door: DoorName
    whose: string | null
    is_direct: boolean | null
    ping: string | null
    thread: Place | null
    muted_until: Date | null
    quiet_from: string | null
    quiet_until: string | null
    time_zone: string | null
    muted_types: string[] | null
    muted_symbols: Record<string, string> | null
  }>`
    select e.id, e.type, e.urgency, e.account_id, e.position_id, e.symbol, e.data, e.at, c.id as conversation_id, c.place ->> 'door' as door,
      case when exists (select from alert_channels o join accounts other on other.id = o.account_id
        where o.conversation_id = c.id and other.member_id <> m.id) then m.name end as whose,
      e.urgency = 'CRITICAL' and m.critical_notice = 'dm' and m.critical_conversation_id = c.id as is_direct,
      case when e.urgency = 'CRITICAL' and m.critical_notice = 'ping' and m.critical_since <= e.at
        and c.id = coalesce(held.conversation_id, e.conversation_id) then (
          select split_part(i.platform_id, ':', case c.place ->> 'door' when 'slack' then 3 else 2 end)
          from member_identities i where i.member_id = m.id and i.platform_id like (c.place ->> 'door') || ':%'
          order by i.platform_id like (c.place ->> 'door') || ':' || (c.place ->> 'workspace') || ':%' desc limit 1) end as ping,
      case when home.id <> c.id and home.place ->> 'door' = c.place ->> 'door' then home.place end as thread,
      s.muted_until, s.quiet_from::text, s.quiet_until::text, s.time_zone, s.muted_types, s.muted_symbols
    from told_places p
    join desk_events e on e.id = p.event_id
    join conversations c on c.id = p.conversation_id
    join accounts a on a.id = p.account_id
    join members m on m.id = a.member_id
    left join positions held on held.id = e.position_id
    left join conversations home on home.id = coalesce(held.conversation_id, e.conversation_id)
    left join alert_settings s on s.conversation_id = c.id and s.account_id = a.id
    where p.event_id = any(${eventIds}::bigint[])
      and (${only ?? null}::bigint is null or c.id = ${only ?? null})
      and not (${withoutThread} and p.is_thread)
    order by e.id, c.id`.execute(db)
  const tellings = rows.map((row): Telling => {
    const { id, type, urgency, data, at } = row
    const about = { accountId: row.account_id, positionId: row.position_id ?? undefined }
    return {
      event: { id, type, urgency, data, at, symbol: row.symbol ?? undefined, ...about } as LoggedEvent,
      listener: {
        conversationId: row.conversation_id,
        door: row.door,
        whose: row.whose ?? undefined,
        isDirect: row.is_direct ?? false,
        ping: row.ping ?? undefined,
        thread: row.thread ?? undefined,
        ...loudnessOf(row),
      },
    }
  })
  return Map.groupBy(tellings, ({ event }) => event.id)
}

/** An event with its listener in one conversation; undefined when that conversation does not hear it. */
export async function tellingIn(db: Db, eventId: number, conversationId: number): Promise<Telling | undefined> {
  return (await tellingsOf(db, [eventId], { only: conversationId })).get(eventId)?.[0]
}
