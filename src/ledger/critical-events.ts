import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '../db/client.ts'

const touched = z.object({
  type: z.enum(['trading.stop_loss_triggered', 'trading.take_profit_hit']),
  positionId: z.number(),
  symbol: z.string(),
  data: z.object({ protectiveOrderId: z.number(), price: z.string(), level: z.string().optional() }),
})

const tripped = z.object({
  type: z.literal('risk.circuit_breaker_tripped'),
  data: z.object({ because: z.string() }),
})

const shared = {
  id: z.number(),
  accountId: z.number(),
  memberId: z.number(),
  conversationId: z.number().nullable(),
  at: z.date(),
}
const critical = z.discriminatedUnion('type', [touched.extend(shared), tripped.extend(shared)])

const mostOthers = 1000

/** An event that has to be acted on at once and is not settled. */
export type CriticalEvent = z.infer<typeof critical>
export type TouchedEvent = Extract<CriticalEvent, { positionId: number }>
export type TrippedEvent = Extract<CriticalEvent, { type: 'risk.circuit_breaker_tripped' }>

/**
 * Critical events that are not settled: those with these ids, and others that happened after `since`. What is settled,
 * or no such event, is left out.
 */
export async function criticalEvents(db: Db, ids: number[], since: Date): Promise<Map<number, CriticalEvent>> {
  const { rows } = await sql<{ id: number }>`
    select id, type, data, account_id as "accountId", member_id as "memberId", position_id as "positionId", symbol,
      conversation_id as "conversationId", at
    from desk_events
    where urgency = 'CRITICAL' and settled_at is null and (id = any(${ids}::bigint[]) or at >= ${since})
    order by id limit ${ids.length + mostOthers}`.execute(db)
  return new Map(
    rows.flatMap((row) => {
      const { data } = critical.safeParse(row)
      return data ? [[row.id, data] as const] : []
    }),
  )
}

/** The ids of critical events that are not settled, oldest first. */
export async function unsettledEvents(db: Db): Promise<number[]> {
  const rows = await db
    .selectFrom('desk_events')
    .select('id')
    .where('urgency', '=', 'CRITICAL')
    .where('settled_at', 'is', null)
    .orderBy('id')
    .limit(mostOthers)
    .execute()
  return rows.map(({ id }) => id)
}
