import { sql } from 'kysely'
import { type Big, sum } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Side } from '../../positions/rules/position.ts'
import { leftOf, liveStates } from '../rules/order-lifecycle.ts'
import { type AnyOrder, toOrder } from './orders.ts'

/** A live order with a number: it has a limit or a stop, or it is a market order that waits at the venue. */
export interface RestingOrder {
  id: number
  /** Its number within the account. */
  number: number
  symbol: string
  side: Side
  /** The quantity as sent, and the unfilled quantity. */
  quantity: Big
  left: Big
  /** Dollars a unit; undefined for a market order. */
  limitPrice?: Big
  stopPrice?: Big
  expiresAt?: Date
  /** The position that it takes from; absent for an opening order. */
  positionId?: number
  createdAt: Date
  /** Has the venue confirmed it? */
  isConfirmed: boolean
}

/** The live orders of an account that have a number, by number. */
export async function restingOrders(db: Db, accountId: number): Promise<RestingOrder[]> {
  return (await numberedOrders(db, accountId)).map((order) => ({
    id: order.id,
    number: order.number!,
    symbol: order.symbol,
    side: order.side,
    quantity: order.quantity,
    left: leftOf(order),
    limitPrice: order.limit?.price,
    stopPrice: order.stop,
    expiresAt: order.limit?.expiresAt,
    positionId: order.purpose === 'open' ? undefined : order.positionId,
    createdAt: order.createdAt,
    isConfirmed: order.venueOrderId !== undefined,
  }))
}

/** The same orders in full. */
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

/** Live exits of a position that a cancel can give back, limit or market orders. Orders that close at once are left out. */
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

/** All live orders that the venue has confirmed. */
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

/** All live orders of an account, confirmed or not. */
export async function liveOrdersOf(db: Db, accountId: number): Promise<AnyOrder[]> {
  const rows = await db
    .selectFrom('orders')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('state', 'in', liveStates)
    .orderBy('id')
    .execute()
  return rows.map(toOrder)
}

/** Locks an account, before any of its positions. It serializes writers of opening orders and of order numbers. */
export async function lockAccountRow(trx: Trx, accountId: number): Promise<void> {
  await lockAccountRows(trx, [accountId])
}

/** Locks accounts, in the order that all transactions keep. */
export async function lockAccountRows(trx: Trx, accountIds: number[]): Promise<void> {
  if (accountIds.length === 0) return
  await sql`select from accounts where id = any(${accountIds}::bigint[]) order by id for no key update`.execute(trx)
}

/** The next order number of a locked account. */
export async function nextOrderNumber(trx: Trx, accountId: number): Promise<number> {
  const row = await trx
    .updateTable('accounts')
    .set((eb) => ({ last_order_number: eb('last_order_number', '+', 1) }))
    .where('id', '=', accountId)
    .returning('last_order_number')
    .executeTakeFirstOrThrow()
  return row.last_order_number
}

/** Gives a locked order of a locked account the next number, and makes it a task. Returns the number. */
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

/** Live orders with an expiry. */
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

/** All live exits of a position, oldest first. */
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

/** Accounts with an order that has ended since a moment. */
export async function accountsWithEnds(db: Db, since: Date): Promise<number[]> {
  const rows = await db.selectFrom('orders').select('account_id').distinct().where('ended_at', '>', since).execute()
  return rows.map((row) => row.account_id)
}

/** The units that orders of chunks may still take from a position, confirmed or not. */
export async function chunksOnTheWay(db: Db, positionId: number): Promise<Big> {
  const exits = await liveExits(db, positionId)
  return sum(exits.filter(({ purpose }) => purpose === 'chunk').map(leftOf))
}
