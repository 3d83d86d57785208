import { sql } from 'kysely'
import type { Db } from '../../infra/db/client.ts'

/** The calls and tokens that an account may use in a day. */
export interface Budget {
  calls: number
  tokens: number
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10)

/** Takes one call from an account's daily budget (UTC). False, and takes nothing, when the calls or tokens are used up. */
export async function spendCall(db: Db, accountId: number, budget: Budget, at: Date): Promise<boolean> {
  if (budget.calls < 1) return false
  const { rows } = await sql`
    insert into guardian_budget as b (account_id, day, calls, tokens) values (${accountId}, ${dayOf(at)}, 1, 0)
    on conflict (account_id, day) do update set calls = b.calls + 1
    where b.calls < ${budget.calls} and b.tokens < ${budget.tokens}
    returning b.calls`.execute(db)
  return rows.length === 1
}

/** Adds the tokens of a call to the account's use of the day. */
export async function spendTokens(db: Db, accountId: number, tokens: number, at: Date): Promise<void> {
  await sql`
    update guardian_budget set tokens = tokens + ${tokens}
    where account_id = ${accountId} and day = ${dayOf(at)}`.execute(db)
}

/** Returns a call to the budget, because the model was busy. */
export async function giveBackCall(db: Db, accountId: number, at: Date): Promise<void> {
  await sql`
    update guardian_budget set calls = greatest(calls - 1, 0)
    where account_id = ${accountId} and day = ${dayOf(at)}`.execute(db)
}
