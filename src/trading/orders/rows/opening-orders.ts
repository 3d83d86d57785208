import type { Db, Trx } from '../../../infra/db/client.ts'
import { liveStates } from '../rules/order-lifecycle.ts'
import { type DraftOpening, type OpeningOrder, orderRow, toOrder } from './orders.ts'

/** Writes an order that opens a position or adds to one. The caller has locked its account. */
export async function placeOpening(trx: Trx, order: DraftOpening): Promise<OpeningOrder> {
  const { id, sent_as } = await trx
    .insertInto('orders')
    .values(orderRow(order))
    .returning(['id', 'sent_as'])
    .executeTakeFirstOrThrow()
  return { ...order, id, sentAs: sent_as }
}

/** The live opening orders of an account. */
export async function liveOpenings(db: Db, accountId: number, symbol?: string): Promise<OpeningOrder[]> {
  let query = db
    .selectFrom('orders')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('purpose', '=', 'open')
    .where('state', 'in', liveStates)
    .orderBy('id')
  if (symbol !== undefined) query = query.where('symbol', '=', symbol)
  return (await query.execute()).map((row) => toOrder(row) as OpeningOrder)
}
