import { Big } from '../../../base/amounts.ts'
import type { Trx } from '../../../infra/db/client.ts'
import type { VenueFill } from '../../../venues/venue.ts'
import { type DraftOrder, type Order, orderRow } from '../../orders/rows/orders.ts'

/** An execution of an order that is not the desk's, as stored. */
export interface ExternalExecution {
  id: number
  symbol: string
  side: 'buy' | 'sell'
  quantity: Big
  /** The units of it that closed a position of the desk, booked as a fill of this order. */
  ofDesk: Big
  orderId?: number
}

/** Notes an execution of a locked account, once. Undefined when it is known. */
export async function noteExecution(trx: Trx, accountId: number, fill: VenueFill): Promise<number | undefined> {
  const row = await trx
    .insertInto('external_executions')
    .values({
      account_id: accountId,
      venue_fill_id: fill.venueFillId,
      symbol: fill.symbol,
      side: fill.side,
      quantity: fill.quantity.toFixed(),
      price: fill.price.toFixed(),
      commission: fill.commission.toFixed(),
      filled_at: fill.filledAt,
      reverses: fill.reverses ?? null,
      order_id: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

/** Notes the part of an execution that changes the desk's position, and its order. */
export async function notePartOfDesk(trx: Trx, id: number, ofDesk: Big, orderId: number): Promise<void> {
  await trx
    .updateTable('external_executions')
    .set({ desk_quantity: ofDesk.toFixed(), order_id: orderId })
    .where('id', '=', id)
    .execute()
}

/** An execution by the venue's id. */
export async function findExecution(
  trx: Trx,
  accountId: number,
  venueFillId: string,
): Promise<ExternalExecution | undefined> {
  const row = await trx
    .selectFrom('external_executions')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('venue_fill_id', '=', venueFillId)
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      symbol: row.symbol,
      side: row.side,
      quantity: new Big(row.quantity),
      ofDesk: new Big(row.desk_quantity),
      orderId: row.order_id ?? undefined,
    }
  )
}

/**
 * Writes the order of a trade that was made at the venue and not by the desk. It is over from the start, so nobody asks the venue for
 * it; its fill follows in the same transaction.
 */
export async function writeOrderOfOthers(trx: Trx, draft: DraftOrder): Promise<Order> {
  const row = await trx
    .insertInto('orders')
    .values(orderRow(draft))
    .returning(['id', 'sent_as'])
    .executeTakeFirstOrThrow()
  return { ...draft, id: row.id, sentAs: row.sent_as }
}
