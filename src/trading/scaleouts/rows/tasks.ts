import { sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db } from '../../../infra/db/client.ts'
import { averageFillPrice, hasReason, liveStates, type OrderState } from '../../orders/rules/order-lifecycle.ts'
import type { Side } from '../../positions/rules/position.ts'
import { type ScheduledOrder, scheduledByNumber } from '../../schedule/rows/scheduled-orders.ts'
import { goneOtherwise } from '../rules/remaining.ts'
import { type Scaleout, toScaleout } from './scaleouts.ts'

/** A numbered order as a task: a limit order, or a market order that waited at the venue. */
export interface LimitTask {
  id: number
  /** The number that `move` and `cancel` use. */
  orderNumber: number
  symbol: string
  side: Side
  quantity: Big
  /** Dollars a unit; undefined for a market order. */
  limitPrice?: Big
  stopPrice?: Big
  state: OrderState
  because?: string
  /** The venue had taken it, and then rejected it. */
  isRejected?: boolean
  createdAt: Date
  expiresAt?: Date
  endedAt?: Date
  /** The filled quantity, its average price, and the time of the last fill. */
  fill?: { quantity: Big; price: Big; realizedPnl: Big; at: Date }
}

/** A background task, running or ended, under its number within the account. */
export type Task = {
  number: number
} /** `otherwise`: units of its rest that are no longer open; others than the scaleout have traded them. */ & (
  | { kind: 'scaleout'; scaleout: Scaleout; endsAt: Date; otherwise: Big }
  | { kind: 'order'; order: LimitTask }
  | { kind: 'scheduled'; scheduled: ScheduledOrder }
)

type Ref = { kind: Task['kind']; number: number; id: number }

/** The running background tasks of an account, by number. */
export async function runningTasks(db: Db, accountId: number): Promise<Task[]> {
  const { rows } = await sql<Ref>`
    select 'scaleout' as kind, task_number as number, id from scaleouts
      where account_id = ${accountId} and state in ('running', 'paused')
    union all select 'order', task_number, id from orders
      where account_id = ${accountId} and task_number is not null and state = any(${[...liveStates]}::text[])
    union all select 'scheduled', task_number, id from scheduled_orders
      where account_id = ${accountId} and state in ('waiting', 'running')
    order by number`.execute(db)
  return tasksOf(db, accountId, rows)
}

/** How many scaleouts, orders that rest, and orders for later run in an account. */
export async function runningCounts(
  db: Db,
  accountId: number,
): Promise<{ scaleouts: number; orders: number; scheduled: number }> {
  const { rows } = await sql<{ scaleouts: number; orders: number; scheduled: number }>`
    select (select count(*)::int from scaleouts where account_id = ${accountId} and state in ('running', 'paused')) as scaleouts,
      (select count(*)::int from orders where account_id = ${accountId} and number is not null
        and state = any(${[...liveStates]}::text[])) as orders,
      (select count(*)::int from scheduled_orders where account_id = ${accountId} and state in ('waiting', 'running')) as scheduled`.execute(
    db,
  )
  return rows[0]!
}

/** Ended tasks, latest first: `count` of them after the first `skip`, and the total number of them. */
export async function endedTasks(
  db: Db,
  accountId: number,
  count: number,
  skip: number,
): Promise<{ tasks: Task[]; total: number }> {
  const { rows } = await sql<Ref & { total: number }>`
    select kind, number, id, count(*) over ()::int as total from (
      select 'scaleout' as kind, task_number as number, id, ended_at from scaleouts
        where account_id = ${accountId} and state not in ('running', 'paused')
      union all select 'order', o.task_number, o.id, coalesce(o.ended_at,
          (select e.at from desk_events e where e.dedupe_key = 'order-' || o.id || '-ended'), o.created_at)
        from orders o
        where o.account_id = ${accountId} and o.task_number is not null and o.state <> all(${[...liveStates]}::text[])
      union all select 'scheduled', task_number, id, ended_at from scheduled_orders
        where account_id = ${accountId} and state not in ('waiting', 'running')) as ended
    order by ended_at desc, number desc limit ${count} offset ${skip}`.execute(db)
  return { tasks: await tasksOf(db, accountId, rows), total: rows[0]?.total ?? 0 }
}

/** A task of an account by its number, running or ended. */
export async function taskByNumber(db: Db, accountId: number, number: number): Promise<Task | undefined> {
  const { rows } = await sql<Ref>`
    select 'scaleout' as kind, task_number as number, id from scaleouts
      where account_id = ${accountId} and task_number = ${number}
    union all select 'order', task_number, id from orders where account_id = ${accountId} and task_number = ${number}
    union all select 'scheduled', task_number, id from scheduled_orders
      where account_id = ${accountId} and task_number = ${number}`.execute(db)
  return (await tasksOf(db, accountId, rows))[0]
}

/** The order of an account with this number, working or ended. */
export async function orderByNumber(db: Db, accountId: number, orderNumber: number): Promise<LimitTask | undefined> {
  // A person may type any number.
  if (!Number.isSafeInteger(orderNumber) || orderNumber <= 0 || orderNumber >= 2 ** 31) return undefined
  const row = await db
    .selectFrom('orders')
    .select('id')
    .where('account_id', '=', accountId)
    .where('number', '=', orderNumber)
    .executeTakeFirst()
  return row && limitTask(db, row.id)
}

async function tasksOf(db: Db, accountId: number, refs: Ref[]): Promise<Task[]> {
  const tasks = await Promise.all(refs.map((ref) => taskOf(db, accountId, ref)))
  return tasks.filter((task) => task !== undefined)
}

async function taskOf(db: Db, accountId: number, { kind, number, id }: Ref): Promise<Task | undefined> {
  if (kind === 'scheduled') {
    const scheduled = await scheduledByNumber(db, accountId, number)
    return scheduled && { kind, number, scheduled }
  }
  if (kind === 'order') return { kind, number, order: await limitTask(db, id) }
  const row = await db
    .selectFrom('scaleouts as s')
    .innerJoin('positions as p', 'p.id', 's.position_id')
    .selectAll('s')
    .select('p.signed_quantity')
    .select((eb) =>
      eb
        .selectFrom('scaleout_chunks as c')
        .select((inner) => inner.fn.max('c.due_at').as('at'))
        .whereRef('c.scaleout_id', '=', 's.id')
        .as('ends_at'),
    )
    .where('s.id', '=', id)
    .executeTakeFirstOrThrow()
  const scaleout = toScaleout(row)
  const otherwise = goneOtherwise(scaleout, { signedQuantity: new Big(row.signed_quantity) })
  return { kind, number, scaleout, endsAt: row.ends_at ?? row.started_at, otherwise }
}

async function limitTask(db: Db, id: number): Promise<LimitTask> {
  const { rows } = await sql<{
    id: number
    number: number
    symbol: string
    side: Side
    quantity: string
    limit_price: string | null
    stop_price: string | null
    state: OrderState
    rejected_because: string | null
    because: string | null
    is_rejected: boolean
    created_at: Date
    expires_at: Date | null
    ended_at: Date | null
    filled_quantity: string
    filled_value: string
    realized_pnl: string
    filled_at: Date | null
  }>`
    select o.id, o.number, o.symbol, o.side, o.quantity, o.limit_price, o.stop_price, o.state, o.rejected_because, o.created_at,
      o.expires_at, e.data ->> 'because' as because, coalesce((e.data ->> 'rejected')::boolean, false) as is_rejected,
      coalesce(o.ended_at, e.at) as ended_at, o.filled_quantity,
      o.filled_value, o.realized_pnl, (select max(filled_at) from fills f where f.order_id = o.id) as filled_at
    from orders o left join desk_events e on e.dedupe_key = 'order-' || o.id || '-ended'
    where o.id = ${id} limit 1`.execute(db)
  const row = rows[0]!
  const filled = { filledQuantity: new Big(row.filled_quantity), filledValue: new Big(row.filled_value) }
  return {
    id: row.id,
    orderNumber: row.number,
    symbol: row.symbol,
    side: row.side,
    quantity: new Big(row.quantity),
    limitPrice: row.limit_price === null ? undefined : new Big(row.limit_price),
    stopPrice: row.stop_price === null ? undefined : new Big(row.stop_price),
    state: row.state,
    because: hasReason(row.state) ? (row.rejected_because ?? row.because ?? undefined) : undefined,
    ...(row.is_rejected && { isRejected: true }),
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
    fill:
      row.filled_at === null || filled.filledQuantity.eq(0)
        ? undefined
        : {
            quantity: filled.filledQuantity,
            price: averageFillPrice(filled),
            realizedPnl: new Big(row.realized_pnl),
            at: row.filled_at,
          },
  }
}

/** A chunk of a scaleout with its fills. */
export interface SliceDone {
  number: number
  quantity: Big
  state: 'waiting' | 'done' | 'dropped'
  dueAt: Date
  fill?: { quantity: Big; price: Big; realizedPnl: Big; at: Date }
}

/** The chunks of a scaleout with their fills, in order. */
export async function slicesOf(db: Db, scaleoutId: number): Promise<SliceDone[]> {
  const rows = await db
    .selectFrom('scaleout_chunks as c')
    .where('c.scaleout_id', '=', scaleoutId)
    .select(['c.number', 'c.quantity', 'c.state', 'c.due_at', 'c.sold_quantity', 'c.proceeds', 'c.realized_pnl'])
    .select((eb) =>
      eb
        .selectFrom('fills as f')
        .innerJoin('orders as o', 'o.id', 'f.order_id')
        .whereRef('o.chunk_id', '=', 'c.id')
        .select((inner) => inner.fn.max<Date | null>('f.filled_at').as('at'))
        .as('filled_at'),
    )
    .orderBy('c.number')
    .execute()
  return rows.map((row) => {
    const quantity = new Big(row.sold_quantity)
    const isTraded = quantity.gt(0) && row.filled_at !== null
    return {
      number: row.number,
      quantity: new Big(row.quantity),
      state: row.state,
      dueAt: row.due_at,
      fill: isTraded
        ? {
            quantity,
            price: averageFillPrice({ filledQuantity: quantity, filledValue: new Big(row.proceeds) }),
            realizedPnl: new Big(row.realized_pnl),
            at: row.filled_at!,
          }
        : undefined,
    }
  })
}

/** The fills of the orders that a scheduled order placed, in order. */
export async function fillsOfScheduled(
  db: Db,
  { id, accountId, command }: ScheduledOrder,
): Promise<{ side: Side; quantity: Big; price: Big; realizedPnl: Big; at: Date }[]> {
  const rows = await db
    .selectFrom('fills as f')
    .innerJoin('orders as o', (join) =>
      join.onRef('o.position_id', '=', 'f.position_id').onRef('o.id', '=', 'f.order_id'),
    )
    .where('o.account_id', '=', accountId)
    .where(
      // Look up the exact ids of single orders; `close all` has one id for each position.
      command === 'close all'
        ? sql<boolean>`o.client_order_id ~ ${`-scheduled-${id}(-|$)`}`
        : sql<boolean>`o.client_order_id = any(${['close', 'trim', 'enter'].map((one) => `${one}-scheduled-${id}`)}::text[])`,
    )
    .select(['f.side', 'f.quantity', 'f.price', 'f.realized_pnl', 'f.filled_at'])
    .orderBy('f.id')
    .execute()
  return rows.map((row) => ({
    side: row.side,
    quantity: new Big(row.quantity),
    price: new Big(row.price),
    realizedPnl: new Big(row.realized_pnl),
    at: row.filled_at,
  }))
}
