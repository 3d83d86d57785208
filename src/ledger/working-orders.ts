import { sql } from 'kysely'
import type { Db, Trx } from '../db/client.ts'
import { type Big, sum } from '../trading/amounts.ts'
import { leftOf, liveStates } from '../trading/order-lifecycle.ts'
import type { Side } from '../trading/position.ts'
import { type AnyOrder, toOrder } from './orders.ts'

/** An order with a limit that has no end yet. */
export interface RestingOrder {
  id: number
  /** How its account calls it. */
  number: number
  symbol: string
  side: Side
  /** As it was sent, and what is left of it. */
  quantity: Big
  left: Big
  /** Dollars a unit. */
  limitPrice: Big
  expiresAt?: Date
  /** The position that it takes from; absent for one that opens or adds. */
  positionId?: number
  createdAt: Date
  /** Has the venue said that it has it? */
  isConfirmed: boolean
}

/** Orders with a limit of an account that have no end yet, by number. */
export async function restingOrders(db: Db, accountId: number): Promise<RestingOrder[]> {
  return (await liveLimits(db, { accountId })).map((order) => ({
    id: order.id,
    number: order.limit!.number,
    symbol: order.symbol,
    side: order.side,
    quantity: order.quantity,
    left: leftOf(order),
    limitPrice: order.limit!.price,
    expiresAt: order.limit!.expiresAt,
    positionId: order.purpose === 'open' ? undefined : order.positionId,
    createdAt: order.createdAt,
    isConfirmed: order.venueOrderId !== undefined,
  }))
}

/** The same as they are, of an account or of a position. */
export async function liveLimits(db: Db, of: { accountId: number } | { positionId: number }): Promise<AnyOrder[]> {
  const live = db
    .selectFrom('orders')
    .selectAll()
    .where('state', 'in', liveStates)
    .where('limit_price', 'is not', null)
    .orderBy('number')
  const rows = await ('accountId' in of
    ? live.where('account_id', '=', of.accountId)
    : live.where('position_id', '=', of.positionId)
  ).execute()
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
