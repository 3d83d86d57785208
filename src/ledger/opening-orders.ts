import type { Db, Trx } from '../db/client.ts'
import { limitColumns, type OpeningOrder, orderRow, toOrder } from './orders.ts'
import { lockOpenPosition, type Position } from './positions.ts'
import { lockAccountRow } from './working-orders.ts'

/** Writes an order that opens a position or adds to one; its account is locked. */
export async function placeOpening(trx: Trx, order: Omit<OpeningOrder, 'id'>): Promise<OpeningOrder> {
  const { id } = await trx
    .insertInto('orders')
    .values({ ...orderRow(order), ...limitColumns(order.limit) })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { ...order, id }
}

/** Locks an order that opens and, before it, its account and the open position in its symbol, if there is one. */
export async function lockOpening(
  trx: Trx,
  { id, accountId, symbol }: Pick<OpeningOrder, 'id' | 'accountId' | 'symbol'>,
): Promise<{ order: OpeningOrder; position?: Position }> {
  await lockAccountRow(trx, accountId)
  const position = await lockOpenPosition(trx, accountId, symbol)
  const row = await trx.selectFrom('orders').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
  return { order: toOrder(row) as OpeningOrder, position }
}

/** Orders of an account that open and have no outcome yet. */
export async function liveOpenings(db: Db, accountId: number, symbol?: string): Promise<OpeningOrder[]> {
  let query = db
    .selectFrom('orders')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('purpose', '=', 'open')
    .where('state', 'in', ['working', 'resting'])
    .orderBy('id')
  if (symbol !== undefined) query = query.where('symbol', '=', symbol)
  return (await query.execute()).map((row) => toOrder(row) as OpeningOrder)
}

/** Ends a locked order that opens and was not filled. */
export async function endOpening(
  trx: Trx,
  order: OpeningOrder,
  end: { state: 'rejected' | 'cancelled' | 'expired'; rejected_because?: string },
): Promise<void> {
  await trx.updateTable('orders').set(end).where('id', '=', order.id).execute()
}
