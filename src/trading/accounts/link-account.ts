import { sql } from 'kysely'
import type { Trx } from '../../infra/db/client.ts'
import type { FoundAccount } from '../../venues/links/linkable.ts'
import { endRequest, lockGiven } from '../access/rows/link-requests.ts'
import type { Parts } from '../parts.ts'
import { type Account, accountsOf, firstAccount, isTaken, mostAccounts } from './rows/accounts.ts'
import { copyLimits } from './rows/limits.ts'

/** The result of a yes to a link. `again`: the account was linked before, and has its positions and its name. */
export type Linked =
  | { outcome: 'linked'; account: Account; isAgain: boolean }
  | { outcome: 'over' | 'elsewhere' | 'too many' }

/**
 * Links the account whose credentials wait in a request, at the word of its member. Credentials move as they are sealed: the
 * process needs no key. An account that the member has already gets the new ones.
 */
export async function linkAccount(
  { db, clock }: Pick<Parts, 'db' | 'clock'>,
  requestId: number,
  memberId: number,
): Promise<Linked> {
  return db.transaction().execute(async (trx): Promise<Linked> => {
    const at = clock.now()
    const first = await firstAccount(trx, memberId)
    const given = await lockGiven(trx, requestId, at)
    if (given?.memberId !== memberId) return { outcome: 'over' }
    const { venue, mode, found } = given
    const { account } = found
    // Two members never link one account, however close together they say yes.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`link ${venue} ${account}`}, 0))`.execute(trx)
    const before = await trx
      .selectFrom('accounts')
      .select(['id', 'member_id', 'mode', 'unlinked_at'])
      .where('venue', '=', venue)
      .where('venue_account', '=', account)
      .orderBy(sql`unlinked_at is null`, 'desc')
      .orderBy('id', 'desc')
      .execute()
    if (before.some((one) => one.unlinked_at === null && one.member_id !== memberId)) {
      await endRequest(trx, requestId, 'refused', at)
      return { outcome: 'elsewhere' }
    }
    const own = before.find((one) => one.member_id === memberId && one.mode === mode)
    if (!own && (await accountsOf(trx, memberId)).length >= mostAccounts) {
      await endRequest(trx, requestId, 'refused', at)
      return { outcome: 'too many' }
    }
    const id = own?.id ?? (await insertAccount(trx, first, memberId, given))
    await trx
      .updateTable('accounts')
      .set({ unlinked_at: null, masked_number: found.maskedNumber })
      .where('id', '=', id)
      .execute()
    const credentials = {
      ...{ kind: given.kind, key_id: given.keyId, wrapped_key: given.wrappedKey, sealed: given.sealed },
      ...{ expires_at: given.expiresAt ?? null, refreshed_at: null, refused_at: null, refused_because: null },
      told_refused_at: null,
    }
    await trx
      .insertInto('venue_credentials')
      .values({ account_id: id, ...credentials })
      .onConflict((conflict) => conflict.column('account_id').doUpdateSet(credentials))
      .execute()
    await keepBalance(trx, id, found, given.at)
    await endRequest(trx, requestId, 'linked', at)
    const linked = (await accountsOf(trx, memberId)).find((one) => one.id === id)!
    return { outcome: 'linked', account: linked, isAgain: own !== undefined }
  })
}

async function insertAccount(
  trx: Trx,
  firstId: number,
  memberId: number,
  { venue, mode, found }: { venue: string; mode: 'paper' | 'live'; found: FoundAccount },
): Promise<number> {
  const { id } = await trx
    .insertInto('accounts')
    .values({
      ...{ member_id: memberId, name: await freeName(trx, memberId, `${venue}-${mode}`), venue, mode },
      ...{ venue_account: found.account, starting_balance: (found.equity ?? found.cash).toFixed() },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await copyLimits(trx, firstId, id)
  return id
}

/** Keeps the balance that the venue told when the credentials were tried, unless a newer one is known. */
async function keepBalance(trx: Trx, accountId: number, found: FoundAccount, at: Date): Promise<void> {
  const { cash, equity, buyingPower, blocked } = found
  const balance = {
    ...{ cash: cash.toFixed(), equity: equity?.toFixed() ?? null, buying_power: buyingPower?.toFixed() ?? null },
    ...{ blocked_because: blocked ?? null, at },
  }
  await trx
    .insertInto('venue_balances')
    .values({ account_id: accountId, ...balance })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(balance).where('venue_balances.at', '<', at))
    .execute()
}

/** `alpaca-paper`, or `alpaca-paper-2` when that is taken. */
async function freeName(trx: Trx, memberId: number, name: string): Promise<string> {
  for (let count = 1; ; count++) {
    const wanted = count === 1 ? name : `${name}-${count}`
    if (!(await isTaken(trx, memberId, wanted))) return wanted
  }
}
