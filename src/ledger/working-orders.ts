import { sql } from 'kysely'
import type { Db, Trx } from '../db/client.ts'
import type { Big } from '../trading/amounts.ts'
import type { Side } from '../trading/position.ts'
import { type OpeningOrder, type Order, toOrder } from './orders.ts'

/** An order with a limit that has no outcome yet. */
export interface RestingOrder {
  id: number
  /** How its account calls it. */
  number: number
  symbol: string
  side: Side
  quantity: Big
  /** Dollars a unit. */
  limitPrice: Big
  expiresAt?: Date
  /** The position that it takes from; absent for one that opens or adds. */
  positionId?: number
  createdAt: Date
  /** Has the venue said that it has it? */
  isConfirmed: boolean
}

/** Orders with a limit of an account that have no outcome yet, by number. */
export async function restingOrders(db: Db, accountId: number): Promise<RestingOrder[]> {
  return (await liveLimits(db, { accountId })).map((order) => ({
    id: order.id,
    number: order.limit!.number,
    symbol: order.symbol,
    side: order.side,
    quantity: order.quantity,
    limitPrice: order.limit!.price,
    expiresAt: order.limit!.expiresAt,
    positionId: order.purpose === 'open' ? undefined : order.positionId,
    createdAt: order.createdAt,
    isConfirmed: order.state === 'resting',
  }))
}

/** The same as they are, of an account or of a position. */
export async function liveLimits(
  db: Db,
  of: { accountId: number } | { positionId: number },
): Promise<(Order | OpeningOrder)[]> {
  const live = db
    .selectFrom('orders')
    .selectAll()
    .where('state', 'in', ['working', 'resting'])
    .where('limit_price', 'is not', null)
    .orderBy('number')
  const rows = await ('accountId' in of
    ? live.where('account_id', '=', of.accountId)
    : live.where('position_id', '=', of.positionId)
  ).execute()
  return rows.map(toOrder)
}

/** Every order that rests at the venue, as far as the desk knows. */
export async function allResting(db: Db): Promise<(Order | OpeningOrder)[]> {
  const rows = await db.selectFrom('orders').selectAll().where('state', '=', 'resting').orderBy('id').execute()
  return rows.map(toOrder)
}

/** Locks an account, before any position of it: who writes orders with a number, or opens, does so one after the other. */
export async function lockAccountRow(trx: Trx, accountId: number): Promise<void> {
  await sql`select from accounts where id = ${accountId} for no key update`.execute(trx)
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

/** Notes that the venue has a locked order, with this limit. */
export async function noteRests(trx: Trx, orderId: number, limitPrice: Big): Promise<void> {
  await trx
    .updateTable('orders')
    .set({ state: 'resting', limit_price: limitPrice.toFixed() })
    .where('id', '=', orderId)
    .execute()
}

/** Notes that somebody wants an order cancelled, before the venue is asked for it; and why, where that was not a member. */
export async function noteCancelAsked(db: Db, orderId: number, at: Date, because?: string): Promise<void> {
  await db
    .updateTable('orders')
    .set({ cancel_asked_at: at, rejected_because: because })
    .where('id', '=', orderId)
    .where('state', 'in', ['working', 'resting'])
    .where('cancel_asked_at', 'is', null)
    .execute()
}

/** Orders that have no outcome yet and end at a time of their own. */
export async function expiringOrders(db: Db): Promise<(Order | OpeningOrder)[]> {
  const rows = await db
    .selectFrom('orders')
    .selectAll()
    .where('state', 'in', ['working', 'resting'])
    .where('expires_at', 'is not', null)
    .orderBy('id')
    .execute()
  return rows.map(toOrder)
}
