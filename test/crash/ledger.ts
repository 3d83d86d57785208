import { type Kysely, sql } from 'kysely'
import { expect } from 'vitest'
import type { Database } from '../../src/infra/db/schema.ts'
import { liveStates } from '../../src/trading/orders/rules/order-lifecycle.ts'

type Db = Kysely<Database>

/** The number of unfinished rows: everything is 0 when nothing is left half done. An order with a limit may work for days. */
export async function unrest(db: Db): Promise<{ scaleouts: number; orders: number; chunks: number; replies: number }> {
  const { rows } = await sql<{ scaleouts: number; orders: number; chunks: number; replies: number }>`select
    (select count(*) from scaleouts where state in ('running', 'paused')) as scaleouts,
    (select count(*) from orders where state = any(${[...liveStates]}::text[])
      and (limit_price is null or state not in ('working', 'partly_filled'))) as orders,
    (select count(*) from scaleout_chunks where state = 'waiting') as chunks,
    (select count(*) from replies where state in ('queued', 'posting', 'failed')) as replies`.execute(db)
  return rows[0]!
}

/** Waits until nothing runs, no order is under way, and every reply is posted. */
export async function comesToRest(db: Db, timeout = 60_000): Promise<void> {
  await expect
    .poll(() => unrest(db), { timeout, interval: 50 })
    .toEqual({ scaleouts: 0, orders: 0, chunks: 0, replies: 0 })
}

/**
 * Expects the book to show that `quantity` was sold once: the fills of the venue and of the ledger are the same, `held` is left of
 * the position, and nothing is set aside.
 */
export async function expectSoldOnce(db: Db, quantity: number, held = 0): Promise<void> {
  const { rows } = await sql<Record<string, unknown>>`select
    (select coalesce(sum(quantity), 0)::float from fills where side = 'sell') as sold,
    (select coalesce(sum(quantity), 0)::float from paper_fills where side = 'sell') as at_venue,
    (select count(*) from fills f join orders o on o.id = f.order_id where o.purpose <> 'record') as fills,
    (select count(*) from fills f join paper_fills p using (venue_fill_id) where f.quantity = p.quantity and f.price = p.price) as confirmed,
    (select count(*) from paper_fills) as venue_fills,
    (select count(*) from orders o where state = 'filled' and not exists (select from fills f where f.order_id = o.id)) as empty,
    (select coalesce(sum(abs(signed_quantity) + working_quantity + resting_quantity), 0)::float from positions) as held,
    (select coalesce(sum(sold_quantity - total_quantity), 0)::float from scaleouts where state = 'complete') as off_plan`.execute(
    db,
  )
  const { fills } = rows[0]!
  expect(rows[0]).toEqual({
    sold: quantity,
    at_venue: quantity,
    fills,
    confirmed: fills,
    venue_fills: fills,
    empty: 0,
    held,
    off_plan: 0,
  })
}

/** Expects so many scaleouts: every chunk of them was filled by one order, and each of their steps is one event. */
export async function expectOneOrderAChunk(db: Db, scaleouts = 1): Promise<void> {
  const { rows } = await sql<Record<string, unknown>>`select
    (select count(*) from scaleouts) as scaleouts,
    (select sum(chunk_count) from scaleouts) as chunks,
    (select count(*) from scaleout_chunks where state = 'done') as done,
    (select count(distinct chunk_id) from orders where purpose = 'chunk' and state = 'filled') as ordered,
    (select count(*) from desk_events where type = 'scaleout_start') as starts,
    (select count(*) from desk_events where type = 'scaleout_progress') as progress,
    (select count(*) from desk_events where type = 'scaleout_complete') as completes`.execute(db)
  const { chunks } = rows[0]!
  expect(rows[0]).toEqual({
    ...{ scaleouts, starts: scaleouts, completes: scaleouts },
    ...{ chunks, done: chunks, ordered: chunks, progress: chunks },
  })
}

/** Lets time pass for everything in the database: all its times move back by this many seconds. */
export async function letPass(db: Db, seconds: number): Promise<void> {
  const ago = sql.raw(`interval '${seconds} seconds'`)
  for (const [table, columns] of Object.entries(times)) {
    const changes = columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(column)} - ${ago}`)
    await sql`update ${sql.table(table)} set ${sql.join(changes)}`.execute(db)
  }
}

const times = {
  replies: ['leased_until', 'attempted_at', 'next_attempt_at'],
  conversations: ['posting_until'],
  orders: ['created_at', 'calling_until', 'missing_since', 'cancel_asked_at', 'ended_at'],
  protective_orders: ['created_at'],
  part_levels: ['created_at'],
  unfinished_closes: ['asked_at'],
  scaleouts: ['started_at'],
  scaleout_chunks: ['due_at', 'done_at'],
  audit: ['heard_at'],
  desk_events: ['acting_until'],
  account_leases: ['until'],
  account_workers: ['until'],
  guardian_decisions: ['chosen_at'],
  scheduled_orders: ['due_at', 'late_at', 'expires_at', 'touched_at', 'running_since'],
}
