import { sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'

/** The leave of an owner to trade real money. */
export interface LiveAllowance {
  memberId: number
  name: string
  /** Dollars at work at most, in all accounts of the member with real money. */
  cap: Big
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
  const { rows } = await sql<{ member_id: number; name: string; cap_dollars: string; by: string; allowed_at: Date }>`
    select v.member_id, m.name, v.cap_dollars, o.name as by, v.allowed_at
    from live_allowances v join members m on m.id = v.member_id join members o on o.id = v.allowed_by
    where ${memberId ?? null}::bigint is null or v.member_id = ${memberId ?? null}
    order by m.name, m.id`.execute(db)
  return rows.map((row) => ({
    memberId: row.member_id,
    name: row.name,
    cap: new Big(row.cap_dollars),
    allowedBy: row.by,
    allowedAt: row.allowed_at,
  }))
}

/** Locks the leave until the transaction ends, so that orders in two accounts of a member do not both take the last of it. */
export async function lockLive(trx: Trx | Db, accountId: number): Promise<void> {
  await sql`
    select from live_allowances where member_id = (select member_id from accounts where id = ${accountId})
    for no key update`.execute(trx)
}
