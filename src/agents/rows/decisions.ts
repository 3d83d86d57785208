import { type Selectable, sql } from 'kysely'
import { Big } from '../../base/amounts.ts'
import type { DecisionState } from '../../infra/db/agent-tables.ts'
import type { Db, Trx } from '../../infra/db/client.ts'
import type { Database } from '../../infra/db/schema.ts'
import type { AgentWish, Decision, DecisionCheck, DecisionPrices, EntryChecked, Plan } from '../rules/agent.ts'
import { entryIn, entryJson } from './kept-checks.ts'

const openStates: DecisionState[] = ['wanted', 'placing']
const isOpen = sql<boolean>`state in ('wanted', 'placing')`

/** Keeps decisions of a locked agent. */
export async function keepDecisions(trx: Trx, agentId: number, decisions: readonly Decision[]): Promise<void> {
  if (decisions.length === 0) return
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value))
  const rows = decisions.map((one) => ({
    ...{ agent_id: agentId, day: one.day, symbol: one.symbol, state: one.state, code: one.code, because: one.because },
    ...{ wishes: json(one.wishes), plan: json(one.plan), prices: json(one.prices) },
    ...{ quantity: one.quantity.toFixed(), equity: one.equity.toFixed(), close: one.close?.toFixed() },
    ...{ numbers: JSON.stringify(one.numbers), checks: JSON.stringify(one.checks) },
    ...{ features_hash: one.featuresHash, model_hash: one.modelHash, decided_at: one.decidedAt },
    ended_at: openStates.includes(one.state) ? null : one.decidedAt,
  }))
  await trx.insertInto('agent_decisions').values(rows).execute()
}

/** Refuses what an agent wanted after earlier days, and of which no order was begun. */
export async function refuseLate(trx: Trx, agentId: number, day: string, at: Date): Promise<void> {
  const late = { code: 'DAY_OVER', because: 'The next day had ended before it could be carried out' }
  await trx
    .updateTable('agent_decisions')
    .set({ state: 'rejected', ...late, ended_at: at })
    .where('agent_id', '=', agentId)
    .where('day', '<', day)
    .where('state', '=', 'wanted')
    .execute()
}

/** The decisions of an agent about a symbol, the oldest first. */
export async function decisionsAbout(db: Db, agentId: number, symbol: string): Promise<Decision[]> {
  const rows = await decisions(db, agentId).where('symbol', '=', symbol).orderBy('day').execute()
  return rows.map(toDecision)
}

/** The last decisions of an agent, the newest first; without the days on which nothing was wished, if so asked. */
export async function lastDecisions(db: Db, agentId: number, most: number, isOfNote = false): Promise<Decision[]> {
  let query = decisions(db, agentId).orderBy('day', 'desc').orderBy('symbol').limit(most)
  if (isOfNote) query = query.where('state', 'not in', ['none', 'missed'])
  return (await query.execute()).map(toDecision)
}

/** The decisions that are not carried out yet, in their order. */
export async function openDecisions(db: Db, agentId: number): Promise<Decision[]> {
  const rows = await decisions(db, agentId).where(isOpen).orderBy('day').orderBy('symbol').execute()
  return rows.map(toDecision)
}

/** The agents with decisions that are not carried out. */
export async function agentsWithOpen(db: Db): Promise<Set<number>> {
  const rows = await db.selectFrom('agent_decisions').select('agent_id').distinct().where(isOpen).execute()
  return new Set(rows.map(({ agent_id }) => agent_id))
}

/** Says that the order of a decision is being written. False when it is not wanted any more, or has ended. */
export async function beginPlacing(db: Db, agentId: number, { day, symbol }: Decision): Promise<boolean> {
  const row = await oneOf(db, agentId, { day, symbol })
    .set({ state: 'placing' })
    .where(isOpen)
    .returning('day')
    .executeTakeFirst()
  return row !== undefined
}

/** Lets a decision wait: nothing was ordered, because nothing can be now. */
export async function waitAgain(db: Db, agentId: number, { day, symbol }: Decision): Promise<void> {
  await oneOf(db, agentId, { day, symbol }).set({ state: 'wanted' }).where('state', '=', 'placing').execute()
}

/** Keeps an entry as its checks left it, in the transaction that writes its order. */
export async function keepEntry(trx: Trx, agentId: number, decision: Decision, entry: EntryChecked): Promise<void> {
  await oneOf(trx, agentId, decision)
    .set({ entry: entryJson(entry) })
    .execute()
}

/** The entry of a decision as its checks left it; undefined where none came so far. */
export async function entryOf(
  db: Db,
  agentId: number,
  { day, symbol }: Pick<Decision, 'day' | 'symbol'>,
): Promise<EntryChecked | undefined> {
  const row = await decisions(db, agentId).where('day', '=', day).where('symbol', '=', symbol).executeTakeFirst()
  return row && row.entry !== null ? entryIn(row.entry) : undefined
}

/** How a decision ended. */
export interface Ended {
  state: 'taken' | 'rejected' | 'none'
  code?: string
  because?: string
  checks: DecisionCheck[]
  prices?: DecisionPrices
}

/**
 * Ends a decision, once. An order that exists counts, even when another process has taken the decision for too late meanwhile.
 */
export async function endDecision(
  trx: Trx,
  agentId: number,
  { day, symbol }: Decision,
  { state, code, because, checks, prices }: Ended,
  at: Date,
): Promise<boolean> {
  const ends: DecisionState[] = state === 'taken' ? [...openStates, 'rejected'] : openStates
  const row = await oneOf(trx, agentId, { day, symbol })
    .set({
      ...{ state, code: code ?? null, because: because ?? null, ended_at: at },
      checks: JSON.stringify(checks),
      ...(prices && { prices: JSON.stringify(prices) }),
    })
    .where(sql<boolean>`state = any(${ends}::text[])`)
    .returning('day')
    .executeTakeFirst()
  return row !== undefined
}

const decisions = (db: Db, agentId: number) =>
  db.selectFrom('agent_decisions').selectAll().where('agent_id', '=', agentId)

const oneOf = (db: Db, agentId: number, { day, symbol }: Pick<Decision, 'day' | 'symbol'>) =>
  db.updateTable('agent_decisions').where('agent_id', '=', agentId).where('day', '=', day).where('symbol', '=', symbol)

function toDecision(row: Selectable<Database['agent_decisions']>): Decision {
  return {
    ...{ day: row.day, symbol: row.symbol, state: row.state },
    ...(row.code !== null && { code: row.code }),
    ...(row.because !== null && { because: row.because }),
    ...(row.wishes !== null && { wishes: row.wishes as AgentWish[] }),
    ...(row.plan !== null && { plan: row.plan as Plan }),
    ...{ quantity: new Big(row.quantity), equity: new Big(row.equity) },
    ...(row.close !== null && { close: new Big(row.close) }),
    numbers: row.numbers as Decision['numbers'],
    ...(row.features_hash !== null && { featuresHash: row.features_hash }),
    ...(row.model_hash !== null && { modelHash: row.model_hash }),
    checks: row.checks as DecisionCheck[],
    ...(row.entry !== null && { entry: entryIn(row.entry) }),
    ...(row.prices !== null && { prices: row.prices as DecisionPrices }),
    decidedAt: row.decided_at,
  }
}
