import { type Selectable, sql } from 'kysely'
import type { Db, Trx } from '../db/client.ts'
import type { Database } from '../db/schema.ts'
import { Big } from '../trading/amounts.ts'
import type { Order } from './orders.ts'
import { type Position, toPosition } from './positions.ts'

/** Why a position is closed at once. */
export type ClosingPurpose = 'stop' | 'target' | 'breaker'

/** An order that closes a position at once. It stays working until the venue takes it or a person gives it up. */
export interface ClosingOrder extends Order {
  purpose: ClosingPurpose
  /** Until then a call to the venue that has begun may still reach it. */
  callingUntil?: Date
  /** A person does not want it any more. */
  givenUpAt?: Date
}

/** Locks those of these positions that nobody else holds; whoever holds one has done with it in a moment. Rows that only refer to one may be written meanwhile. */
export async function lockFreePositions(trx: Trx, ids: number[]): Promise<Map<number, Position>> {
  const { rows } = await sql<Selectable<Database['positions']>>`
    select * from positions where id = any(${ids}::bigint[]) order by id for no key update skip locked`.execute(trx)
  return new Map(rows.map((row) => [row.id, toPosition(row)]))
}

/** Every order that was placed to close these positions at once, oldest first. */
export async function closingOrders(db: Db, positionIds: number[]): Promise<ClosingOrder[]> {
  const { rows } = await sql<Selectable<Database['orders']>>`
    select * from orders where position_id = any(${positionIds}::bigint[]) and purpose in ('stop', 'target', 'breaker')
    order by id`.execute(db)
  return rows.map(toClosingOrder)
}

/** The order by which a position is being closed at once, if there is one. */
export async function workingClosing(db: Db, positionId: number): Promise<ClosingOrder | undefined> {
  return (await closingOrders(db, [positionId])).find((order) => order.state === 'working')
}

/** What else decides how positions are closed: their running scaleouts, the state of protective orders, and which events are still open. */
export async function surroundings(
  trx: Trx,
  of: { positionIds: number[]; protectiveOrderIds: number[]; eventIds: number[] },
): Promise<{
  scaling: Set<number>
  protective: Map<number, 'working' | 'triggered' | 'cancelled'>
  open: Set<number>
}> {
  const { rows } = await sql<{
    scaling: number[]
    protective: { id: number; state: 'working' | 'triggered' | 'cancelled' }[]
    open: number[]
  }>`select
    array(select position_id::int from scaleouts
      where position_id = any(${of.positionIds}::bigint[]) and state in ('running', 'paused')) as scaling,
    coalesce((select jsonb_agg(jsonb_build_object('id', id, 'state', state)) from protective_orders
      where id = any(${of.protectiveOrderIds}::bigint[])), '[]') as protective,
    array(select id::int from desk_events
      where id = any(${of.eventIds}::bigint[]) and settled_at is null) as open`.execute(trx)
  const { scaling, protective, open } = rows[0]!
  return {
    scaling: new Set(scaling),
    protective: new Map(protective.map(({ id, state }) => [id, state])),
    open: new Set(open),
  }
}

/** What closing locked positions at once changes in the ledger, before the venue is called. */
export interface ClosingsBegun {
  /** Protective orders that were touched; whatever else protects the same positions is cancelled. */
  triggered: number[]
  /** Positions that are being closed, and why. */
  closing: { positionId: number; because: string }[]
  orders: Omit<ClosingOrder, 'id' | 'state' | 'chunkId' | 'givenUpAt'>[]
  /** Events with which there is nothing left to do. */
  settled: number[]
  at: Date
}

/** Writes that down in one statement: orders, what is set aside for them, and the end of protective orders. */
export async function beginClosings(trx: Trx, begun: ClosingsBegun): Promise<ClosingOrder[]> {
  const { at } = begun
  const orders = begun.orders.map((order) => ({
    client_order_id: order.clientOrderId,
    account_id: order.accountId,
    member_id: order.memberId,
    position_id: order.positionId,
    conversation_id: order.conversationId,
    purpose: order.purpose,
    symbol: order.symbol,
    side: order.side,
    quantity: order.quantity.toFixed(),
    expected_price: order.expectedPrice.toFixed(),
    calling_until: order.callingUntil,
  }))
  const { rows } = await sql<Selectable<Database['orders']>>`
    with triggered as (
      update protective_orders set state = 'triggered', ended_because = 'touched', ended_at = ${at}
      where id = any(${begun.triggered}::bigint[]) and state = 'working'
    ), cancelled as (
      update protective_orders p set state = 'cancelled', ended_because = c.because, ended_at = ${at}
      from jsonb_to_recordset(${JSON.stringify(begun.closing)}::jsonb) as c("positionId" bigint, because text)
      where p.position_id = c."positionId" and p.state = 'working' and p.id <> all(${begun.triggered}::bigint[])
      returning p.*
    ), unprotected as (
      insert into desk_events
        (type, urgency, account_id, member_id, position_id, conversation_id, symbol, data, dedupe_key, at)
      select 'protection_cancelled', 'LOW', account_id, member_id, position_id, conversation_id, symbol,
        jsonb_build_object('kind', kind, 'price', price::text, 'because', ended_because),
        'protective-order-' || id || '-ended', ended_at
      from cancelled
      on conflict (dedupe_key) do nothing
    ), settled as (
      update desk_events set settled_at = ${at} where id = any(${begun.settled}::bigint[])
    ), given as (
      select * from jsonb_to_recordset(${JSON.stringify(orders)}::jsonb) as o(
        client_order_id text, account_id bigint, member_id bigint, position_id bigint, conversation_id bigint,
        purpose text, symbol text, side text, quantity numeric, expected_price numeric, calling_until timestamptz)
    ), aside as (
      update positions p set working_quantity = p.working_quantity + g.quantity, version = p.version + 1
      from given g where p.id = g.position_id
    )
    insert into orders (client_order_id, account_id, member_id, position_id, conversation_id, purpose, symbol, side,
      quantity, expected_price, state, created_at, calling_until)
    select client_order_id, account_id, member_id, position_id, conversation_id, purpose, symbol, side,
      quantity, expected_price, 'working', ${at}::timestamptz, calling_until
    from given
    returning *`.execute(trx)
  return rows.map(toClosingOrder)
}

/** Fills of closing orders, and the positions as they leave them. */
export interface ClosingsDone {
  fills: {
    order: ClosingOrder
    venueFillId: string
    quantity: Big
    price: Big
    commission: Big
    realizedPnl: Big
    filledAt: Date
  }[]
  positions: Position[]
  replies: { conversationId: number; text: string }[]
  at: Date
}

/** Writes that down in one statement. The events of a position that is flat now are settled, and nothing protects it any more. */
export async function finishClosings(trx: Trx, done: ClosingsDone): Promise<void> {
  const { at } = done
  const fills = done.fills.map(({ order, ...fill }) => ({
    venue_fill_id: fill.venueFillId,
    order_id: order.id,
    position_id: order.positionId,
    account_id: order.accountId,
    symbol: order.symbol,
    side: order.side,
    quantity: fill.quantity.toFixed(),
    price: fill.price.toFixed(),
    commission: fill.commission.toFixed(),
    realized_pnl: fill.realizedPnl.toFixed(),
    filled_at: fill.filledAt,
  }))
  const positions = done.positions.map((position) => ({
    id: position.id,
    signed_quantity: position.signedQuantity.toFixed(),
    open_cost: position.openCost.toFixed(),
    realized_pnl: position.realizedPnl.toFixed(),
    working_quantity: position.workingQuantity.toFixed(),
    version: position.version,
  }))
  // As an array: a join would be planned for one unsettled event, and be a loop over all of them for each position.
  const flat = done.positions.flatMap(({ id, signedQuantity }) => (signedQuantity.eq(0) ? [id] : []))
  await sql`
    with fill as (
      insert into fills (venue_fill_id, order_id, position_id, account_id, symbol, side, quantity, price, commission,
        realized_pnl, filled_at)
      select * from jsonb_to_recordset(${JSON.stringify(fills)}::jsonb) as f(
        venue_fill_id text, order_id bigint, position_id bigint, account_id bigint, symbol text, side text,
        quantity numeric, price numeric, commission numeric, realized_pnl numeric, filled_at timestamptz)
      returning order_id
    ), filled as (
      update orders o set state = 'filled', calling_until = null from fill where o.id = fill.order_id
    ), moved as (
      update positions p set signed_quantity = m.signed_quantity, open_cost = m.open_cost,
        realized_pnl = m.realized_pnl, working_quantity = m.working_quantity, version = m.version,
        closed_at = case when m.signed_quantity = 0 then ${at}::timestamptz end
      from jsonb_to_recordset(${JSON.stringify(positions)}::jsonb) as m(
        id bigint, signed_quantity numeric, open_cost numeric, realized_pnl numeric, working_quantity numeric,
        version int)
      where p.id = m.id
      returning p.id, p.signed_quantity
    ), protection as (
      update protective_orders o set quantity = abs(m.signed_quantity),
        state = case when m.signed_quantity = 0 then 'cancelled' else o.state end,
        ended_because = case when m.signed_quantity = 0 then 'the position is closed' end,
        ended_at = case when m.signed_quantity = 0 then ${at}::timestamptz end
      from moved m where o.position_id = m.id and o.state = 'working'
    ), settled as (
      update desk_events set settled_at = ${at}
      where position_id = any(${flat}::bigint[]) and urgency = 'CRITICAL' and settled_at is null
    )
    insert into replies (conversation_id, kind, body, state)
    select "conversationId", 'post', jsonb_build_object('text', text), 'queued'
    from jsonb_to_recordset(${JSON.stringify(done.replies)}::jsonb) as r("conversationId" bigint, text text)`.execute(
    trx,
  )
}

/** Notes that a person does not want these locked positions closed any more; answers with the orders that were working. */
export async function giveUpClosings(
  trx: Trx,
  positionIds: number[],
  purposes: ClosingPurpose[],
  at: Date,
): Promise<ClosingOrder[]> {
  const { rows } = await sql<Selectable<Database['orders']>>`
    update orders set given_up_at = coalesce(given_up_at, ${at})
    where position_id = any(${positionIds}::bigint[]) and state = 'working' and purpose = any(${purposes}::text[])
    returning *`.execute(trx)
  return rows.map(toClosingOrder)
}

/** Settles what happened to a position whose close was given up. */
export async function settleEventsOf(trx: Trx, positionId: number, at: Date): Promise<void> {
  await trx
    .updateTable('desk_events')
    .set({ settled_at: at })
    .where('position_id', '=', positionId)
    .where('urgency', '=', 'CRITICAL')
    .where('settled_at', 'is', null)
    .execute()
}

/**
 * Notes that the venue is about to be called for an order, and that the call may reach it until `until`. Undefined when
 * the order is not to be sent any more; else whether another call may still be on its way.
 */
export async function noteCall(
  db: Db,
  orderId: number,
  until: Date,
  at: Date,
): Promise<{ isAlone: boolean } | undefined> {
  const { rows } = await sql<{ is_alone: boolean }>`
    update orders o set calling_until = ${until}
    from (select id, calling_until from orders where id = ${orderId} for update) before
    where o.id = before.id and o.state = 'working' and o.given_up_at is null
    returning before.calling_until is null or before.calling_until <= ${at} as is_alone`.execute(db)
  return rows[0] && { isAlone: rows[0].is_alone }
}

/** Notes that the call which was to end by `until` has come to its end, and that nothing of it is on its way any more. */
export async function noteCallEnded(db: Db, orderId: number, until: Date): Promise<void> {
  await db
    .updateTable('orders')
    .set({ calling_until: null })
    .where('id', '=', orderId)
    .where('calling_until', '=', until)
    .execute()
}

function toClosingOrder(row: Selectable<Database['orders']>): ClosingOrder {
  return {
    id: row.id,
    clientOrderId: row.client_order_id,
    accountId: row.account_id,
    memberId: row.member_id,
    positionId: row.position_id!,
    conversationId: row.conversation_id,
    chunkId: row.chunk_id,
    purpose: row.purpose as ClosingPurpose,
    symbol: row.symbol,
    side: row.side,
    quantity: new Big(row.quantity),
    expectedPrice: new Big(row.expected_price),
    state: row.state,
    createdAt: row.created_at,
    callingUntil: row.calling_until ?? undefined,
    givenUpAt: row.given_up_at ?? undefined,
  }
}
