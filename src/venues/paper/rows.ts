import type { Selectable } from 'kysely'
import { Big } from '../../base/amounts.ts'
import type { Database } from '../../infra/db/schema.ts'
import type { OrderReport, VenueFill, VenueOrder, VenueOrderState } from '../venue.ts'

/** A fill within its order's row, without the columns of the order. */
export interface FillOfRow {
  venueFillId: string
  quantity: string
  price: string
  commission: string
  filledAt: string
}

export type OrderRow = Selectable<Database['paper_orders']>
export type FillRow = Selectable<Database['paper_fills']>

/** An order of the book. */
export interface BookOrder extends VenueOrder {
  state: VenueOrderState
  /** Units. */
  filledQuantity: Big
  /** The number of its fills. */
  parts: number
  /** The moment from which its limit holds. */
  acceptedAt: Date
  /** The price got to its stop at this moment. Without it, an order with a stop waits. */
  triggeredAt?: Date
  /** Nothing is filled from this moment on. */
  endsAt?: Date
}

/** Does an order still wait for its stop? Then nothing of it is filled. */
export const waitsForStop = ({ stopPrice, triggeredAt }: Pick<BookOrder, 'stopPrice' | 'triggeredAt'>) =>
  stopPrice !== undefined && triggeredAt === undefined

export function orderOf(row: OrderRow): BookOrder {
  return {
    account: row.account,
    clientOrderId: row.client_order_id,
    symbol: row.symbol,
    side: row.side,
    quantity: new Big(row.quantity),
    ...(row.limit_price !== null && { limitPrice: new Big(row.limit_price) }),
    ...(row.stop_price !== null && { stopPrice: new Big(row.stop_price) }),
    ...(row.triggered_at && { triggeredAt: row.triggered_at }),
    ...(row.touched_level !== null && { touchedLevel: new Big(row.touched_level) }),
    ...(row.expires_at && { expiresAt: row.expires_at }),
    state: row.state,
    filledQuantity: new Big(row.filled_quantity),
    parts: row.parts,
    acceptedAt: row.accepted_at,
    ...(row.ends_at && { endsAt: row.ends_at }),
  }
}

export function fillOf(row: FillRow): VenueFill {
  return {
    account: row.account,
    venueFillId: row.venue_fill_id,
    clientOrderId: row.client_order_id,
    symbol: row.symbol,
    side: row.side,
    quantity: new Big(row.quantity),
    price: new Big(row.price),
    commission: new Big(row.commission),
    filledAt: row.filled_at,
  }
}

/** A fill of a row, with the fields of its order. */
export function fillWithin(order: VenueOrder, fill: FillOfRow): VenueFill {
  const { account, clientOrderId, symbol, side } = order
  return {
    account,
    venueFillId: fill.venueFillId,
    clientOrderId,
    symbol,
    side,
    quantity: new Big(fill.quantity),
    price: new Big(fill.price),
    commission: new Big(fill.commission),
    filledAt: new Date(fill.filledAt),
  }
}

/** The venue's report on an order; the paper venue uses the desk's id as its own. */
export function reportOf(
  order: VenueOrder & Pick<BookOrder, 'state' | 'filledQuantity'>,
  fills: VenueFill[],
): OrderReport {
  const { account, clientOrderId, symbol, side, quantity, limitPrice, stopPrice, state, filledQuantity } = order
  return {
    account,
    clientOrderId,
    venueOrderId: `paper-${clientOrderId}`,
    symbol,
    side,
    quantity,
    ...(limitPrice && { limitPrice }),
    ...(stopPrice && { stopPrice }),
    state,
    filledQuantity,
    fills,
  }
}
