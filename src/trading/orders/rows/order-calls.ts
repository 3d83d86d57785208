import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'
import { liveStates } from '../rules/order-lifecycle.ts'
import type { AnyOrder } from './orders.ts'

/**
 * Notes that the venue is about to be called for an order that it has not confirmed, and that the call may reach it until
 * `until`, or a little later: no two calls for an order end at the same moment, so that it says which call it is. Undefined
 * when the order is not to be sent any more.
 */
export async function noteCall(db: Db, orderId: number, until: Date): Promise<{ until: Date } | undefined> {
  const row = await db
    .updateTable('orders')
    .set({ calling_until: sql<Date>`greatest(${until}::timestamptz, calling_until + interval '1 millisecond')` })
    .where('id', '=', orderId)
    .where('state', 'in', ['new', 'unknown'])
    .where('venue_order_id', 'is', null)
    .where('given_up_at', 'is', null)
    .where('cancel_asked_at', 'is', null)
    .returning('calling_until')
    .executeTakeFirst()
  return row && { until: row.calling_until! }
}

/** Notes that the call which was to end by `until` has come back, and that nothing of it is on its way any more. */
export async function noteCallEnded(db: Db, orderId: number, until: Date): Promise<void> {
  await db
    .updateTable('orders')
    .set({ calling_until: null })
    .where('id', '=', orderId)
    .where('calling_until', '=', until)
    .execute()
}

/**
 * Notes a look at which the venue did not show an order, which it had confirmed before that look or not. Answers with the
 * first of these looks in a row, and whether a call for it may still be on its way; undefined when the order has an end, or
 * the venue has confirmed it meanwhile.
 */
export async function noteMissing(
  db: Db,
  { id, venueOrderId }: Pick<AnyOrder, 'id' | 'venueOrderId'>,
  at: Date,
): Promise<{ since: Date; isOnItsWay: boolean } | undefined> {
  const { rows } = await sql<{ since: Date; is_on_its_way: boolean }>`
    update orders set missing_since = coalesce(missing_since, ${at}::timestamptz)
    where id = ${id} and state = any(${[...liveStates]}::text[])
      and (venue_order_id is null or ${venueOrderId !== undefined})
    returning missing_since as since, coalesce(calling_until > ${at}, false) as is_on_its_way`.execute(db)
  return rows[0] && { since: rows[0].since, isOnItsWay: rows[0].is_on_its_way }
}

/** Notes that somebody wants an order cancelled, before the venue is asked for it; and why, where that was not a member. The first wish stands. */
export async function noteCancelAsked(db: Db, orderId: number, at: Date, because?: string): Promise<void> {
  await sql`
    update orders set state = 'cancel_asked', cancel_asked_at = coalesce(cancel_asked_at, ${at}::timestamptz),
      rejected_because = case when cancel_asked_at is null then ${because ?? null} else rejected_because end
    where id = ${orderId} and state = any(${[...liveStates]}::text[])`.execute(db)
}
