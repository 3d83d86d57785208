import { sql } from 'kysely'
import type { Db, Trx } from '../../infra/db/client.ts'
import type { AtBroker } from './sends.ts'

/** Locks an account of a broker for the rest of a transaction: claims and steps are written by one process at a time. */
export async function lockAccount(trx: Trx, { venue, account }: AtBroker): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`broker ${venue} ${account}`}, 0))`.execute(trx)
}

/** The desk's ids of a broker's orders; one that belongs to nobody is missing. */
export async function claimsOf(db: Db, at: AtBroker, orderIds: string[]): Promise<Map<string, string>> {
  if (orderIds.length === 0) return new Map()
  const { rows } = await sql<{ order_id: string; client_order_id: string }>`
    select order_id, client_order_id from broker_orders
    where venue = ${at.venue} and account = ${at.account} and order_id = any(${orderIds}::text[])`.execute(db)
  return new Map(rows.map(({ order_id, client_order_id }) => [order_id, client_order_id]))
}

/** A broker's ids of the orders of a client id, oldest first. */
export async function orderIdsOf(db: Db, at: AtBroker, clientOrderId: string): Promise<string[]> {
  const { rows } = await sql<{ order_id: string }>`
    select order_id from broker_orders
    where venue = ${at.venue} and account = ${at.account} and client_order_id = ${clientOrderId}
    order by length(order_id), order_id`.execute(db)
  return rows.map(({ order_id }) => order_id)
}

/** Gives a broker's order to an order of the desk. A broker's own word counts before a match of terms, and the first match stands. */
export async function claim(
  db: Db,
  at: AtBroker,
  { orderId, clientOrderId, isTold }: { orderId: string; clientOrderId: string; isTold: boolean },
  now: Date,
): Promise<void> {
  await sql`
    insert into broker_orders as o (venue, account, order_id, client_order_id, is_told, claimed_at)
    values (${at.venue}, ${at.account}, ${orderId}, ${clientOrderId}, ${isTold}, ${now})
    on conflict (venue, account, order_id) do update set client_order_id = excluded.client_order_id, is_told = true
      where excluded.is_told and not o.is_told`.execute(db)
}
