import { type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database, ScheduledState } from '../../../infra/db/schema.ts'
import { liveStates } from '../../orders/rules/order-lifecycle.ts'

/** After this many milliseconds a running scheduled order counts as abandoned, because its process died. */
export const abandonedAfterMs = 30_000

/** The trigger of a scheduled order: a time, or a price. */
export interface Trigger {
  /**
   * `planned` is the time that the member gave. `due` is that time on the clock, which runs faster in a demonstration.
   * After `late` the order is missed.
   */
  at?: { planned: Date; due: Date; late: Date }
  above?: Big
  below?: Big
  /** The end of the wait for a price. For an order at a time, the end of the limit order that it then places. */
  until?: { planned: Date; expires: Date }
}

/** A complete command that is to be carried out later. */
export interface ScheduledOrder extends Trigger {
  id: number
  /** The order's number within its account. */
  number: number
  accountId: number
  memberId: number
  conversationId: number
  command: string
  given: Record<string, string>
  /** A description of the order in words. */
  what: string
  symbol?: string
  /** The positions that it closes, or takes a part of. It ends with them. */
  positionIds?: number[]
  touched?: { at: Date; price: Big }
  /** It was too late to be carried out unasked, so its member was asked at this moment. */
  askedAt?: Date
  state: ScheduledState
  runningSince?: Date
  outcome?: string
  createdAt: Date
  endedAt?: Date
}

/** Saves an order for later. Undefined when the message was heard before and the order exists already. */
export async function saveScheduled(
  trx: Trx,
  order: Pick<
    ScheduledOrder,
    'accountId' | 'memberId' | 'conversationId' | 'command' | 'given' | 'what' | 'symbol' | 'positionIds'
  > &
    Trigger & { inboundId: string },
  at: Date,
): Promise<ScheduledOrder | undefined> {
  const row = await trx
    .insertInto('scheduled_orders')
    .values({
      account_id: order.accountId,
      member_id: order.memberId,
      conversation_id: order.conversationId,
      inbound_id: order.inboundId,
      command: order.command,
      given: JSON.stringify(order.given),
      what: order.what,
      symbol: order.symbol ?? null,
      position_ids: order.positionIds ?? null,
      planned_at: order.at?.planned ?? null,
      due_at: order.at?.due ?? null,
      late_at: order.at?.late ?? null,
      above: order.above?.toFixed() ?? null,
      below: order.below?.toFixed() ?? null,
      planned_until: order.until?.planned ?? null,
      expires_at: order.until?.expires ?? null,
      created_at: at,
    })
    .onConflict((conflict) => conflict.column('inbound_id').doNothing())
    .returningAll()
    .executeTakeFirst()
  return row && toScheduled(row)
}

/** A scheduled order by id. */
export async function scheduledOrder(db: Db, id: number): Promise<ScheduledOrder | undefined> {
  const row = await db.selectFrom('scheduled_orders').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toScheduled(row)
}

/** The waiting and running orders of an account, by number. */
export async function openScheduled(db: Db, accountId: number): Promise<ScheduledOrder[]> {
  const rows = await db
    .selectFrom('scheduled_orders')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('state', 'in', ['waiting', 'running'])
    .orderBy('task_number')
    .execute()
  return rows.map(toScheduled)
}

/** An order of an account by its number, in any state. */
export async function scheduledByNumber(
  db: Db,
  accountId: number,
  number: number,
): Promise<ScheduledOrder | undefined> {
  if (!Number.isSafeInteger(number) || number >= 2 ** 31) return undefined
  const row = await db
    .selectFrom('scheduled_orders')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('task_number', '=', number)
    .executeTakeFirst()
  return row && toScheduled(row)
}

/** An order that waits for a price; of a linked account, a weak price alone is not enough for it. */
export type WaitingOrder = ScheduledOrder & { isLinked: boolean }

/** Orders that wait for a price, of all accounts. */
export async function waitingForPrices(db: Db): Promise<WaitingOrder[]> {
  const rows = await db
    .selectFrom('scheduled_orders as s')
    .innerJoin('accounts as a', 'a.id', 's.account_id')
    .selectAll('s')
    .select('a.venue')
    .where('s.state', '=', 'waiting')
    .where('s.due_at', 'is', null)
    .where('s.touched_at', 'is', null)
    .orderBy('s.id')
    .execute()
  return rows.map((row) => ({ ...toScheduled(row), isLinked: row.venue !== 'paper' }))
}

/** All waiting and running orders, for the sweep, with the columns that decide when each is due. */
export async function unfinishedScheduled(
  db: Db,
): Promise<
  Pick<Selectable<Database['scheduled_orders']>, 'id' | 'state' | 'due_at' | 'expires_at' | 'touched_at' | 'asked_at'>[]
> {
  return db
    .selectFrom('scheduled_orders')
    .select(['id', 'state', 'due_at', 'expires_at', 'touched_at', 'asked_at'])
    .where('state', 'in', ['waiting', 'running'])
    .execute()
}

/**
 * Notes that the price has reached the level of a waiting order. False when another worker noted it, when the order no longer
 * waits, or when a split has moved its level since it was read.
 */
export async function noteTouched(db: Db, id: number, price: Big, at: Date): Promise<boolean> {
  const done = await db
    .updateTable('scheduled_orders')
    .set({ touched_at: at, touched_price: price.toFixed() })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where('touched_at', 'is', null)
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', at)]))
    .where((eb) => eb.or([eb('above', 'is', null), eb('above', '<=', price.toFixed())]))
    .where((eb) => eb.or([eb('below', 'is', null), eb('below', '>=', price.toFixed())]))
    .returning('id')
    .executeTakeFirst()
  return done !== undefined
}

/** Did a weak price reach the level of an order of a linked account, so that its member was told? */
export async function wasReachedWeakly(db: Db, id: number): Promise<boolean> {
  const row = await db.selectFrom('desk_events').select('id').where('dedupe_key', '=', weakKey(id)).executeTakeFirst()
  return row !== undefined
}

/** The key of the event that a weak price reached the level of an order, once for an order. */
export const weakKey = (id: number) => `scheduled-${id}-weak`

/**
 * Claims the right to carry out an order. Undefined when it no longer waits, or another process has the claim. `isAgain` means
 * that the previous process died while it carried the order out.
 */
export async function beginScheduled(
  trx: Trx,
  id: number,
  at: Date,
): Promise<{ order: ScheduledOrder; isAgain: boolean } | undefined> {
  const abandoned = new Date(at.getTime() - abandonedAfterMs)
  const before = await trx
    .selectFrom('scheduled_orders')
    .select(['state', 'running_since'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  const isAgain = before?.state === 'running' && before.running_since !== null && before.running_since <= abandoned
  if (before?.state !== 'waiting' && !isAgain) return undefined
  const row = await trx
    .updateTable('scheduled_orders')
    .set({ state: 'running', running_since: at })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return { order: toScheduled(row), isAgain }
}

/** Ends an order that is in the state `from`; false when it has left that state. */
export async function endScheduled(
  db: Db,
  id: number,
  from: 'waiting' | 'running',
  state: Exclude<ScheduledState, 'waiting' | 'running'>,
  outcome: string,
  at: Date,
): Promise<boolean> {
  const row = await db
    .updateTable('scheduled_orders')
    .set({ state, outcome, ended_at: at })
    .where('id', '=', id)
    .where('state', '=', from)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Has the carried-out command produced an order or the start of a scaleout? Then it must not begin again. */
export async function wasActed(db: Db, { id, accountId }: ScheduledOrder): Promise<boolean> {
  const inboundId = scheduledInboundId(id)
  const { rows } = await sql<{ acted: boolean }>`
    select exists (select from orders where account_id = ${accountId} and client_order_id ~ ${`-${inboundId}(-|$)`})
      or exists (select from audit where inbound_id = ${inboundId} and finished_at is not null) as acted`.execute(db)
  return rows[0]!.acted
}

/** The live limit order that a message placed; undefined when there is none. */
export async function restsForMessage(db: Db, accountId: number, inboundId: string) {
  const row = await db
    .selectFrom('orders')
    .select(['side', 'symbol', 'quantity', 'limit_price'])
    .where('account_id', '=', accountId)
    .where(
      'client_order_id',
      'in',
      ['close', 'trim', 'enter'].map((purpose) => `${purpose}-${inboundId}`),
    )
    .where('state', 'in', liveStates)
    .where('limit_price', 'is not', null)
    .executeTakeFirst()
  if (!row) return undefined
  return { ...row, quantity: new Big(row.quantity), limitPrice: new Big(row.limit_price!) }
}

/** Locks the waiting orders of a locked account that concern a symbol, alone or with others. */
export async function lockWaitingOf(trx: Trx, accountId: number, symbol: string): Promise<ScheduledOrder[]> {
  const rows = await trx
    .selectFrom('scheduled_orders')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('state', '=', 'waiting')
    .where(sql<boolean>`(symbol = ${symbol} or ${symbol} = any(string_to_array(given ->> 'symbols', ' ')))`)
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(toScheduled)
}

/** Saves the changed symbol, quantities and prices of a locked waiting order. */
export async function rewriteScheduled(trx: Trx, order: ScheduledOrder): Promise<void> {
  await trx
    .updateTable('scheduled_orders')
    .set({
      symbol: order.symbol ?? null,
      given: JSON.stringify(order.given),
      what: order.what,
      above: order.above?.toFixed() ?? null,
      below: order.below?.toFixed() ?? null,
      touched_price: order.touched?.price.toFixed() ?? null,
    })
    .where('id', '=', order.id)
    .execute()
}

/** The message id of a scheduled order. The ids derived from it make each act of the order happen once. */
export function scheduledInboundId(id: number): string {
  return `scheduled-${id}`
}

/** Converts a row to a scheduled order. */
export function toScheduled(row: Selectable<Database['scheduled_orders']>): ScheduledOrder {
  const { planned_at, due_at, late_at, planned_until, expires_at, touched_at, touched_price } = row
  return {
    id: row.id,
    number: row.task_number,
    accountId: row.account_id,
    memberId: row.member_id,
    conversationId: row.conversation_id,
    command: row.command,
    given: row.given,
    what: row.what,
    symbol: row.symbol ?? undefined,
    positionIds: row.position_ids?.map(Number),
    askedAt: row.asked_at ?? undefined,
    at: planned_at && due_at ? { planned: planned_at, due: due_at, late: late_at ?? due_at } : undefined,
    above: row.above === null ? undefined : new Big(row.above),
    below: row.below === null ? undefined : new Big(row.below),
    until: planned_until && expires_at ? { planned: planned_until, expires: expires_at } : undefined,
    touched: touched_at && touched_price !== null ? { at: touched_at, price: new Big(touched_price) } : undefined,
    state: row.state,
    runningSince: row.running_since ?? undefined,
    outcome: row.outcome ?? undefined,
    createdAt: row.created_at,
    endedAt: row.ended_at ?? undefined,
  }
}
