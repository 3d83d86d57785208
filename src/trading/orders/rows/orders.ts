import { type Selectable, sql } from 'kysely'
import pg from 'pg'
import { Big, zero } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database, OrderPurpose } from '../../../infra/db/schema.ts'
import { lockPositionOfOrder, type Position } from '../../positions/rows/positions.ts'
import { closingSide, type Side } from '../../positions/rules/position.ts'
import { liveStates, type OrderProgress, type OrderState } from '../rules/order-lifecycle.ts'

/** An order as it stands in the database. */
export interface Order extends OrderProgress {
  id: number
  /** What it is for: `chunk-17-1`, `stop-12`. Only this database knows it. */
  clientOrderId: string
  /** Its id at the venue, which no other database has. */
  sentAs: string
  /** The venue's own id for it: the venue has confirmed it. */
  venueOrderId?: string
  accountId: number
  memberId: number
  positionId: number
  conversationId: number
  chunkId: number | null
  purpose: Exclude<OrderPurpose, 'open'>
  symbol: string
  side: Side
  /** The side of the quote that the order meant to trade at, in dollars; the limit of one that has one. */
  expectedPrice: Big
  state: OrderState
  /** Dollars that its fills have locked in. */
  realizedPnl: Big
  /** What is left of it counts in its position's `restingQuantity`: cancelling it gives that back. */
  rests: boolean
  createdAt: Date
  limit?: Limit
  /** How its account calls it: counted up, never used again. One with a limit has it from the beginning, another once it waits at the venue. */
  number?: number
  /** Somebody wants it cancelled, and nobody knows yet how it ended. */
  cancelAskedAt?: Date
  /** Why, where that was not a member. */
  cancelBecause?: string
  /** Until then a call to the venue that has begun may still reach it. */
  callingUntil?: Date
  /** The venue has not shown it since then. */
  missingSince?: Date
  /** A person does not want it any more; of one that closes a position at once. */
  givenUpAt?: Date
  /** The stop or target that was touched, in dollars a unit; of one that closes a position at once. Not kept. */
  touchedLevel?: Big
}

/** What an order with a limit has beside. */
export interface Limit {
  /** Dollars a unit: sold at this or more, bought at this or less. */
  price: Big
  expiresAt?: Date
}

/** An order that opens a position or adds to one. It has no position before something of it is filled. */
export interface OpeningOrder extends Omit<Order, 'positionId' | 'chunkId' | 'purpose'> {
  purpose: 'open'
}

export type AnyOrder = Order | OpeningOrder

/** A call to the venue that has not come back after this long does not reach it any more. */
export const longestCallMs = 20_000

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
  number?: number
}

/** An order that is about to be written; the database draws `sentAs`. */
export type DraftOrder = Omit<Order, 'id' | 'sentAs'>
export type DraftOpening = Omit<OpeningOrder, 'id' | 'sentAs'>

/** What every order begins with: nothing is filled, and whoever writes it calls the venue next. */
export function begunAt(at: Date) {
  return {
    state: 'new' as const,
    filledQuantity: zero,
    filledValue: zero,
    realizedPnl: zero,
    rests: false,
    createdAt: at,
    callingUntil: new Date(at.getTime() + longestCallMs),
  }
}

/** Writes an order that takes from a locked position, and sets its quantity aside so that nobody else sells it. */
export async function placeExit(trx: Trx, position: Position, exit: ExitOrder, at: Date): Promise<Order> {
  const order = exitOrder(position, exit, at)
  const { id, sent_as } = await trx
    .with('aside', (db) =>
      db
        .updateTable('positions')
        .set({
          working_quantity: position.workingQuantity.plus(exit.quantity).toFixed(),
          resting_quantity: position.restingQuantity.plus(order.rests ? exit.quantity : zero).toFixed(),
          version: position.version + 1,
        })
        .where('id', '=', position.id),
    )
    .insertInto('orders')
    .values(orderRow(order))
    .returning(['id', 'sent_as'])
    .executeTakeFirstOrThrow()
  return { ...order, id, sentAs: sent_as }
}

/** The order that an exit from a position is. One with a limit rests from the beginning. */
export function exitOrder(position: Position, exit: ExitOrder, at: Date): DraftOrder {
  return {
    ...begunAt(at),
    ...exit,
    rests: exit.limit !== undefined,
    chunkId: exit.chunkId ?? null,
    accountId: position.accountId,
    positionId: position.id,
    symbol: position.symbol,
    side: closingSide(position.signedQuantity),
  }
}

/** A new order as a row. */
export function orderRow(order: DraftOrder | DraftOpening) {
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
    rests: order.rests,
    created_at: order.createdAt,
    calling_until: order.callingUntil ?? null,
    limit_price: order.limit?.price.toFixed() ?? null,
    number: order.number ?? null,
    expires_at: order.limit?.expiresAt ?? null,
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

/** An order as it stands, by the desk's id or by what it is for. */
export async function findOrder(db: Db, id: number | string): Promise<AnyOrder | undefined> {
  const orders = db.selectFrom('orders').selectAll()
  const row = await (typeof id === 'number'
    ? orders.where('id', '=', id)
    : orders.where('client_order_id', '=', id)
  ).executeTakeFirst()
  return row && toOrder(row)
}

/** Orders by the ids that the venue has, those that there are. */
export async function ordersSentAs(db: Db, ids: string[]): Promise<Map<string, AnyOrder>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('orders').selectAll().where(sql<boolean>`sent_as = any(${ids}::text[])`).execute()
  return new Map(rows.map((row) => [row.sent_as, toOrder(row)]))
}

/** What an order is read from, for statements that name the columns (see `positionColumns`). */
export const orderColumns = sql.raw(
  'id, client_order_id, sent_as, venue_order_id, account_id, member_id, conversation_id, symbol, side, quantity, filled_quantity, filled_value, realized_pnl, expected_price, state, rests, created_at, cancel_asked_at, rejected_because, calling_until, missing_since, given_up_at, number, limit_price, expires_at, purpose, position_id, chunk_id',
)

type OrderRow = Pick<
  Selectable<Database['orders']>,
  | 'id'
  | 'client_order_id'
  | 'sent_as'
  | 'venue_order_id'
  | 'account_id'
  | 'member_id'
  | 'conversation_id'
  | 'symbol'
  | 'side'
  | 'quantity'
  | 'filled_quantity'
  | 'filled_value'
  | 'realized_pnl'
  | 'expected_price'
  | 'state'
  | 'rests'
  | 'created_at'
  | 'cancel_asked_at'
  | 'rejected_because'
  | 'calling_until'
  | 'missing_since'
  | 'given_up_at'
  | 'number'
  | 'limit_price'
  | 'expires_at'
  | 'purpose'
  | 'position_id'
  | 'chunk_id'
>

/** A row as an order. */
export function toOrder(row: OrderRow): AnyOrder {
  const order = {
    id: row.id,
    clientOrderId: row.client_order_id,
    sentAs: row.sent_as,
    venueOrderId: row.venue_order_id ?? undefined,
    accountId: row.account_id,
    memberId: row.member_id,
    conversationId: row.conversation_id,
    symbol: row.symbol,
    side: row.side,
    quantity: new Big(row.quantity),
    filledQuantity: new Big(row.filled_quantity),
    filledValue: new Big(row.filled_value),
    realizedPnl: new Big(row.realized_pnl),
    expectedPrice: new Big(row.expected_price),
    state: row.state,
    rests: row.rests,
    createdAt: row.created_at,
    cancelAskedAt: row.cancel_asked_at ?? undefined,
    cancelBecause: row.cancel_asked_at && row.rejected_because ? row.rejected_because : undefined,
    callingUntil: row.calling_until ?? undefined,
    missingSince: row.missing_since ?? undefined,
    givenUpAt: row.given_up_at ?? undefined,
    number: row.number ?? undefined,
    ...(row.limit_price !== null && {
      limit: { price: new Big(row.limit_price), expiresAt: row.expires_at ?? undefined },
    }),
  }
  const { purpose } = row
  if (purpose === 'open') return { ...order, purpose }
  return { ...order, purpose, positionId: row.position_id!, chunkId: row.chunk_id }
}

/**
 * Orders that have had no end since before `before` and that the venue has not confirmed: what became of them has to be
 * asked for. Orders of chunks are left to their chunk.
 */
export async function unconfirmedOrders(db: Db, before: Date): Promise<number[]> {
  const rows = await db
    .selectFrom('orders as o')
    .leftJoin('scaleout_chunks as c', 'c.id', 'o.chunk_id')
    .leftJoin('scaleouts as s', 's.id', 'c.scaleout_id')
    .select('o.id')
    .where('o.state', 'in', liveStates)
    .where('o.created_at', '<', before)
    .where((eb) =>
      eb.or([
        eb('o.venue_order_id', 'is', null).and('o.chunk_id', 'is', null),
        // Nobody else looks after the order of a chunk whose scaleout is over.
        eb('s.state', 'not in', ['running', 'paused']),
      ]),
    )
    .execute()
  return rows.map((row) => row.id)
}

/** Did an insert fail because there is an order with this `client_order_id` already? */
export function isOrderedAlready(cause: unknown): boolean {
  return (
    cause instanceof pg.DatabaseError && cause.code === '23505' && cause.constraint === 'orders_client_order_id_key'
  )
}
