import type { Selectable } from 'kysely'
import pg from 'pg'
import type { Db, Trx } from '../db/client.ts'
import type { Database, OrderPurpose, OrderState } from '../db/schema.ts'
import { Big, zero } from '../trading/amounts.ts'
import { afterFill, closingSide, type Side } from '../trading/position.ts'
import type { VenueFill } from '../venue/venue.ts'
import { protectionUpdate, unprotectedInsert } from './follow-position.ts'
import { lockPositionOfOrder, type Position, positionUpdate } from './positions.ts'

/** An order as it stands in the database. */
export interface Order {
  id: number
  clientOrderId: string
  accountId: number
  memberId: number
  positionId: number
  conversationId: number
  chunkId: number | null
  purpose: Exclude<OrderPurpose, 'open'>
  symbol: string
  side: Side
  quantity: Big
  /** The side of the quote that the order meant to trade at, in dollars; the limit of one that has one. */
  expectedPrice: Big
  /** `working`: its outcome is not known yet. `resting`: the venue has it, and fills it when the market gets there. */
  state: OrderState
  createdAt: Date
  limit?: Limit
  /** Somebody wants it cancelled, and the venue has not answered yet. */
  cancelAskedAt?: Date
  /** Why, where that was not a member. */
  cancelBecause?: string
}

/** What an order with a limit has beside. */
export interface Limit {
  /** Dollars a unit: sold at this or more, bought at this or less. */
  price: Big
  /** How its account calls it: counted up, never used again. */
  number: number
  expiresAt?: Date
}

/** An order that opens a position or adds to one. It has no position before it is filled. */
export interface OpeningOrder extends Omit<Order, 'positionId' | 'chunkId' | 'purpose'> {
  purpose: 'open'
}

/** Has the order no outcome yet? */
export function isLive(order: Pick<Order, 'state'>): boolean {
  return order.state === 'working' || order.state === 'resting'
}

/** What an exit order is for. */
export interface ExitOrder {
  clientOrderId: string
  memberId: number
  conversationId: number
  chunkId?: number
  purpose: 'chunk' | 'close' | 'trim'
  quantity: Big
  expectedPrice: Big
  limit?: Limit
}

/** Writes an order that takes from a locked position, and sets its quantity aside so that nobody else sells it. */
export async function placeExit(trx: Trx, position: Position, exit: ExitOrder, at: Date): Promise<Order> {
  const order = exitOrder(position, exit, at)
  const { id } = await trx
    .with('aside', (db) =>
      db
        .updateTable('positions')
        .set({
          working_quantity: position.workingQuantity.plus(exit.quantity).toFixed(),
          limit_quantity: position.limitQuantity.plus(exit.limit ? exit.quantity : zero).toFixed(),
          version: position.version + 1,
        })
        .where('id', '=', position.id),
    )
    .insertInto('orders')
    .values({ ...orderRow(order), ...limitColumns(order.limit) })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { ...order, id }
}

/** The order that an exit from a position is. */
export function exitOrder(position: Position, exit: ExitOrder, at: Date): Omit<Order, 'id'> {
  return {
    ...exit,
    chunkId: exit.chunkId ?? null,
    accountId: position.accountId,
    positionId: position.id,
    symbol: position.symbol,
    side: closingSide(position.signedQuantity),
    state: 'working',
    createdAt: at,
  }
}

/** An order as a row. */
export function orderRow(order: Omit<Order, 'id'> | Omit<OpeningOrder, 'id'>) {
  return {
    client_order_id: order.clientOrderId,
    account_id: order.accountId,
    member_id: order.memberId,
    position_id: 'positionId' in order ? order.positionId : null,
    conversation_id: order.conversationId,
    chunk_id: 'chunkId' in order ? order.chunkId : null,
    purpose: order.purpose,
    symbol: order.symbol,
    side: order.side,
    quantity: order.quantity.toFixed(),
    expected_price: order.expectedPrice.toFixed(),
    state: order.state,
    created_at: order.createdAt,
  }
}

/** The columns of an order that only one with a limit fills. */
export function limitColumns(limit: Limit | undefined) {
  return {
    limit_price: limit?.price.toFixed() ?? null,
    number: limit?.number ?? null,
    expires_at: limit?.expiresAt ?? null,
  }
}

/** Locks an order that has a position and, before it, its position. */
export async function lockOrder(trx: Trx, id: number): Promise<{ order: Order; position: Position }> {
  const position = await lockPositionOfOrder(trx, id)
  const row = await trx.selectFrom('orders').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
  const order = toOrder(row)
  if (order.purpose === 'open') throw new Error(`Order ${id} opens a position; it is not locked by one`)
  return { position, order }
}

/** An order as it stands, by the desk's id or by the venue's. */
export async function findOrder(db: Db, id: number | string): Promise<Order | OpeningOrder | undefined> {
  const orders = db.selectFrom('orders').selectAll()
  const row = await (typeof id === 'number'
    ? orders.where('id', '=', id)
    : orders.where('client_order_id', '=', id)
  ).executeTakeFirst()
  return row && toOrder(row)
}

/** A row as an order. */
export function toOrder(row: Selectable<Database['orders']>): Order | OpeningOrder {
  const order = {
    id: row.id,
    clientOrderId: row.client_order_id,
    accountId: row.account_id,
    memberId: row.member_id,
    conversationId: row.conversation_id,
    symbol: row.symbol,
    side: row.side,
    quantity: new Big(row.quantity),
    expectedPrice: new Big(row.expected_price),
    state: row.state,
    createdAt: row.created_at,
    cancelAskedAt: row.cancel_asked_at ?? undefined,
    cancelBecause: row.cancel_asked_at && row.rejected_because ? row.rejected_because : undefined,
    ...(row.limit_price !== null && {
      limit: { price: new Big(row.limit_price), number: row.number!, expiresAt: row.expires_at ?? undefined },
    }),
  }
  const { purpose } = row
  if (purpose === 'open') return { ...order, purpose }
  return { ...order, purpose, positionId: row.position_id!, chunkId: row.chunk_id }
}

/** What a fill comes to: what it locked in, and the position after it. */
export interface RecordedFill {
  realizedPnl: Big
  position: Position
}

/** What the fill of a locked, working order comes to. The whole order is filled at once; what was set aside for it is released. */
export function applyFill(order: Order | OpeningOrder, position: Position, fill: VenueFill): RecordedFill {
  const { holding, realizedPnl } = afterFill(position, { ...fill, side: order.side })
  return {
    realizedPnl,
    position: { ...position, ...holding, ...released(order, position), version: position.version + 1 },
  }
}

/** What working orders may still take from a position when this one takes nothing any more. */
function released(order: Order | OpeningOrder, { workingQuantity, limitQuantity }: Position) {
  if (order.purpose === 'record' || order.purpose === 'open') return { workingQuantity, limitQuantity }
  return {
    workingQuantity: workingQuantity.minus(order.quantity),
    limitQuantity: limitQuantity.minus(order.limit ? order.quantity : zero),
  }
}

/** Records the fill of a locked, working order: the fill row, the order's end and the position's move, together. */
export async function recordFill(
  trx: Trx,
  order: Order | OpeningOrder,
  position: Position,
  fill: VenueFill,
): Promise<RecordedFill> {
  const recorded = applyFill(order, position, fill)
  await trx
    .with('filled', (db) =>
      db.updateTable('orders').set({ state: 'filled', position_id: position.id }).where('id', '=', order.id),
    )
    .with('moved', () => positionUpdate(trx, recorded.position, fill.filledAt))
    .with('protection', () => protectionUpdate(trx, recorded.position, fill.filledAt))
    .with('unprotected', unprotectedInsert)
    .insertInto('fills')
    .values({
      venue_fill_id: fill.venueFillId,
      order_id: order.id,
      position_id: position.id,
      account_id: order.accountId,
      symbol: order.symbol,
      side: order.side,
      quantity: fill.quantity.toFixed(),
      price: fill.price.toFixed(),
      commission: fill.commission.toFixed(),
      realized_pnl: recorded.realizedPnl.toFixed(),
      filled_at: fill.filledAt,
    })
    .execute()
  return recorded
}

/** Ends a locked, working order that the venue did not take, and gives back what was set aside for it. */
export async function rejectOrder(trx: Trx, order: Order, position: Position, because: string): Promise<void> {
  await endExit(trx, order, position, { state: 'rejected', rejected_because: because })
}

/** Ends a locked order that was not filled, and gives back what was set aside for it. */
export async function endExit(
  trx: Trx,
  order: Order,
  position: Position,
  end: { state: 'rejected' | 'cancelled' | 'expired'; rejected_because?: string },
): Promise<void> {
  const { workingQuantity, limitQuantity } = released(order, position)
  await trx
    .with('released', (db) =>
      db
        .updateTable('positions')
        .set({
          working_quantity: workingQuantity.toFixed(),
          limit_quantity: limitQuantity.toFixed(),
          version: position.version + 1,
        })
        .where('id', '=', position.id),
    )
    .updateTable('orders')
    .set(end)
    .where('id', '=', order.id)
    .execute()
}

/** Orders that have been working since before `before`: their outcome has to be asked for. Orders of chunks are left to their chunk. */
export async function workingOrders(db: Db, before: Date): Promise<number[]> {
  const rows = await db
    .selectFrom('orders as o')
    .leftJoin('scaleout_chunks as c', 'c.id', 'o.chunk_id')
    .leftJoin('scaleouts as s', 's.id', 'c.scaleout_id')
    .select('o.id')
    .where('o.state', '=', 'working')
    .where('o.created_at', '<', before)
    .where((eb) => eb.or([eb('o.chunk_id', 'is', null), eb('s.state', 'not in', ['running', 'paused'])]))
    .execute()
  return rows.map((row) => row.id)
}

/** Did an insert fail because there is an order with this `client_order_id` already? */
export function isOrderedAlready(cause: unknown): boolean {
  return (
    cause instanceof pg.DatabaseError && cause.code === '23505' && cause.constraint === 'orders_client_order_id_key'
  )
}
