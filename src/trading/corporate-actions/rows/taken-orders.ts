import { type Selectable, sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import { type AnyOrder, toOrder } from '../../orders/rows/orders.ts'
import type { CorporateAction } from './corporate-actions.ts'

/**
 * Notes that orders are about to be taken back for an action, so that any process can place them again after a crash. It notes
 * them only while the action is in this state, so that a slow process never takes back orders placed since. Returns the orders
 * that may be taken back.
 */
export async function noteTaken(db: Db, { id, state }: Pick<CorporateAction, 'id' | 'state'>, orders: AnyOrder[]) {
  if (orders.length === 0) return []
  const { rows } = await sql<{ order_id: number }>`
    with action as (select from corporate_actions where id = ${id} and state = ${state} for share),
    waiting as (
      select account_id from corporate_action_accounts where action_id = ${id} and state = 'waiting' for share)
    insert into corporate_action_orders as t (order_id, action_id, account_id)
    select id, ${id}, account_id from orders
    where id = any(${orders.map((order) => order.id)}::bigint[]) and exists (select from action)
      and (${state} <> 'moving' or account_id in (select account_id from waiting))
    on conflict (order_id) do update set state = t.state
    returning order_id`.execute(db)
  const noted = new Set(rows.map(({ order_id }) => order_id))
  return orders.filter((order) => noted.has(order.id))
}

/** Orders that were taken back for an action and not placed again yet, of one account or of all, oldest first. */
export async function takenOrders(db: Db, actionId: number, accountId?: number): Promise<AnyOrder[]> {
  const rows = await db
    .selectFrom('corporate_action_orders as t')
    .innerJoin('orders as o', 'o.id', 't.order_id')
    .selectAll('o')
    .where('t.action_id', '=', actionId)
    .where('t.state', '=', 'taken')
    .$if(accountId !== undefined, (query) => query.where('t.account_id', '=', accountId!))
    .orderBy('o.id')
    .execute()
  return rows.map(toOrder)
}

/** Notes the end of a taken order of a locked account: the order placed for it, or none. */
export async function endTaken(trx: Trx, orderId: number, placedAs?: number): Promise<void> {
  await trx
    .updateTable('corporate_action_orders')
    .set({ state: placedAs === undefined ? 'over' : 'placed', placed_as: placedAs ?? null })
    .where('order_id', '=', orderId)
    .execute()
}

/** Marks a newly written order as not being sent, so that a process must claim it before calling the venue. */
export async function noteUnsent(trx: Trx, orderId: number): Promise<void> {
  await trx.updateTable('orders').set({ calling_until: null }).where('id', '=', orderId).execute()
}

/**
 * Claims the orders that were placed again for an action but never sent. The caller sends them, until `until` at the latest.
 */
export async function claimUnsent(db: Db, actionId: number, until: Date): Promise<AnyOrder[]> {
  const { rows } = await sql<Selectable<Database['orders']>>`
    update orders o set calling_until = ${until}
    from corporate_action_orders t
    where t.action_id = ${actionId} and o.id = t.placed_as and o.state = 'new' and o.calling_until is null
      and o.venue_order_id is null and o.cancel_asked_at is null
    returning o.*`.execute(db)
  return rows.map(toOrder).sort((a, b) => a.id - b.id)
}
