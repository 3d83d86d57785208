import type { Selectable } from 'kysely'
import pg from 'pg'
import { Big } from '../../base/amounts.ts'
import type { Db, Trx } from '../../infra/db/client.ts'
import type { Database } from '../../infra/db/schema.ts'
import type { Agent, AgentBacktest } from '../rules/agent.ts'
import type { Reason } from '../rules/checks/state.ts'
import { checkIn } from './kept-checks.ts'

/** An agent that is made. */
export type NewAgent = Pick<
  Agent,
  'memberId' | 'accountId' | 'conversationId' | 'name' | 'strategy' | 'parameters' | 'symbols' | 'size'
> & { requestId: string }

/** Saves an agent. Its account is locked by the caller. Throws when the name is taken (`isNameTaken`). */
export async function insertAgent(trx: Trx, made: NewAgent, at: Date): Promise<Agent> {
  const row = await trx
    .insertInto('agents')
    .values({
      ...{ member_id: made.memberId, account_id: made.accountId, conversation_id: made.conversationId },
      ...{ request_id: made.requestId, name: made.name, strategy: made.strategy, symbols: made.symbols },
      ...{ parameters: JSON.stringify(made.parameters), size: made.size.toFixed(), made_at: at, changed_at: at },
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return toAgent(row)
}

/** Did an insert fail because the member has an agent of this name at work? */
export function isNameTaken(cause: unknown): boolean {
  return cause instanceof pg.DatabaseError && cause.code === '23505' && cause.constraint === 'agents_names'
}

/** The agent that a message made; undefined when it made none. */
export async function agentOfRequest(db: Db, requestId: string): Promise<Agent | undefined> {
  const row = await db.selectFrom('agents').selectAll().where('request_id', '=', requestId).executeTakeFirst()
  return row && toAgent(row)
}

/** An agent by its number. */
export async function agentById(db: Db, id: number): Promise<Agent | undefined> {
  const row = await db.selectFrom('agents').selectAll().where('id', '=', id).executeTakeFirst()
  return row && toAgent(row)
}

/** The same, locked until the transaction ends. */
export async function lockAgent(trx: Trx, id: number): Promise<Agent | undefined> {
  const row = await trx.selectFrom('agents').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row && toAgent(row)
}

/** The agents of a member, those at work first, the newest of each first. */
export async function agentsOf(db: Db, memberId: number): Promise<Agent[]> {
  const rows = await db
    .selectFrom('agents')
    .selectAll()
    .where('member_id', '=', memberId)
    .orderBy((eb) => eb('state', '=', 'stopped'))
    .orderBy('id', 'desc')
    .execute()
  return rows.map(toAgent)
}

/** All agents at work, by number; those of one account, if given. */
export async function agentsAtWork(db: Db, accountId?: number): Promise<Agent[]> {
  let query = db.selectFrom('agents').selectAll().where('state', '<>', 'stopped').orderBy('id')
  if (accountId !== undefined) query = query.where('account_id', '=', accountId)
  return (await query.execute()).map(toAgent)
}

/** Notes why the backtest of an agent could not be played yet. Returns whether that is news. */
export async function noteWaits(trx: Trx, id: number, because: string, at: Date): Promise<boolean> {
  const row = await trx
    .updateTable('agents')
    .set({ because, changed_at: at })
    .where('id', '=', id)
    .where('state', '=', 'backtest')
    .where((eb) => eb.or([eb('because', 'is', null), eb('because', '<>', because)]))
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Begins with paper after a day. Returns false when it did before, or was stopped. */
export async function beginPaper(
  trx: Trx,
  id: number,
  { backtest, lastDay }: { backtest: AgentBacktest; lastDay: string },
  at: Date,
): Promise<boolean> {
  const row = await trx
    .updateTable('agents')
    .set({ state: 'paper', backtest: JSON.stringify(backtest), last_day: lastDay, because: null, changed_at: at })
    .where('id', '=', id)
    .where('state', '=', 'backtest')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Notes the last day that a locked agent has decided after or missed. */
export async function noteDay(trx: Trx, id: number, day: string): Promise<void> {
  await trx.updateTable('agents').set({ last_day: day }).where('id', '=', id).execute()
}

/** Pauses a locked agent, resumes it, or stops it for good. */
export async function changeState(
  trx: Trx,
  id: number,
  change: { pausedAt: Date | null } | { stopped: true },
  at: Date,
): Promise<void> {
  const set = 'stopped' in change ? { state: 'stopped' as const } : { paused_at: change.pausedAt }
  await trx
    .updateTable('agents')
    .set({ ...set, changed_at: at })
    .where('id', '=', id)
    .execute()
}

function toAgent(row: Selectable<Database['agents']>): Agent {
  return {
    ...{ id: row.id, memberId: row.member_id, accountId: row.account_id, conversationId: row.conversation_id },
    ...{ name: row.name, strategy: row.strategy, symbols: row.symbols, size: new Big(row.size), state: row.state },
    parameters: row.parameters as Agent['parameters'],
    ...(row.paused_at && { pausedAt: row.paused_at }),
    ...(row.because !== null && { because: row.because }),
    ...(row.backtest !== null && { backtest: row.backtest as AgentBacktest }),
    ...(row.last_day !== null && { lastDay: row.last_day }),
    ...(row.halted_at && { halt: { at: row.halted_at, by: checkIn<Reason>(row.halted_by) } }),
    ...(row.peak !== null && { peak: new Big(row.peak) }),
    ...(row.opening !== null && { opening: new Big(row.opening) }),
    ...(row.brought !== null && { brought: new Big(row.brought) }),
    failures: row.failures,
    madeAt: row.made_at,
  }
}
