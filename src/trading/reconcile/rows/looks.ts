import { sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { VenueBalance } from '../../../venues/venue.ts'
import { liveStates } from '../../orders/rules/order-lifecycle.ts'

/** The last look at an account. */
export interface LastLook {
  firstAt: Date
  lookedAt: Date
  /** Orders of others that were open at the venue. */
  strangersOpen: number
  actionsCursor?: string
  failed?: { at: Date; because: string }
}

/** The last look at an account; undefined before the first. */
export async function lastLook(db: Db, accountId: number): Promise<LastLook | undefined> {
  const row = await db.selectFrom('account_looks').selectAll().where('account_id', '=', accountId).executeTakeFirst()
  return (
    row && {
      firstAt: row.first_at,
      lookedAt: row.looked_at,
      strangersOpen: row.orders_open,
      actionsCursor: row.actions_cursor ?? undefined,
      ...(row.failed_at && { failed: { at: row.failed_at, because: row.failed_because! } }),
    }
  )
}

/** Notes a look that got through. `from` is the time of its question for positions. */
export async function noteLook(trx: Trx, accountId: number, strangersOpen: number, from: Date): Promise<void> {
  await trx
    .insertInto('account_looks')
    .values({ account_id: accountId, first_at: from, looked_at: from, orders_open: strangersOpen })
    .onConflict((conflict) =>
      conflict
        .column('account_id')
        .doUpdateSet({ looked_at: from, orders_open: strangersOpen, failed_at: null, failed_because: null }),
    )
    .execute()
}

/** Notes that a look did not get through. Before the first look there is nothing to note it on. */
export async function noteFailedLook(db: Db, accountId: number, because: string, at: Date): Promise<void> {
  await db
    .updateTable('account_looks')
    .set({ failed_at: at, failed_because: because })
    .where('account_id', '=', accountId)
    .execute()
}

/** Saves the cursor of an account's corporate actions, after they were written. */
export async function saveActionsCursor(db: Db, accountId: number, cursor: string): Promise<void> {
  await db.updateTable('account_looks').set({ actions_cursor: cursor }).where('account_id', '=', accountId).execute()
}

/** Saves the newest balance of an account. */
export async function saveBalance(db: Db, accountId: number, balance: VenueBalance, at: Date): Promise<void> {
  const row = {
    cash: balance.cash.toFixed(),
    buying_power: balance.buyingPower?.toFixed() ?? null,
    equity: balance.equity?.toFixed() ?? null,
    blocked_because: balance.blocked ?? null,
    at,
  }
  await db
    .insertInto('venue_balances')
    .values({ account_id: accountId, ...row })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(row))
    .execute()
}

/** Is something open or under way in an account, so that it is looked at more often? */
export async function busyAccounts(db: Db, accountIds: number[]): Promise<Set<number>> {
  if (accountIds.length === 0) return new Set()
  const { rows } = await sql<{ id: number }>`
    select id from unnest(${accountIds}::bigint[]) as a (id) where
      exists (select from orders where account_id = a.id and state = any(${[...liveStates]}::text[]))
      or exists (select from positions where account_id = a.id and closed_at is null)
      or exists (select from book_gaps where account_id = a.id and ended_at is null)
      or exists (select from venue_actions where account_id = a.id and state = 'waiting')`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

/** The conversation in which an account's member is told of it, and the member. The thread of its last order comes first. */
export async function homeOf(
  db: Db,
  accountId: number,
): Promise<{ memberId: number; conversationId: number | undefined }> {
  const { rows } = await sql<{ member_id: number; conversation_id: number | null }>`
    select a.member_id, coalesce(
      (select conversation_id from orders where account_id = a.id order by id desc limit 1),
      (select conversation_id from link_requests where venue = a.venue and venue_account = a.venue_account
        and member_id = a.member_id and outcome = 'linked' order by id desc limit 1),
      (select conversation_id from conversation_accounts where account_id = a.id order by conversation_id desc limit 1)
    ) as conversation_id
    from accounts a where a.id = ${accountId}`.execute(db)
  const row = rows[0]
  if (!row) throw new Error(`There is no account ${accountId}`)
  return { memberId: row.member_id, conversationId: row.conversation_id ?? undefined }
}
