import { type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import type { OrderReport } from '../../../venues/venue.ts'
import type { Side } from '../../positions/rules/position.ts'

/** An order that is open at the broker of a linked account and is not the desk's. */
export interface OrderOfOthers {
  venueOrderId: string
  clientOrderId: string
  symbol: string
  side: Side
  /** Units as sent, and those that are filled. */
  quantity: Big
  filledQuantity: Big
  /** Dollars a unit. */
  limitPrice?: Big
  stopPrice?: Big
}

/** The open orders of others in an account as its last look found them, by symbol; `symbol`: only those in it. */
export async function ordersOfOthers(db: Db, accountId: number, symbol?: string): Promise<OrderOfOthers[]> {
  const rows = await db
    .selectFrom('orders_of_others')
    .selectAll()
    .where('account_id', '=', accountId)
    .$if(symbol !== undefined, (query) => query.where('symbol', '=', symbol!))
    .orderBy('symbol')
    .orderBy('venue_order_id')
    .execute()
  return rows.map(toOrder)
}

/** Keeps the orders that a look has found, instead of those of the look before. Returns those that are new. */
export async function keepOrdersOfOthers(
  trx: Trx,
  accountId: number,
  found: OrderReport[],
  at: Date,
): Promise<OrderOfOthers[]> {
  await trx
    .deleteFrom('orders_of_others')
    .where('account_id', '=', accountId)
    .where(sql<boolean>`venue_order_id <> all(${found.map(({ venueOrderId }) => venueOrderId)}::text[])`)
    .execute()
  if (found.length === 0) return []
  const rows = await trx
    .insertInto('orders_of_others')
    .values(
      [...new Map(found.map((one) => [one.venueOrderId, one])).values()].map((one) => ({
        ...{ account_id: accountId, venue_order_id: one.venueOrderId, client_order_id: one.clientOrderId },
        ...{ symbol: one.symbol, side: one.side, quantity: one.quantity.toFixed() },
        filled_quantity: one.filledQuantity.toFixed(),
        limit_price: one.limitPrice?.toFixed() ?? null,
        stop_price: one.stopPrice?.toFixed() ?? null,
        seen_at: at,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'venue_order_id']).doUpdateSet((eb) => ({
        quantity: eb.ref('excluded.quantity'),
        filled_quantity: eb.ref('excluded.filled_quantity'),
        limit_price: eb.ref('excluded.limit_price'),
        stop_price: eb.ref('excluded.stop_price'),
      })),
    )
    .returningAll()
    .execute()
  return rows.filter(({ seen_at }) => seen_at.getTime() === at.getTime()).map(toOrder)
}

/** Forgets orders that were taken back; the next look shows those that are open all the same. */
export async function forgetOrdersOfOthers(db: Db, accountId: number, venueOrderIds: string[]): Promise<void> {
  await db
    .deleteFrom('orders_of_others')
    .where('account_id', '=', accountId)
    .where(sql<boolean>`venue_order_id = any(${venueOrderIds})`)
    .execute()
}

function toOrder(row: Selectable<Database['orders_of_others']>): OrderOfOthers {
  return {
    ...{ venueOrderId: row.venue_order_id, clientOrderId: row.client_order_id, symbol: row.symbol, side: row.side },
    quantity: new Big(row.quantity),
    filledQuantity: new Big(row.filled_quantity),
    ...(row.limit_price !== null && { limitPrice: new Big(row.limit_price) }),
    ...(row.stop_price !== null && { stopPrice: new Big(row.stop_price) }),
  }
}
