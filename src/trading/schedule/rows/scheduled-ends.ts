import { sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { ScheduledState } from '../../../infra/db/schema.ts'
import { type ScheduledOrder, toScheduled } from './scheduled-orders.ts'

/** Notes that the member of a waiting late order is asked about it; false when another process has noted it. */
export async function noteAsked(trx: Trx, id: number, at: Date): Promise<boolean> {
  const row = await trx
    .updateTable('scheduled_orders')
    .set({ asked_at: at })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where('asked_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/**
 * Lets a late order be carried out now, as its member has answered. Undefined when it waits for no answer any more. Its planned
 * time stays.
 */
export async function allowLate(db: Db, id: number, now: Date): Promise<ScheduledOrder | undefined> {
  const row = await db
    .updateTable('scheduled_orders')
    .set({
      asked_at: null,
      due_at: sql<Date | null>`case when due_at is not null then ${now}::timestamptz end`,
      touched_at: sql<Date | null>`case when due_at is null then ${now}::timestamptz end`,
    })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where('asked_at', 'is not', null)
    .returningAll()
    .executeTakeFirst()
  return row && toScheduled(row)
}

/** Those of these positions that waiting orders close. */
export async function scheduledFor(trx: Trx, positionIds: number[]): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`
    select distinct p.id from scheduled_orders s, unnest(s.position_ids) as p(id)
    where s.state = 'waiting' and s.position_ids && ${positionIds}::bigint[] and p.id = any(${positionIds}::bigint[])`.execute(
    trx,
  )
  return new Set(rows.map(({ id }) => Number(id)))
}

/** Takes a position that ends out of the waiting orders, and ends those that have no other. Returns the ended ones. */
export async function endWithPosition(
  trx: Trx,
  positionId: number,
  because: string,
  at: Date,
): Promise<ScheduledOrder[]> {
  const left = sql<number[]>`array_remove(position_ids, ${positionId}::bigint)`
  const ends = sql`cardinality(${left}) = 0`
  const rows = await trx
    .updateTable('scheduled_orders')
    .set({
      position_ids: left,
      state: sql<ScheduledState>`case when ${ends} then 'cancelled' else state end`,
      outcome: sql<string>`case when ${ends} then ${because} end`,
      ended_at: sql<Date>`case when ${ends} then ${at}::timestamptz end`,
    })
    .where('state', '=', 'waiting')
    .where(sql<boolean>`position_ids @> array[${positionId}::bigint]`)
    .returningAll()
    .execute()
  return rows.filter(({ state }) => state === 'cancelled').map(toScheduled)
}

/** Ends the waiting orders all of whose positions are closed. Returns them. */
export async function endWithoutPosition(trx: Trx, because: string, at: Date): Promise<ScheduledOrder[]> {
  const rows = await trx
    .updateTable('scheduled_orders as s')
    .set({ state: 'cancelled', outcome: because, ended_at: at })
    .where('s.state', '=', 'waiting')
    .where('s.position_ids', 'is not', null)
    .where(sql<boolean>`not exists (select from positions p where p.id = any(s.position_ids) and p.closed_at is null)`)
    .returningAll()
    .execute()
  return rows.map(toScheduled)
}
