import { sql } from 'kysely'
import { Big } from '../../base/amounts.ts'
import type { Db, Trx } from '../../infra/db/client.ts'
import { orderPrefixOf } from '../rules/agent.ts'
import type { Reason } from '../rules/checks/state.ts'
import { checkJson } from './kept-checks.ts'

/** The equity from which the losses of an agent count; dollars. */
export interface Bases {
  peak: Big
  opening: Big
  brought: Big
}

/** Notes the equity from which the losses of an agent count. */
export async function noteBases(trx: Trx, id: number, { peak, opening, brought }: Bases): Promise<void> {
  const set = { peak: peak.toFixed(), opening: opening.toFixed(), brought: brought.toFixed() }
  await trx.updateTable('agents').set(set).where('id', '=', id).execute()
}

/** Halts an agent by a check. False when it is halted already. */
export async function noteHalt(trx: Trx, id: number, by: Reason, at: Date): Promise<boolean> {
  const row = await trx
    .updateTable('agents')
    .set({ halted_at: at, halted_by: checkJson(by), changed_at: at })
    .where('id', '=', id)
    .where('halted_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Ends the halt of a locked agent: its losses count from these, and no failure counts any more. */
export async function endHalt(trx: Trx, id: number, bases: Bases, at: Date): Promise<void> {
  await trx
    .updateTable('agents')
    .set({ halted_at: null, halted_by: null, failures: 0, changed_at: at })
    .where('id', '=', id)
    .execute()
  await noteBases(trx, id, bases)
}

/**
 * Notes that the market did not answer. Workers look on their own, and two looks within so many milliseconds are one. Returns the failures
 * in a row.
 */
export async function noteFailure(trx: Trx, id: number, at: Date, withinMs: number): Promise<number> {
  const since = new Date(at.getTime() - withinMs)
  const row = await trx
    .updateTable('agents')
    .set({ failures: sql`failures + 1`, failed_at: at })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('failed_at', 'is', null), eb('failed_at', '<=', since)]))
    .returning('failures')
    .executeTakeFirst()
  return row?.failures ?? 0
}

/** Notes that the market answers. */
export async function noteAnswer(db: Db, id: number): Promise<void> {
  await db.updateTable('agents').set({ failures: 0 }).where('id', '=', id).where('failures', '>', 0).execute()
}

/** The P&L that recorded positions have brought into an account so far, in dollars: it is neither profit nor loss. */
export async function broughtInto(db: Db, accountId: number): Promise<Big> {
  const row = await db
    .selectFrom('day_equity')
    .where('account_id', '=', accountId)
    .select((eb) => eb.fn.sum<string | null>('brought').as('brought'))
    .executeTakeFirstOrThrow()
  return new Big(row.brought ?? 0)
}

/** The entries of an agent that are ordered after the close of a day, and the moment of its last entry ever. */
export async function tradesOf(db: Db, agentId: number, day: string): Promise<{ today: number; last?: Date }> {
  const { rows } = await sql<{ today: number; last: Date | null }>`
    select count(*) filter (where client_order_id like ${`${orderPrefixOf(agentId)}${day}-%`})::int as today,
      max(created_at) as last
    from orders
    where client_order_id like 'agent-%' and client_order_id like ${`${orderPrefixOf(agentId)}%`} and purpose = 'open'`.execute(
    db,
  )
  const { today, last } = rows[0]!
  return { today, ...(last && { last }) }
}
