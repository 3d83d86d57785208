import { type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import { type DraftOrder, type Order, orderColumns, orderRow, toOrder } from '../../orders/rows/orders.ts'
import { isLive, liveStates } from '../../orders/rules/order-lifecycle.ts'
import { type Position, positionColumns, toPosition } from '../../positions/rows/positions.ts'

/** The cause of a close at once. */
export type ClosingPurpose = 'stop' | 'target' | 'breaker'

/** An order that closes a position at once. It stays live until the venue ends it or a person gives it up. */
export interface ClosingOrder extends Order {
  purpose: ClosingPurpose
}

/**
 * Locks those of these positions that no other transaction holds; such locks last only a moment. Rows that only refer to a
 * position may be written meanwhile.
 */
export async function lockFreePositions(trx: Trx, ids: number[]): Promise<Map<number, Position>> {
  const { rows } = await sql<Selectable<Database['positions']>>`
    select ${positionColumns} from positions where id = any(${ids}::bigint[]) order by id for no key update skip locked`.execute(
    trx,
  )
  return new Map(rows.map((row) => [row.id, toPosition(row)]))
}

/** All orders placed to close these positions at once, oldest first. */
export async function closingOrders(db: Db, positionIds: number[]): Promise<ClosingOrder[]> {
  const { rows } = await sql<Selectable<Database['orders']>>`
    select ${orderColumns} from orders where position_id = any(${positionIds}::bigint[]) and purpose in ('stop', 'target', 'breaker')
    order by id`.execute(db)
  return rows.map(toClosingOrder)
}

/** The live orders that close a position at once: one, plus one for each quantity that came free later. */
export async function liveClosings(db: Db, positionId: number): Promise<ClosingOrder[]> {
  return (await closingOrders(db, [positionId])).filter(isLive)
}

/** The other facts for closing positions: running scaleouts, the states of protective orders, and unsettled events. */
export async function surroundings(
  trx: Trx,
  of: { positionIds: number[]; protectiveOrderIds: number[]; partLevelIds: number[]; eventIds: number[] },
): Promise<{
  scaling: Set<number>
  protective: Map<number, 'working' | 'triggered' | 'cancelled'>
  parts: Map<number, { state: 'working' | 'triggered' | 'cancelled'; quantity: Big }>
  open: Set<number>
}> {
  const { rows } = await sql<{
    scaling: number[]
    protective: { id: number; state: 'working' | 'triggered' | 'cancelled' }[]
    parts: { id: number; state: 'working' | 'triggered' | 'cancelled'; quantity: string }[]
    open: number[]
  }>`select
    array(select position_id::int from scaleouts
      where position_id = any(${of.positionIds}::bigint[]) and state in ('running', 'paused')) as scaling,
    coalesce((select jsonb_agg(jsonb_build_object('id', id, 'state', state)) from protective_orders
      where id = any(${of.protectiveOrderIds}::bigint[])), '[]') as protective,
    coalesce((select jsonb_agg(jsonb_build_object('id', id, 'state', state, 'quantity', quantity::text)) from part_levels
      where id = any(${of.partLevelIds}::bigint[])), '[]') as parts,
    array(select id::int from desk_events
      where id = any(${of.eventIds}::bigint[]) and settled_at is null) as open`.execute(trx)
  const { scaling, protective, parts, open } = rows[0]!
  return {
    scaling: new Set(scaling),
    protective: new Map(protective.map(({ id, state }) => [id, state])),
    parts: new Map(parts.map(({ id, state, quantity }) => [id, { state, quantity: new Big(quantity) }])),
    open: new Set(open),
  }
}

/** The ledger changes of closing locked positions at once, before the venue is called. */
export interface ClosingsBegun {
  /** Touched protective orders; all others of the same positions are cancelled. */
  triggered: number[]
  /** Touched levels of parts; the others of the same positions stay. */
  triggeredParts: number[]
  /** Positions that are being closed as a whole, and why. */
  closing: { positionId: number; because: string }[]
  orders: (DraftOrder & { purpose: ClosingPurpose })[]
  /** Events with nothing left to do. */
  settled: number[]
  at: Date
}

/** Writes all of it in one statement: the orders, the working quantities, and the ends of protective orders. */
export async function beginClosings(trx: Trx, begun: ClosingsBegun): Promise<ClosingOrder[]> {
  const { at } = begun
  const orders = begun.orders.map(orderRow)
  const { rows } = await sql<Selectable<Database['orders']>>`
    with triggered as (
      update protective_orders set state = 'triggered', ended_because = 'touched', ended_at = ${at}
      where id = any(${begun.triggered}::bigint[]) and state = 'working'
    ), cancelled as (
      update protective_orders p set state = 'cancelled', ended_because = c.because, ended_at = ${at}
      from jsonb_to_recordset(${JSON.stringify(begun.closing)}::jsonb) as c("positionId" bigint, because text)
      where p.position_id = c."positionId" and p.state = 'working' and p.id <> all(${begun.triggered}::bigint[])
      returning p.*
    ), triggered_parts as (
      update part_levels set state = 'triggered', ended_because = 'touched', ended_at = ${at}
      where id = any(${begun.triggeredParts}::bigint[]) and state = 'working'
    ), cancelled_parts as (
      update part_levels l set state = 'cancelled', ended_because = c.because, ended_at = ${at}
      from jsonb_to_recordset(${JSON.stringify(begun.closing)}::jsonb) as c("positionId" bigint, because text)
      where l.position_id = c."positionId" and l.state = 'working'
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
        purpose text, symbol text, side text, quantity numeric, expected_price numeric, state text, created_at timestamptz,
        calling_until timestamptz)
    ), aside as (
      update positions p set working_quantity = p.working_quantity + g.quantity, version = p.version + 1
      from given g where p.id = g.position_id
    )
    insert into orders (client_order_id, account_id, member_id, position_id, conversation_id, purpose, symbol, side,
      quantity, expected_price, state, created_at, calling_until)
    select client_order_id, account_id, member_id, position_id, conversation_id, purpose, symbol, side,
      quantity, expected_price, state, created_at, calling_until
    from given
    returning ${orderColumns}`.execute(trx)
  return rows.map(toClosingOrder)
}

/** Notes that a person gave up the closes of these locked positions. Returns the orders that were live. */
export async function giveUpClosings(
  trx: Trx,
  positionIds: number[],
  purposes: ClosingPurpose[],
  at: Date,
): Promise<ClosingOrder[]> {
  const { rows } = await sql<Selectable<Database['orders']>>`
    update orders set given_up_at = coalesce(given_up_at, ${at})
    where position_id = any(${positionIds}::bigint[]) and state = any(${[...liveStates]}::text[])
      and purpose = any(${purposes}::text[])
    returning *`.execute(trx)
  return rows.map(toClosingOrder)
}

/** Settles the critical events of a position whose close was given up. */
export async function settleEventsOf(trx: Trx, positionId: number, at: Date): Promise<void> {
  await trx
    .updateTable('desk_events')
    .set({ settled_at: at })
    .where('position_id', '=', positionId)
    .where('urgency', '=', 'CRITICAL')
    .where('settled_at', 'is', null)
    .execute()
}

function toClosingOrder(row: Selectable<Database['orders']>): ClosingOrder {
  return toOrder(row) as ClosingOrder
}
