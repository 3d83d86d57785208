import type { Db } from '../../../infra/db/client.ts'

/** Do stops and targets of an account rest at its venue? */
export async function protectsAtVenue(db: Db, accountId: number): Promise<boolean> {
  const row = await db.selectFrom('accounts').select('protects_at_venue').where('id', '=', accountId).executeTakeFirst()
  return row?.protects_at_venue ?? false
}

/** Sets whether stops and targets of an account rest at its venue. Wanted again, they are tried again where the venue has ended them. */
export async function setProtectsAtVenue(db: Db, accountId: number, isOn: boolean, at: Date): Promise<void> {
  const since = isOn ? { protects_since: at } : {}
  await db
    .updateTable('accounts')
    .set({ protects_at_venue: isOn, ...since })
    .where('id', '=', accountId)
    .execute()
}
