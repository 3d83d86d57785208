import { sql } from 'kysely'
import type { Big } from '../../../base/amounts.ts'
import type { Trx } from '../../../infra/db/client.ts'

/**
 * The statement that lets protective orders follow a locked position. It is sent together with the update of the position, and
 * sees the position from before. Protective orders are for exactly the open quantity. They end when the position is closed, and
 * when it changes direction, since a stop would then be a target.
 */
export function protectionUpdate(trx: Trx, position: { id: number; signedQuantity: Big }, at: Date) {
  const now = sql`${position.signedQuantity.toFixed()}::numeric`
  const ends = sql`sign(p.signed_quantity) <> sign(${now})`
  return trx
    .updateTable('protective_orders as o')
    .from('positions as p')
    .set({
      quantity: sql<string>`case when ${ends} then o.quantity else abs(${now}) end`,
      state: sql<'working' | 'cancelled'>`case when ${ends} then 'cancelled' else 'working' end`,
      ended_because: sql<string>`case when not ${ends} then null
        when ${now} = 0 then 'the position is closed' else 'the position has turned round' end`,
      ended_at: sql<Date>`case when ${ends} then ${at}::timestamptz end`,
    })
    .whereRef('p.id', '=', 'o.position_id')
    .where('o.position_id', '=', position.id)
    .where('o.state', '=', 'working')
    .returningAll('o')
}

/** The statement that appends an event for each order ended by `protectionUpdate`, which is sent with it as `protection`. */
export function unprotectedInsert() {
  return sql<never>`(
    insert into desk_events
      (type, urgency, account_id, member_id, position_id, conversation_id, symbol, data, dedupe_key, at)
    select 'protection_cancelled', 'LOW', account_id, member_id, position_id, conversation_id, symbol,
      jsonb_build_object('kind', kind, 'price', price::text, 'because', ended_because),
      'protective-order-' || id || '-ended', ended_at
    from protection where state = 'cancelled'
    on conflict (dedupe_key) do nothing)`
}
