import { sql } from 'kysely'
import type { Db } from '../../infra/db/client.ts'

/** What an account may spend on the model in a day. */
export interface Budget {
  calls: number
  tokens: number
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10)

/** Takes one call off an account's budget of the day (UTC). False when calls or tokens are used up: nothing is taken then. */
export async function spendCall(db: Db, accountId: number, budget: Budget, at: Date): Promise<boolean> {
  if (budget.calls < 1) return false
  const { rows } = await sql`
    insert into guardian_budget as b (account_id, day, calls, tokens) values (${accountId}, ${dayOf(at)}, 1, 0)
    on conflict (account_id, day) do update set calls = b.calls + 1
    where b.calls < ${budget.calls} and b.tokens < ${budget.tokens}
    returning b.calls`.execute(db)
  return rows.length === 1
}

/** Notes the tokens that a call took. */
export async function spendTokens(db: Db, accountId: number, tokens: number, at: Date): Promise<void> {
  await sql`
    update guardian_budget set tokens = tokens + ${tokens}
    where account_id = ${accountId} and day = ${dayOf(at)}`.execute(db)
}

/** Gives a call back that the model did not take. */
export async function giveBackCall(db: Db, accountId: number, at: Date): Promise<void> {
  await sql`
    update guardian_budget set calls = greatest(calls - 1, 0)
    where account_id = ${accountId} and day = ${dayOf(at)}`.execute(db)
}
