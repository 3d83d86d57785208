import pg from 'pg'
import type { Db, Trx } from '../db/client.ts'
import type { OrderPurpose } from '../db/schema.ts'
import { Big } from '../trading/amounts.ts'
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
  purpose: OrderPurpose
  symbol: string
  side: Side
  quantity: Big
  /** The side of the quote that the order meant to trade at, in dollars. */
  expectedPrice: Big
  state: 'working' | 'filled' | 'rejected'
  createdAt: Date
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
          version: position.version + 1,
        })
        .where('id', '=', position.id),
    )
    .insertInto('orders')
    .values(orderRow(order))
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
export function orderRow(order: Omit<Order, 'id'>) {
  return {
    client_order_id: order.clientOrderId,
    account_id: order.accountId,
    member_id: order.memberId,
    position_id: order.positionId,
    conversation_id: order.conversationId,
    chunk_id: order.chunkId,
    purpose: order.purpose,
    symbol: order.symbol,
    side: order.side,
    quantity: order.quantity.toFixed(),
    expected_price: order.expectedPrice.toFixed(),
    state: order.state,
    created_at: order.createdAt,
  }
}

/** Locks an order and, before it, its position. */
export async function lockOrder(trx: Trx, id: number): Promise<{ order: Order; position: Position }> {
  const position = await lockPositionOfOrder(trx, id)
  const row = await trx.selectFrom('orders').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
  return {
    position,
    order: {
      id: row.id,
      clientOrderId: row.client_order_id,
      accountId: row.account_id,
      memberId: row.member_id,
      positionId: row.position_id,
      conversationId: row.conversation_id,
      chunkId: row.chunk_id,
      purpose: row.purpose,
      symbol: row.symbol,
      side: row.side,
      quantity: new Big(row.quantity),
      expectedPrice: new Big(row.expected_price),
      state: row.state,
      createdAt: row.created_at,
    },
  }
}

/** What a fill comes to: what it locked in, and the position after it. */
export interface RecordedFill {
  realizedPnl: Big
  position: Position
}

/** What the fill of a locked, working order comes to. The whole order is filled at once; what was set aside for it is released. */
export function applyFill(order: Order, position: Position, fill: VenueFill): RecordedFill {
  const { holding, realizedPnl } = afterFill(position, { ...fill, side: order.side })
  const workingQuantity =
    order.purpose === 'record' ? position.workingQuantity : position.workingQuantity.minus(order.quantity)
  return { realizedPnl, position: { ...position, ...holding, workingQuantity, version: position.version + 1 } }
}

/** Records the fill of a locked, working order: the fill row, the order's end and the position's move, together. */
export async function recordFill(trx: Trx, order: Order, position: Position, fill: VenueFill): Promise<RecordedFill> {
  const recorded = applyFill(order, position, fill)
  await trx
    .with('filled', (db) => db.updateTable('orders').set({ state: 'filled' }).where('id', '=', order.id))
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
  await trx
    .with('released', (db) =>
      db
        .updateTable('positions')
        .set({
          working_quantity: position.workingQuantity.minus(order.quantity).toFixed(),
          version: position.version + 1,
        })
        .where('id', '=', position.id),
    )
    .updateTable('orders')
    .set({ state: 'rejected', rejected_because: because })
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
