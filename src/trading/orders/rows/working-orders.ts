import { sql } from 'kysely'
import { type Big, sum } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Side } from '../../positions/rules/position.ts'
import { leftOf, liveStates } from '../rules/order-lifecycle.ts'
import { type AnyOrder, toOrder } from './orders.ts'

/** An order without an end yet that its account calls by a number: it has a limit, or waits at the venue at the market. */
export interface RestingOrder {
  id: number
  /** How its account calls it. */
  number: number
  symbol: string
  side: Side
  /** As it was sent, and what is left of it. */
  quantity: Big
  left: Big
  /** Dollars a unit; undefined for one at the market. */
  limitPrice?: Big
  expiresAt?: Date
  /** The position that it takes from; absent for one that opens or adds. */
  positionId?: number
  createdAt: Date
  /** Has the venue said that it has it? */
  isConfirmed: boolean
}

/** Orders of an account that have a number and no end yet, by number. */
export async function restingOrders(db: Db, accountId: number): Promise<RestingOrder[]> {
  return (await numberedOrders(db, accountId)).map((order) => ({
    id: order.id,
    number: order.number!,
    symbol: order.symbol,
    side: order.side,
    quantity: order.quantity,
    left: leftOf(order),
    limitPrice: order.limit?.price,
    expiresAt: order.limit?.expiresAt,
    positionId: order.purpose === 'open' ? undefined : order.positionId,
    createdAt: order.createdAt,
    isConfirmed: order.venueOrderId !== undefined,
  }))
}

/** The same as they are. */
export async function numberedOrders(db: Db, accountId: number): Promise<AnyOrder[]> {
  const rows = await db
    .selectFrom('orders')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('state', 'in', liveStates)
    .where('number', 'is not', null)
    .orderBy('number')
    .execute()
  return rows.map(toOrder)
}

/** Live orders that take from a position and can be had back, with a limit or at the market; not those by which the desk closes it at once. */
export async function restingExits(db: Db, positionId: number): Promise<AnyOrder[]> {
  const rows = await db
    .selectFrom('orders')
    .selectAll()
    .where('position_id', '=', positionId)
    .where('state', 'in', liveStates)
    .where('rests', '=', true)
    .where('purpose', 'in', ['chunk', 'close', 'trim'])
    .orderBy('id')
    .execute()
  return rows.map(toOrder)
}

/** Units of a position that its other orders hold which can be had back, chunks among them; in one look. */
export async function heldByOthers(db: Db, positionId: number, clientOrderId: string): Promise<Big> {
  const exits = await restingExits(db, positionId)
  return sum(exits.filter((order) => order.clientOrderId !== clientOrderId).map(leftOf))
}

/** Every order that the venue has, as far as the desk knows. */
export async function confirmedOrders(db: Db): Promise<AnyOrder[]> {
  const rows = await db
    .selectFrom('orders')
    .selectAll()
    .where('state', 'in', liveStates)
    .where('venue_order_id', 'is not', null)
    .orderBy('id')
    .execute()
  return rows.map(toOrder)
}

/** Locks an account, before any position of it: who writes orders with a number, or opens, does so one after the other. */
export async function lockAccountRow(trx: Trx, accountId: number): Promise<void> {
  await lockAccountRows(trx, [accountId])
}

/** Locks accounts, in an order that everybody keeps. */
export async function lockAccountRows(trx: Trx, accountIds: number[]): Promise<void> {
  if (accountIds.length === 0) return
  await sql`select from accounts where id = any(${accountIds}::bigint[]) order by id for no key update`.execute(trx)
}

/** The next number for an order of a locked account. */
export async function nextOrderNumber(trx: Trx, accountId: number): Promise<number> {
  const row = await trx
    .updateTable('accounts')
    .set((eb) => ({ last_order_number: eb('last_order_number', '+', 1) }))
    .where('id', '=', accountId)
    .returning('last_order_number')
    .executeTakeFirstOrThrow()
  return row.last_order_number
}

/** Gives a locked order of a locked account the next number, and makes it a task. Answers with the number. */
export async function numberOrder(trx: Trx, { id, accountId }: Pick<AnyOrder, 'id' | 'accountId'>): Promise<number> {
  const number = await nextOrderNumber(trx, accountId)
  await sql`
    with task as (
      insert into task_counters as c (account_id, last) values (${accountId}, 1)
      on conflict (account_id) do update set last = c.last + 1
      returning last
    )
    update orders set number = ${number}, task_number = (select last from task) where id = ${id}`.execute(trx)
  return number
}

/** Orders that have no end yet and end at a time of their own. */
export async function expiringOrders(db: Db): Promise<AnyOrder[]> {
  const rows = await db
    .selectFrom('orders')
    .selectAll()
    .where('state', 'in', liveStates)
    .where('expires_at', 'is not', null)
    .orderBy('id')
    .execute()
  return rows.map(toOrder)
}

/** Every live order that takes from a position, oldest first. */
export async function liveExits(db: Db, positionId: number): Promise<AnyOrder[]> {
  const rows = await db
    .selectFrom('orders')
    .selectAll()
    .where('position_id', '=', positionId)
    .where('state', 'in', liveStates)
    .where('purpose', '<>', 'open')
    .orderBy('id')
    .execute()
  return rows.map(toOrder)
}

/** Accounts of which an order has ended since a moment. */
export async function accountsWithEnds(db: Db, since: Date): Promise<number[]> {
  const rows = await db.selectFrom('orders').select('account_id').distinct().where('ended_at', '>', since).execute()
  return rows.map((row) => row.account_id)
}

/** What orders of chunks may still take from a position, the venue's word on them or not. */
export async function chunksOnTheWay(db: Db, positionId: number): Promise<Big> {
  const exits = await liveExits(db, positionId)
  return sum(exits.filter(({ purpose }) => purpose === 'chunk').map(leftOf))
}
