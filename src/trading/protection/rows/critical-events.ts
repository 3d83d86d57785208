import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../../../infra/db/client.ts'

/** A decimal in a string, as stored in the ledger. */
const decimal = () => z.string().regex(/^\d+(\.\d+)?$/)

const shared = {
  id: z.number(),
  accountId: z.number(),
  memberId: z.number(),
  conversationId: z.number().nullish(),
  at: z.date(),
}

const touched = z.object({
  ...shared,
  type: z.enum(['trading.stop_loss_triggered', 'trading.take_profit_hit']),
  positionId: z.number(),
  symbol: z.string(),
  /** The protective order found by position and kind, when the data does not name it. */
  protectiveOrderId: z.number().nullish(),
  // Unreadable data must not keep the position from being closed.
  data: z
    .object({ protectiveOrderId: z.number(), price: decimal(), level: decimal().optional() })
    .optional()
    .catch(undefined),
})

const touchedPart = z.object({
  ...shared,
  type: z.enum(['trading.part_stop_hit', 'trading.part_target_hit']),
  positionId: z.number(),
  symbol: z.string(),
  // Without the level nobody knows which part to close.
  data: z.object({ partLevelId: z.number(), price: decimal(), level: decimal() }),
})

const tripped = z.object({
  ...shared,
  type: z.literal('risk.circuit_breaker_tripped'),
  /** `loss` is absent when a person tripped the breaker; `open` is the number of positions open at that time. */
  data: z
    .object({ because: z.string(), loss: z.string().optional(), open: z.number().optional() })
    .optional()
    .catch(undefined),
})

const critical = z.discriminatedUnion('type', [touched, touchedPart, tripped])

/** An event that requires immediate action. `data` is undefined when the stored data cannot be read. */
export type CriticalEvent = z.infer<typeof critical>
export type TouchedEvent = z.infer<typeof touched>
export type TouchedPartEvent = z.infer<typeof touchedPart>
export type TrippedEvent = z.infer<typeof tripped>

/** The length of a claim in milliseconds of the database's clock. A process that takes longer renews its claim. */
export const claimMs = 3000

/** Parses a critical event; undefined when this version cannot act on it. */
export function toCritical(event: object): CriticalEvent | undefined {
  return critical.safeParse(event).data
}

/** A critical event that this version cannot act on. */
export interface UnknownCritical {
  id: number
  type: string
}

/**
 * Claims up to `most` unsettled critical events that no process acts on, oldest first, for `by`. It skips events that others
 * are claiming at the same moment.
 */
export async function claimEvents(
  db: Db,
  by: string,
  most: number,
): Promise<{ events: CriticalEvent[]; unknown: UnknownCritical[] }> {
  const { rows } = await sql<UnknownCritical>`
    update desk_events e set acting_by = ${by}, acting_until = now() + ${claimMs} * interval '1 millisecond'
    where e.id = any(array(
      select id from desk_events
      where urgency = 'CRITICAL' and settled_at is null
        -- A claim that lasts longer than claims do was made before the clock was set back.
        and (acting_until is null or acting_until <= now()
          or acting_until > now() + ${2 * claimMs} * interval '1 millisecond')
      order by id limit ${most} for no key update skip locked
    ))
    returning id, type, data, position_id as "positionId", conversation_id as "conversationId", at,
      coalesce(account_id, (select p.account_id from positions p where p.id = e.position_id)) as "accountId",
      coalesce(member_id, (select a.member_id from accounts a left join positions p on p.id = e.position_id
        where a.id = coalesce(e.account_id, p.account_id))) as "memberId",
      coalesce(symbol, (select p.symbol from positions p where p.id = e.position_id)) as symbol,
      case when jsonb_typeof(data -> 'protectiveOrderId') is distinct from 'number' then
        (select o.id from protective_orders o where o.position_id = e.position_id and o.created_at <= e.at
          and o.kind = case e.type when 'trading.stop_loss_triggered' then 'stop' when 'trading.take_profit_hit' then 'target' end
          order by o.id desc limit 1) end as "protectiveOrderId"`.execute(db)
  const events = rows.flatMap((row) => toCritical(row) ?? [])
  const known = new Set(events.map(({ id }) => id))
  return { events, unknown: rows.filter(({ id }) => !known.has(id)).map(({ id, type }) => ({ id, type })) }
}

/** Renews the claims of `by` on events. Returns the events that are unsettled and still claimed by it. */
export async function keepEvents(db: Db, by: string, ids: number[]): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`
    update desk_events set acting_until = now() + ${claimMs} * interval '1 millisecond'
    where id = any(${ids}::bigint[]) and settled_at is null and acting_by = ${by}
    returning id`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

/** Releases the claims of `by`, so that others need not wait for their expiry. */
export async function releaseEvents(db: Db, by: string): Promise<void> {
  await sql`
    update desk_events set acting_until = now()
    where urgency = 'CRITICAL' and settled_at is null and acting_by = ${by}`.execute(db)
}
