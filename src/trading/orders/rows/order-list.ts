import { sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'
import { hasReason, liveStates } from '../rules/order-lifecycle.ts'
import { type AnyOrder, type OrderRow, orderColumns, toOrder } from './orders.ts'

/** An order with what a list of orders shows beside it. */
export interface ListedOrder {
  order: AnyOrder
  scaleoutId?: number
  /** The reason of its end, in words. */
  because?: string
  endedAt?: Date
}

/** The orders that are wanted, of one account. */
export interface OrderFilter {
  state: 'live' | 'ended' | 'all'
  symbol?: string
  before?: number
  most: number
}

/** Orders of an account that went to the venue, the newest first. */
export async function listOrders(
  db: Db,
  accountId: number,
  { state, symbol, before, most }: OrderFilter,
): Promise<ListedOrder[]> {
  const live = sql`o.state = any(${[...liveStates]}::text[])`
  const inState = { all: sql`true`, live, ended: sql`not ${live}` }[state]
  const { rows } = await sql<OrderRow & { scaleout: number | null; because: string | null; ended: Date | null }>`
    select ${orderColumns}, rejected_because as because, ended_at as ended,
      (select c.scaleout_id from scaleout_chunks c where c.id = o.chunk_id) as scaleout
    from orders o
    where account_id = ${accountId} and purpose <> 'record' and ${inState}
      and (${symbol ?? null}::text is null or symbol = ${symbol ?? null})
      and (${before ?? null}::bigint is null or id < ${before ?? null})
    order by id desc limit ${most}`.execute(db)
  return rows.map((row) => ({
    order: toOrder(row),
    ...(row.scaleout !== null && { scaleoutId: row.scaleout }),
    ...(row.because !== null && hasReason(row.state) && { because: row.because }),
    ...(row.ended && { endedAt: row.ended }),
  }))
}

/** A fill with the purpose of its order. */
export interface ListedFill {
  id: number
  orderId: number
  symbol: string
  side: 'buy' | 'sell'
  purpose: AnyOrder['purpose']
  quantity: Big
  /** Dollars a unit. */
  price: Big
  commission: Big
  realizedPnl: Big
  filledAt: Date
  /** The venue's id of the fill that it takes back. */
  reverses?: string
}

/** The fills that are wanted, of one account. */
export interface FillFilter {
  symbol?: string
  from?: Date
  to?: Date
  before?: number
  most: number
}

/** Fills of an account, the newest first. */
export async function listFills(
  db: Db,
  accountId: number,
  { symbol, from, to, before, most }: FillFilter,
): Promise<ListedFill[]> {
  const rows = await db
    .selectFrom('fills as f')
    .innerJoin('orders as o', 'o.id', 'f.order_id')
    .where('f.account_id', '=', accountId)
    .$if(symbol !== undefined, (query) => query.where('f.symbol', '=', symbol!))
    .$if(from !== undefined, (query) => query.where('f.filled_at', '>=', from!))
    .$if(to !== undefined, (query) => query.where('f.filled_at', '<', to!))
    .$if(before !== undefined, (query) => query.where('f.id', '<', before!))
    .select(['f.id', 'f.order_id', 'f.symbol', 'f.side', 'o.purpose', 'f.quantity', 'f.price', 'f.commission'])
    .select(['f.realized_pnl', 'f.filled_at', 'f.reverses'])
    .orderBy('f.id', 'desc')
    .limit(most)
    .execute()
  return rows.map((row) => ({
    ...{ id: row.id, orderId: row.order_id, symbol: row.symbol, side: row.side, purpose: row.purpose },
    quantity: new Big(row.quantity),
    price: new Big(row.price),
    commission: new Big(row.commission),
    realizedPnl: new Big(row.realized_pnl),
    filledAt: row.filled_at,
    ...(row.reverses !== null && { reverses: row.reverses }),
  }))
}
