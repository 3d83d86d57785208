import { type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import { unlinkedBecause } from '../../accounts/rules/unlinked.ts'
import type { Position } from '../../positions/rows/positions.ts'
import type { Side } from '../../positions/rules/position.ts'
import { unprotectedInsert } from '../../protection/rows/follow-position.ts'
import { type AnyOrder, orderColumns, toOrder } from './orders.ts'

/** A fill to book, with its order and realized P&L. */
export interface FillToBook {
  /** The venue of the trade; `desk` for a trade elsewhere that a member recorded. */
  venue: string
  venueFillId: string
  orderId: number
  accountId: number
  symbol: string
  side: Side
  quantity: Big
  /** Dollars a unit. */
  price: Big
  /** Dollars for the whole fill; positive is cost. */
  commission: Big
  /** Dollars, after its commission. */
  realizedPnl: Big
  /** The units of it that closed the holding; undefined when they were not stored. */
  closedQuantity: Big | undefined
  filledAt: Date
  /** The venue's id of the fill that this one reverses. */
  reverses?: string
}

/** A fill that is booked already. */
export type BookedFill = Omit<FillToBook, 'filledAt' | 'reverses'>

/** Orders and their positions in their state after news. */
export interface OrdersToRecord {
  orders: { order: AnyOrder; positionId: number | undefined; because?: string }[]
  fills: (FillToBook & { positionId: number })[]
  positions: Position[]
  /** Positions that are now flat, whose critical events are settled. */
  settled: number[]
  at: Date
}

/** Locks orders, after their positions or accounts, and reads which of these fills are booked. The keys are order ids. */
export async function lockOrders(
  trx: Trx,
  orderIds: number[],
  fillIds: string[],
): Promise<{ orders: Map<number, AnyOrder>; booked: Map<number, Map<string, BookedFill>> }> {
  const [{ rows }, known] = await Promise.all([
    sql<Selectable<Database['orders']>>`
      select ${orderColumns} from orders where id = any(${orderIds}::bigint[]) order by id for no key update`.execute(
      trx,
    ),
    fillIds.length === 0 ? [] : bookedFills(trx, fillIds),
  ])
  const orders = new Map(rows.map((row) => [row.id, toOrder(row)]))
  const booked = new Map<number, Map<string, BookedFill>>()
  for (const [id, { accountId }] of orders) {
    const own = known.filter((fill) => fill.accountId === accountId)
    booked.set(id, new Map(own.map((fill) => [fill.venueFillId, fill])))
  }
  return { orders, booked }
}

async function bookedFills(trx: Trx, fillIds: string[]): Promise<BookedFill[]> {
  const { rows } = await sql<Selectable<Database['fills']>>`
    select venue, venue_fill_id, order_id, account_id, symbol, side, quantity, price, commission, realized_pnl, closed_quantity
    from fills where venue_fill_id = any(${fillIds}::text[])`.execute(trx)
  return rows.map((row) => ({
    venue: row.venue,
    venueFillId: row.venue_fill_id,
    orderId: row.order_id,
    accountId: row.account_id,
    symbol: row.symbol,
    side: row.side,
    quantity: new Big(row.quantity),
    price: new Big(row.price),
    commission: new Big(row.commission),
    realizedPnl: new Big(row.realized_pnl),
    closedQuantity: row.closed_quantity === null ? undefined : new Big(row.closed_quantity),
  }))
}

/**
 * Writes the result of news in one statement: fills, orders, positions, and their protection. It is the only writer of fills.
 * The caller has locked all of these rows.
 */
export async function recordOrders(trx: Trx, { orders, fills, positions, settled, at }: OrdersToRecord): Promise<void> {
  // The ids are passed as arrays, too: the planner would scan the whole table for the join alone.
  const orderIds = orders.map(({ order }) => order.id)
  const positionIds = positions.map(({ id }) => id)
  await sql`
    with given_order as (
      select * from jsonb_to_recordset(${JSON.stringify(orders.map(orderGiven))}::jsonb) as g(
        id bigint, state text, position_id bigint, venue_order_id text, filled_quantity numeric, filled_value numeric,
        realized_pnl numeric, rests boolean, limit_price numeric, stop_price numeric, because text, calling_until timestamptz,
        missing_since timestamptz, has_ended boolean)
    ), ordered as (
      update orders o set state = g.state, position_id = coalesce(g.position_id, o.position_id),
        venue_order_id = g.venue_order_id, filled_quantity = g.filled_quantity, filled_value = g.filled_value,
        realized_pnl = g.realized_pnl, rests = g.rests, limit_price = g.limit_price, stop_price = g.stop_price, calling_until = g.calling_until,
        -- An order that is followed again, or was filled meanwhile, has not ended for that reason.
        rejected_because = case when o.rejected_because is distinct from ${unlinkedBecause} or g.has_ended and g.state <> 'filled'
          then coalesce(g.because, o.rejected_because) end, missing_since = g.missing_since,
        ended_at = case when g.has_ended then coalesce(o.ended_at, ${at}::timestamptz) end
      from given_order g where o.id = g.id and o.id = any(${orderIds}::bigint[])
    ), fill as (
      insert into fills (venue, venue_fill_id, order_id, position_id, account_id, symbol, side, quantity, price, commission,
        realized_pnl, filled_at, reverses, closed_quantity)
      select venue, venue_fill_id, order_id, position_id, account_id, symbol, side, quantity, price, commission,
        realized_pnl, filled_at, reverses, closed_quantity
      from rows from (jsonb_to_recordset(${JSON.stringify(fills.map(fillGiven))}::jsonb) as (
        venue text, venue_fill_id text, order_id bigint, position_id bigint, account_id bigint, symbol text, side text,
        quantity numeric, price numeric, commission numeric, realized_pnl numeric, filled_at timestamptz, reverses text,
        closed_quantity numeric)) with ordinality as f order by f.ordinality
    ), given as (
      select g.*, p.signed_quantity as was from jsonb_to_recordset(${JSON.stringify(positions.map(positionGiven))}::jsonb) as g(
        id bigint, signed_quantity numeric, open_cost numeric, realized_pnl numeric, working_quantity numeric,
        resting_quantity numeric, protecting_quantity numeric, version int)
      join positions p on p.id = g.id where p.id = any(${positionIds}::bigint[])
    ), moved as (
      update positions p set signed_quantity = g.signed_quantity, open_cost = g.open_cost, realized_pnl = g.realized_pnl,
        working_quantity = g.working_quantity, resting_quantity = g.resting_quantity,
        protecting_quantity = g.protecting_quantity, version = g.version,
        closed_at = case when g.signed_quantity = 0 then coalesce(p.closed_at, ${at}::timestamptz) end
      from given g where p.id = g.id and p.id = any(${positionIds}::bigint[])
    ), protection as (
      update protective_orders o set
        quantity = case when sign(g.was) <> sign(g.signed_quantity) then o.quantity else abs(g.signed_quantity) end,
        state = case when sign(g.was) <> sign(g.signed_quantity) then 'cancelled' else o.state end,
        ended_because = case when sign(g.was) = sign(g.signed_quantity) then null
          when g.signed_quantity = 0 then 'the position is closed' else 'the position has turned round' end,
        ended_at = case when sign(g.was) <> sign(g.signed_quantity) then ${at}::timestamptz end
      from given g
      where o.position_id = g.id and o.position_id = any(${positionIds}::bigint[]) and o.state = 'working'
        and g.was <> g.signed_quantity
      returning o.*
    ), unprotected as ${unprotectedInsert()}, settled as (
      -- An array instead of a join: the planner would expect one unsettled event, and loop over all of them for each position.
      update desk_events set settled_at = ${at}
      where position_id = any(${settled}::bigint[]) and urgency = 'CRITICAL' and settled_at is null
    )
    select 1`.execute(trx)
}

function orderGiven({ order, positionId, because }: OrdersToRecord['orders'][number]) {
  return {
    id: order.id,
    state: order.state,
    position_id: positionId ?? null,
    venue_order_id: order.venueOrderId ?? null,
    filled_quantity: order.filledQuantity.toFixed(),
    filled_value: order.filledValue.toFixed(),
    realized_pnl: order.realizedPnl.toFixed(),
    rests: order.rests,
    limit_price: order.limit?.price.toFixed() ?? null,
    stop_price: order.stop?.toFixed() ?? null,
    because: because ?? null,
    calling_until: order.callingUntil ?? null,
    missing_since: order.missingSince ?? null,
    has_ended: ['filled', 'cancelled', 'expired', 'refused'].includes(order.state),
  }
}

function fillGiven(fill: OrdersToRecord['fills'][number]) {
  return {
    venue: fill.venue,
    venue_fill_id: fill.venueFillId,
    order_id: fill.orderId,
    position_id: fill.positionId,
    account_id: fill.accountId,
    symbol: fill.symbol,
    side: fill.side,
    quantity: fill.quantity.toFixed(),
    price: fill.price.toFixed(),
    commission: fill.commission.toFixed(),
    realized_pnl: fill.realizedPnl.toFixed(),
    filled_at: fill.filledAt,
    reverses: fill.reverses ?? null,
    closed_quantity: fill.closedQuantity?.toFixed() ?? null,
  }
}

function positionGiven(position: Position) {
  return {
    id: position.id,
    signed_quantity: position.signedQuantity.toFixed(),
    open_cost: position.openCost.toFixed(),
    realized_pnl: position.realizedPnl.toFixed(),
    working_quantity: position.workingQuantity.toFixed(),
    resting_quantity: position.restingQuantity.toFixed(),
    protecting_quantity: position.protectingQuantity.toFixed(),
    version: position.version,
  }
}
