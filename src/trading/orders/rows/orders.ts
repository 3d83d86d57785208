import { type Selectable, sql } from 'kysely'
import pg from 'pg'
import { Big, zero } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database, OrderPurpose } from '../../../infra/db/schema.ts'
import { unlinkedBecause } from '../../accounts/rules/unlinked.ts'
import { lockPositionOfOrder, type Position } from '../../positions/rows/positions.ts'
import { closingSide, type Side } from '../../positions/rules/position.ts'
import { liveStates, type OrderProgress, type OrderState } from '../rules/order-lifecycle.ts'

/** An order as stored. */
export interface Order extends OrderProgress {
  id: number
  /** Its purpose as an id: `chunk-17-1`, `stop-12`. Only this database knows it. */
  clientOrderId: string
  /** The client id sent to the venue, unique across databases. */
  sentAs: string
  /** The venue's own id. Its presence means that the venue has confirmed the order. */
  venueOrderId?: string
  accountId: number
  memberId: number
  positionId: number
  conversationId: number
  chunkId: number | null
  purpose: Exclude<OrderPurpose, 'open'>
  symbol: string
  side: Side
  /** The limit of a limit order, or the side of the quote at which a market order expected to trade; dollars. */
  expectedPrice: Big
  state: OrderState
  /** Realized P&L of its fills, in dollars. */
  realizedPnl: Big
  /** Its unfilled quantity counts in the `restingQuantity` of its position, and a cancel gives it back. */
  rests: boolean
  createdAt: Date
  limit?: Limit
  /** It waits at the venue until the price gets here, in dollars a unit. */
  stop?: Big
  /** Also before and after the regular session. Only with a limit. */
  isExtended?: boolean
  /** Where an order that protects its position at the venue closes it, dollars a unit; one half ends the other. */
  protects?: { stop?: Big; target?: Big }
  /**
   * Its number within the account, counted up and never reused. An order with a limit or a stop has one from the start, a market order once it
   * waits at the venue.
   */
  number?: number
  /** Time of a wish to cancel it. */
  cancelAskedAt?: Date
  /** The reason of the cancel, unless a member wanted it. */
  cancelBecause?: string
  /** It ended only because its account was unlinked, and may stand at the venue. */
  isLeft?: boolean
  /** A call to the venue that has begun may still reach it until then. */
  callingUntil?: Date
  /** The venue has not shown it since then. */
  missingSince?: Date
  /** A person gave it up then; only for an order that closes at once. */
  givenUpAt?: Date
  /** The touched stop or target, in dollars a unit; only for an order that closes at once. Not stored. */
  touchedLevel?: Big
}

/** The terms of a limit order. */
export interface Limit {
  /** Dollars a unit: sell at this or more, buy at this or less. */
  price: Big
  expiresAt?: Date
}

/** An order that opens a position or adds to one. It has no position before its first fill. */
export interface OpeningOrder extends Omit<Order, 'positionId' | 'chunkId' | 'purpose'> {
  purpose: 'open'
}

export type AnyOrder = Order | OpeningOrder

/** After this many milliseconds a call that has not come back no longer reaches the venue. */
export const longestCallMs = 20_000

/** The terms of an exit order. */
export interface ExitOrder {
  clientOrderId: string
  memberId: number
  conversationId: number
  chunkId?: number
  purpose: 'chunk' | 'close' | 'trim'
  quantity: Big
  expectedPrice: Big
  limit?: Limit
  stop?: Big
  isExtended?: boolean
  number?: number
}

/** Does an order rest at the venue and protect its position there, so that the desk's own levels need not act? */
export function restsToProtect({
  purpose,
  state,
  venueOrderId,
  cancelAskedAt,
}: Pick<AnyOrder, 'purpose' | 'state' | 'venueOrderId' | 'cancelAskedAt'>): boolean {
  const isLive = state === 'working' || state === 'partly_filled'
  return purpose === 'protect' && isLive && venueOrderId !== undefined && !cancelAskedAt
}

/** May an order rest at the venue, because it has a limit or a stop? */
export const mayRest = ({ limit, stop }: Pick<Order, 'limit' | 'stop'>) => limit !== undefined || stop !== undefined

/** An order before it is written; the database generates `sentAs`. */
export type DraftOrder = Omit<Order, 'id' | 'sentAs'>
export type DraftOpening = Omit<OpeningOrder, 'id' | 'sentAs'>

/** The initial fields of every order: nothing is filled, and its writer calls the venue next. */
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

/** Writes an order that takes from a locked position, and reserves its quantity so that no other order takes it. */
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

/** The draft of an exit order. An order with a limit or a stop rests from the start. */
export function exitOrder(position: Position, exit: ExitOrder, at: Date): DraftOrder {
  return {
    ...begunAt(at),
    ...exit,
    rests: mayRest(exit),
    chunkId: exit.chunkId ?? null,
    accountId: position.accountId,
    positionId: position.id,
    symbol: position.symbol,
    side: closingSide(position.signedQuantity),
  }
}

/** The row of a new order. */
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
    stop_price: order.stop?.toFixed() ?? null,
    protects_stop: order.protects?.stop?.toFixed() ?? null,
    protects_target: order.protects?.target?.toFixed() ?? null,
    is_extended: order.isExtended ?? false,
    number: order.number ?? null,
    expires_at: order.limit?.expiresAt ?? null,
  }
}

/** Locks an order with a position, after locking its position. */
export async function lockOrder(trx: Trx, id: number): Promise<{ order: Order; position: Position }> {
  const position = await lockPositionOfOrder(trx, id)
  const row = await trx.selectFrom('orders').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
  const order = toOrder(row)
  if (order.purpose === 'open') throw new Error(`Order ${id} opens a position; it is not locked by one`)
  return { position, order }
}

/** An order by the desk's id or by its client id. */
export async function findOrder(db: Db, id: number | string): Promise<AnyOrder | undefined> {
  const orders = db.selectFrom('orders').selectAll()
  const row = await (typeof id === 'number'
    ? orders.where('id', '=', id)
    : orders.where('client_order_id', '=', id)
  ).executeTakeFirst()
  return row && toOrder(row)
}

/** Orders by their ids at the venue; unknown ids are missing. */
export async function ordersSentAs(db: Db, ids: string[]): Promise<Map<string, AnyOrder>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('orders').selectAll().where(sql<boolean>`sent_as = any(${ids}::text[])`).execute()
  return new Map(rows.map((row) => [row.sent_as, toOrder(row)]))
}

/** The columns that `toOrder` reads, for statements that name their columns (see `positionColumns`). */
export const orderColumns = sql.raw(
  'id, client_order_id, sent_as, venue_order_id, account_id, member_id, conversation_id, symbol, side, quantity, filled_quantity, filled_value, realized_pnl, expected_price, state, rests, created_at, cancel_asked_at, rejected_because, calling_until, missing_since, given_up_at, number, limit_price, stop_price, expires_at, is_extended, protects_stop, protects_target, purpose, position_id, chunk_id',
)

export type OrderRow = Pick<
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
  | 'stop_price'
  | 'expires_at'
  | 'is_extended'
  | 'protects_stop'
  | 'protects_target'
  | 'purpose'
  | 'position_id'
  | 'chunk_id'
>

/** Converts a row to an order. */
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
    ...(row.state === 'cancelled' &&
      row.rejected_because === unlinkedBecause &&
      row.cancel_asked_at === null && { isLeft: true }),
    callingUntil: row.calling_until ?? undefined,
    missingSince: row.missing_since ?? undefined,
    givenUpAt: row.given_up_at ?? undefined,
    number: row.number ?? undefined,
    ...(row.stop_price !== null && { stop: new Big(row.stop_price) }),
    ...(row.is_extended && { isExtended: true }),
    ...protectsIn(row),
    ...(row.limit_price !== null && {
      limit: { price: new Big(row.limit_price), expiresAt: row.expires_at ?? undefined },
    }),
  }
  const { purpose } = row
  if (purpose === 'open') return { ...order, purpose }
  return { ...order, purpose, positionId: row.position_id!, chunkId: row.chunk_id }
}

function protectsIn({ protects_stop: stop, protects_target: target }: OrderRow): Pick<Order, 'protects'> {
  if (stop === null && target === null) return {}
  return {
    protects: { ...(stop !== null && { stop: new Big(stop) }), ...(target !== null && { target: new Big(target) }) },
  }
}

/**
 * Live orders from before `before` that the venue has not confirmed, for asking about their state. An order of a chunk is left
 * to its running scaleout.
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
        // Nothing else looks after the order of a chunk whose scaleout is over.
        eb('s.state', 'not in', ['running', 'paused']),
      ]),
    )
    .execute()
  return rows.map((row) => row.id)
}

/** Did an insert fail because an order with this `client_order_id` exists? */
export function isOrderedAlready(cause: unknown): boolean {
  return (
    cause instanceof pg.DatabaseError && cause.code === '23505' && cause.constraint === 'orders_client_order_id_key'
  )
}
