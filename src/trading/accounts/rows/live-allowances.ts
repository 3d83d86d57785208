import { type RawBuilder, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import { liveStates } from '../../orders/rules/order-lifecycle.ts'

/** The leave of an owner to trade real money. */
export interface LiveAllowance {
  memberId: number
  name: string
  /** Dollars at work at most, in all accounts of the member with real money. */
  cap: Big
  /** Dollars at work now. */
  used: Big
  /** The name of the owner. */
  allowedBy: string
  allowedAt: Date
}

/** Allows a member real money up to a cap in dollars, in place of what was allowed before. */
export async function allowLive(
  db: Db,
  { memberId, cap, by, at }: { memberId: number; cap: Big; by: number; at: Date },
): Promise<void> {
  const set = { cap_dollars: cap.toFixed(), allowed_by: by, allowed_at: at }
  await db
    .insertInto('live_allowances')
    .values({ member_id: memberId, ...set })
    .onConflict((conflict) => conflict.column('member_id').doUpdateSet(set))
    .execute()
}

/** Takes the leave away. False when there was none. */
export async function forbidLive(db: Db, memberId: number): Promise<boolean> {
  const gone = await db.deleteFrom('live_allowances').where('member_id', '=', memberId).returning('member_id').execute()
  return gone.length > 0
}

/** All members who may trade real money, by name; only one of them, if given. */
export async function liveAllowances(db: Db, memberId?: number): Promise<LiveAllowance[]> {
  const { rows } = await sql<{
    member_id: number
    name: string
    cap_dollars: string
    used: string
    by: string
    allowed_at: Date
  }>`
    select v.member_id, m.name, v.cap_dollars, ${liveAtWork(sql`v.member_id`)} as used, o.name as by, v.allowed_at
    from live_allowances v join members m on m.id = v.member_id join members o on o.id = v.allowed_by
    where ${memberId ?? null}::bigint is null or v.member_id = ${memberId ?? null}
    order by m.name, m.id`.execute(db)
  return rows.map((row) => ({
    memberId: row.member_id,
    name: row.name,
    cap: new Big(row.cap_dollars),
    used: new Big(row.used),
    allowedBy: row.by,
    allowedAt: row.allowed_at,
  }))
}

const live = sql`o.state in (${sql.join(liveStates.map((state) => sql.lit(state)))})`

/**
 * Dollars of real money that a member has at work, in all accounts with some: the cost of what is open, and of the rest of working orders
 * that open or add. `insteadOf`: the id of an order that is left out.
 */
export const liveAtWork = (memberId: RawBuilder<unknown>, insteadOf = 0) => sql<string>`(
    (select coalesce(sum(abs(p.open_cost)), 0) from positions p join accounts x on x.id = p.account_id
      where x.member_id = ${memberId} and x.mode = 'live' and x.unlinked_at is null and p.closed_at is null)
    + (select coalesce(sum(greatest(o.quantity - o.filled_quantity, 0) * coalesce(o.limit_price, o.stop_price, o.expected_price)), 0)
      from orders o join accounts x on x.id = o.account_id
      where x.member_id = ${memberId} and x.mode = 'live' and x.unlinked_at is null
        and o.purpose = 'open' and ${live} and o.id <> ${insteadOf}))`

/** Dollars of real money that a member has at work, whether an owner allows any or not. */
export async function liveUsedBy(db: Db, memberId: number): Promise<Big> {
  const { rows } = await sql<{ used: string }>`select ${liveAtWork(sql`${memberId}::bigint`)} as used`.execute(db)
  return new Big(rows[0]!.used)
}

/** Locks the leave until the transaction ends, so that orders in two accounts of a member do not both take the last of it. */
export async function lockLive(trx: Trx | Db, accountId: number): Promise<void> {
  await sql`
    select from live_allowances where member_id = (select member_id from accounts where id = ${accountId})
    for no key update`.execute(trx)
}
