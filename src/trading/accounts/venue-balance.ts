import { sql } from 'kysely'
import { ask, isUnanswered } from '../orders/venue-call.ts'
import type { Parts } from '../parts.ts'

/** A balance that the broker told this many seconds ago is asked for again before an order. */
const freshSeconds = 60
/** The longest wait for the broker, in milliseconds; without an answer the gate refuses what opens. */
const patienceMs = 2000

/**
 * Asks the broker of a linked account for its balance, unless it told it a moment ago, and keeps the answer. Call it before the gate,
 * outside of its transaction: nothing is locked while the broker answers. Accounts of the desk's own need none.
 */
export async function refreshBalance(
  { db, venues, log }: Pick<Parts, 'db' | 'venues' | 'log'>,
  accountId: number,
): Promise<void> {
  if (accountId === 0) return
  const { venue, account } = await venues.of(accountId)
  if (!venue.capabilities.isLinked) return
  const { rows } = await sql`
    select from venue_balances where account_id = ${accountId}
      and at > statement_timestamp() - ${freshSeconds} * interval '1 second'`.execute(db)
  if (rows.length > 0) return
  // What is sent while the broker answers may be missing in its answer, so the answer counts from before.
  const asked = await sql<{ at: Date }>`select statement_timestamp() as at`.execute(db)
  const told = await ask(() => venue.balance(account), { withinMs: patienceMs })
  if (isUnanswered(told)) {
    log.warn({ account_id: accountId, err: told.cause }, 'the broker did not tell the balance')
    return
  }
  const balance = {
    cash: told.cash.toFixed(),
    buying_power: told.buyingPower?.toFixed() ?? null,
    equity: told.equity?.toFixed() ?? null,
    blocked_because: told.blocked ?? null,
    at: asked.rows[0]!.at,
  }
  await db
    .insertInto('venue_balances')
    .values({ account_id: accountId, ...balance })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(balance))
    .execute()
}
