import { sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'
import { liveStates } from '../rules/order-lifecycle.ts'
import type { AnyOrder } from './orders.ts'

/**
 * Notes a call to the venue for an unconfirmed order. The call may reach the venue until `until`, or a little later: the stored
 * time is unique among the calls of an order, so it identifies the call. Undefined when the order must not be sent any more. A call that
 * was noted and never made (`unused`) is not counted twice: else the refusals of all others would prove nothing.
 */
export async function noteCall(
  db: Db,
  orderId: number,
  until: Date,
  unused?: Date,
): Promise<{ until: Date } | undefined> {
  const row = await db
    .updateTable('orders')
    .set({
      calling_until: sql<Date>`greatest(${until}::timestamptz, calling_until + interval '1 millisecond')`,
      calls: sql<number>`calls + case when calling_until = ${unused ?? null}::timestamptz then 0 else 1 end`,
    })
    .where('id', '=', orderId)
    .where('state', 'in', ['new', 'unknown'])
    .where('venue_order_id', 'is', null)
    .where('given_up_at', 'is', null)
    .where('cancel_asked_at', 'is', null)
    .returning('calling_until')
    .executeTakeFirst()
  return row && { until: row.calling_until! }
}

/** Notes that the call with this `until` has come back, so nothing of it is under way. */
export async function noteCallEnded(db: Db, orderId: number, until: Date): Promise<void> {
  await db
    .updateTable('orders')
    .set({ calling_until: null })
    .where('id', '=', orderId)
    .where('calling_until', '=', until)
    .execute()
}

/**
 * Notes that the venue has refused the call with this `until` for certain, or that it did not leave the desk, in these words: nothing of
 * it is under way.
 */
export async function noteCallRefused(db: Db, orderId: number, until: Date, words: string): Promise<void> {
  await sql`
    update orders set refused_calls = refused_calls + 1, refused_because = ${words},
      calling_until = nullif(calling_until, ${until}::timestamptz)
    where id = ${orderId}`.execute(db)
}

/**
 * A live order whose calls were all refused for certain: the venue has nothing of it, and nothing is under way. For statements in
 * which `orders` names the orders.
 */
export const isNowhere = sql<boolean>`(orders.state = any(${[...liveStates]}::text[]) and orders.venue_order_id is null
  and orders.filled_quantity = 0 and orders.refused_calls >= orders.calls)`

/** An order like that for which another call is under way at a moment: all others were refused. */
export const isTriedAgain = (at: Date) => sql<boolean>`(orders.venue_order_id is null and orders.filled_quantity = 0
  and orders.refused_calls > 0 and orders.refused_calls = orders.calls - 1 and coalesce(orders.calling_until > ${at}, false))`

/** The words of the refusal of an order that is nowhere at the venue, and is not sent again; undefined for any other order. */
export async function nowhereForGood(db: Db, orderId: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('orders')
    .select('refused_because')
    .where('id', '=', orderId)
    .where((eb) => eb.or([eb('given_up_at', 'is not', null), eb('cancel_asked_at', 'is not', null)]))
    .where(isNowhere)
    .executeTakeFirst()
  return row && (row.refused_because ?? 'the venue refused it')
}

/** Notes the wish to cancel an order that is nowhere at the venue, so that it is not sent any more. False for any other order. */
export async function cancelNowhere(db: Db, orderId: number, at: Date, because: string): Promise<boolean> {
  const noted = await db
    .updateTable('orders')
    .set({ state: 'cancel_asked', cancel_asked_at: at, rejected_because: because })
    .where('id', '=', orderId)
    .where('cancel_asked_at', 'is', null)
    .where(isNowhere)
    .executeTakeFirst()
  return noted.numUpdatedRows > 0n
}

/** The words of the refusal of an order that is nowhere at the venue, locked; undefined for any other order. */
export async function lockNowhere(trx: Trx, orderId: number): Promise<string | undefined> {
  const row = await trx
    .selectFrom('orders')
    .select('refused_because')
    .where('id', '=', orderId)
    .where(isNowhere)
    .forUpdate()
    .executeTakeFirst()
  return row && (row.refused_because ?? 'the venue refused it')
}

/**
 * Notes a look at which the venue did not show an order, confirmed before or not. Returns the time of the first such look in a
 * row, and whether a call may still be under way. Undefined when the order has ended, or the venue has confirmed it meanwhile.
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

/**
 * Notes the wish to cancel an order, before the venue is asked. `because` is absent for a member's wish. The first wish stands.
 */
export async function noteCancelAsked(db: Db, orderId: number, at: Date, because?: string): Promise<void> {
  await sql`
    update orders set state = 'cancel_asked', cancel_asked_at = coalesce(cancel_asked_at, ${at}::timestamptz),
      rejected_because = case when cancel_asked_at is null then ${because ?? null} else rejected_because end
    where id = ${orderId} and state = any(${[...liveStates]}::text[])`.execute(db)
}

/** Counts a question to the venue about an order without an outcome. */
export async function noteAsked(db: Db, orderId: number): Promise<void> {
  await sql`update orders set times_asked = times_asked + 1 where id = ${orderId}`.execute(db)
}

/** Has a member seen the order at the venue? Then it does not count as lost. */
export async function isSaidToHaveArrived(db: Db, orderId: number): Promise<boolean> {
  const row = await db.selectFrom('orders').select('said_arrived_at').where('id', '=', orderId).executeTakeFirst()
  return row?.said_arrived_at != null
}

/** Notes that a member has seen the order at the venue. */
export async function noteSaidArrived(db: Db, orderId: number, at: Date): Promise<void> {
  await db.updateTable('orders').set({ said_arrived_at: at }).where('id', '=', orderId).execute()
}

/** Seconds after which the venue is asked for an order without an outcome: these, and then every thirty. */
const askedAfter = [1, 2, 5, 10]

/**
 * Orders of these accounts without an outcome about which the venue is due to be asked. An order of a chunk is left to its running
 * scaleout.
 */
export async function dueToBeAsked(db: Db, accountIds: number[], at: Date): Promise<number[]> {
  if (accountIds.length === 0) return []
  const { rows } = await sql<{ id: number }>`
    select id from orders where account_id = any(${accountIds}::bigint[]) and state = any(${[...liveStates]}::text[])
      and venue_order_id is null
      and not exists (select from scaleout_chunks c join scaleouts s on s.id = c.scaleout_id
        where c.id = orders.chunk_id and s.state in ('running', 'paused'))
      and created_at + make_interval(secs => coalesce(
        (${askedAfter}::int[])[times_asked + 1], ${askedAfter.at(-1)!} + 30 * (times_asked - ${askedAfter.length - 1}))) <= ${at}
    order by id`.execute(db)
  return rows.map(({ id }) => id)
}
