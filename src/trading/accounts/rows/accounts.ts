import { sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import { type Place, placeKey, surroundings } from '../../../talk/chat/place.ts'
import { copyLimits } from './limits.ts'
import type { Speaker } from './members.ts'

/** Starting balance of a new account in dollars, unless the member gives another. */
export const usualBalance = new Big(100_000)
/** The most accounts that a member may have. */
export const mostAccounts = 10

/** A trading account of a member. */
export interface Account {
  id: number
  memberId: number
  /** Unique among the accounts of the member; case does not matter. */
  name: string
  mode: 'backtest' | 'paper' | 'live'
  venue: string
  /** The account's id at the venue. */
  venueAccount: string
  /** The account's number at its broker, as people may see it: `••••1234`. */
  maskedNumber?: string
  currency: string
  /** Dollars. */
  startingBalance: Big
}

/** The accounts of a member, oldest first, without those whose link was taken away. */
export async function accountsOf(db: Db, memberId: number): Promise<Account[]> {
  const rows = await db
    .selectFrom('accounts')
    .selectAll()
    .where('member_id', '=', memberId)
    .where('unlinked_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    memberId: row.member_id,
    name: row.name,
    mode: row.mode,
    venue: row.venue,
    venueAccount: row.venue_account ?? String(row.id),
    ...(row.masked_number !== null && { maskedNumber: row.masked_number }),
    currency: row.currency,
    startingBalance: new Big(row.starting_balance),
  }))
}

/**
 * The account that a place uses once this one is not there: the one of the channel around it, or else the member's oldest. Undefined when
 * the member has no other.
 */
export async function accountWithout(
  db: Db,
  { memberId, accountId }: { memberId: number; accountId: number },
  place: Place,
): Promise<Account | undefined> {
  const others = (await accountsOf(db, memberId)).filter(({ id }) => id !== accountId)
  const around = surroundings(place)
  const chosen =
    around &&
    (await db
      .selectFrom('conversation_accounts as x')
      .innerJoin('conversations as o', 'o.id', 'x.conversation_id')
      .select('x.account_id')
      .where('x.member_id', '=', memberId)
      .where('o.key', '=', placeKey(around))
      .executeTakeFirst())
  return others.find(({ id }) => id === chosen?.account_id) ?? others[0]
}

/** The name of an account of the member whose link was taken away; undefined when this is none. */
export async function unlinkedAccount(db: Db, memberId: number, accountId: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('accounts')
    .select('name')
    .where('id', '=', accountId)
    .where('member_id', '=', memberId)
    .where('unlinked_at', 'is not', null)
    .executeTakeFirst()
  return row?.name
}

/** An account of a member that was linked before, or still is. */
export interface LinkedBefore {
  name: string
  isLinked: boolean
}

/** The account of a member with the broker's id of one, if it was linked before. */
export async function linkedBefore(
  db: Db,
  { memberId, venue, mode, account }: { memberId: number; venue: string; mode: 'paper' | 'live'; account: string },
): Promise<LinkedBefore | undefined> {
  const row = await db
    .selectFrom('accounts')
    .select(['name', 'unlinked_at'])
    .where('member_id', '=', memberId)
    .where('venue', '=', venue)
    .where('mode', '=', mode)
    .where('venue_account', '=', account)
    .orderBy(sql`unlinked_at is null`, 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  return row && { name: row.name, isLinked: row.unlinked_at === null }
}

/** The accounts of a person on a platform, oldest first; undefined when the desk has never met the person. */
export async function accountsOfPerson(db: Db, platformId: string): Promise<Account[] | undefined> {
  const identity = await db
    .selectFrom('member_identities')
    .select('member_id')
    .where('platform_id', '=', platformId)
    .executeTakeFirst()
  return identity && accountsOf(db, identity.member_id)
}

/**
 * Gives a speaker the account for an act that needs one: the account in use here, or a new one named `paper` when the member
 * has none. The conversation keeps this account from then on.
 */
export async function accountFor(db: Db, speaker: Speaker): Promise<void> {
  if (speaker.accountId === 0) {
    speaker.accountId = await db.transaction().execute((trx) => firstAccount(trx, speaker.memberId))
  }
  if (speaker.keepsAccount) return
  await db
    .insertInto('conversation_accounts')
    .values({
      member_id: speaker.memberId,
      conversation_id: speaker.conversationId,
      account_id: speaker.accountId,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  speaker.keepsAccount = true
}

/** The oldest account of a member, opened if there is none. Two concurrent calls open only one. */
export async function firstAccount(trx: Trx, memberId: number): Promise<number> {
  await lockMember(trx, memberId)
  const [first] = await accountsOf(trx, memberId)
  if (first) return first.id
  const { id } = await trx
    .insertInto('accounts')
    .values({ member_id: memberId, name: 'paper', starting_balance: usualBalance.toFixed() })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** The reason why an account was not opened. */
export type OpeningFailure = 'taken' | 'too many'

/**
 * Opens a paper account with a balance in dollars for a member. The member gets a first account, too, if there is none.
 * Concurrent calls never open two with the same name, nor more than `mostAccounts`.
 */
export async function openAccount(
  db: Db,
  { memberId, name, balance }: { memberId: number; name: string; balance: Big },
): Promise<Account | OpeningFailure> {
  return db.transaction().execute(async (trx) => {
    await firstAccount(trx, memberId)
    const before = await accountsOf(trx, memberId)
    if (await isTaken(trx, memberId, name)) return 'taken'
    if (before.length >= mostAccounts) return 'too many'
    const { id } = await trx
      .insertInto('accounts')
      .values({ member_id: memberId, name, starting_balance: balance.toFixed() })
      .returning('id')
      .executeTakeFirstOrThrow()
    // A new account has the same limits as the first one, so a limit that an owner set cannot be avoided.
    await copyLimits(trx, before[0]!.id, id)
    return (await accountsOf(trx, memberId)).at(-1)!
  })
}

/** Has an account of the member the name? Those whose link was taken away keep theirs. */
export async function isTaken(db: Db, memberId: number, name: string): Promise<boolean> {
  const { rows } = await sql`
    select from accounts where member_id = ${memberId} and lower(name) = lower(${name})`.execute(db)
  return rows.length > 0
}

/** Is this the name of the account? Case does not matter, since nobody types capitals. */
export function isNamed(account: Pick<Account, 'name'>, name: string): boolean {
  return account.name.toLowerCase() === name.toLowerCase()
}

/** Sets the account that a member uses in a conversation from now on. */
export async function useAccount(
  db: Db,
  { memberId, conversationId, accountId }: { memberId: number; conversationId: number; accountId: number },
): Promise<void> {
  await db
    .insertInto('conversation_accounts')
    .values({ member_id: memberId, conversation_id: conversationId, account_id: accountId })
    .onConflict((conflict) => conflict.columns(['member_id', 'conversation_id']).doUpdateSet({ account_id: accountId }))
    .execute()
}

/** Sets the account of a thread that was opened for something in that account, unless the member has chosen one there. */
export async function keepAccount(db: Db, accountId: number, conversationId: number): Promise<void> {
  await sql`
    insert into conversation_accounts (member_id, conversation_id, account_id)
    select member_id, ${conversationId}::bigint, id from accounts where id = ${accountId}
    on conflict do nothing`.execute(db)
}

/** Locks the member, so that no account is opened concurrently. */
async function lockMember(trx: Trx, memberId: number): Promise<void> {
  await sql`select from members where id = ${memberId} for no key update`.execute(trx)
}
