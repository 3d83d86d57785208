import { type Selectable, sql } from 'kysely'
import { Big } from '../../base/amounts.ts'
import type { Db, Trx } from '../../infra/db/client.ts'
import type { Database } from '../../infra/db/schema.ts'
import type { Place } from '../../talk/chat/place.ts'
import type { GuardianAction } from './guardian-rules.ts'

/** The guardian's decision about an event. An event has at most one. */
export interface Decision {
  id: number
  eventId: number
  positionId: number
  accountId: number
  memberId: number
  conversationId: number
  symbol: string
  /** The decision holds only for this version of the position. */
  positionVersion: number
  action: GuardianAction
  /** A fraction of 1: the share of the price to trail by, or of the position to trim. */
  amount?: Big
  confidence?: Big
  reasoning: string
  source: 'llm' | 'rules'
  fallbackBecause?: string
  model?: string
  latencyMs: number
  /** The offered trail, as a share of the price. */
  trail?: Big
  state: 'proposed' | 'accepted' | 'declined' | 'expired' | 'acted' | 'refused'
  chosen?: GuardianAction
  outcome?: string
  decidedAt: Date
  expiresAt: Date
}

type New = Omit<Decision, 'id' | 'chosen'>

/** Inserts a decision. Undefined when the event has one already. */
export async function insertDecision(trx: Trx, decision: New): Promise<Decision | undefined> {
  const row = await trx
    .insertInto('guardian_decisions')
    .values({
      event_id: decision.eventId,
      position_id: decision.positionId,
      account_id: decision.accountId,
      member_id: decision.memberId,
      conversation_id: decision.conversationId,
      symbol: decision.symbol,
      position_version: decision.positionVersion,
      action: decision.action,
      amount: decision.amount?.toFixed(),
      confidence: decision.confidence?.toFixed(),
      reasoning: decision.reasoning,
      source: decision.source,
      fallback_because: decision.fallbackBecause,
      model: decision.model,
      latency_ms: decision.latencyMs,
      trail: decision.trail?.toFixed(),
      state: decision.state,
      outcome: decision.outcome,
      decided_at: decision.decidedAt,
      expires_at: decision.expiresAt,
      ended_at: decision.state === 'proposed' ? null : decision.decidedAt,
    })
    .onConflict((conflict) => conflict.column('event_id').doNothing())
    .returningAll()
    .executeTakeFirst()
  return row && toDecision(row)
}

/** The decision about an event. */
export async function decisionAbout(db: Db, eventId: number): Promise<Decision | undefined> {
  const row = await db.selectFrom('guardian_decisions').selectAll().where('event_id', '=', eventId).executeTakeFirst()
  return row && toDecision(row)
}

/** Locks a decision until the transaction ends. The caller locks its position first. */
export async function lockDecision(trx: Trx, id: number): Promise<Decision> {
  const row = await trx
    .selectFrom('guardian_decisions')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return toDecision(row)
}

/** Records a member's choice before it is executed. */
export async function noteChosen(trx: Trx, id: number, chosen: GuardianAction, at: Date): Promise<void> {
  await trx
    .updateTable('guardian_decisions')
    .set({ state: 'accepted', chosen, chosen_at: at })
    .where('id', '=', id)
    .execute()
}

/** Ends a decision that is still proposed or accepted. */
export async function endDecision(
  db: Db,
  id: number,
  end: { state: 'declined' | 'acted' | 'refused'; outcome: string; chosen?: GuardianAction },
  at: Date,
): Promise<void> {
  await db
    .updateTable('guardian_decisions')
    .set({
      state: end.state,
      outcome: end.outcome,
      ended_at: at,
      ...(end.chosen && { chosen: end.chosen, chosen_at: at }),
    })
    .where('id', '=', id)
    .where('state', 'in', ['proposed', 'accepted'])
    .execute()
}

/** Marks unanswered proposals as expired when their time is over. Returns their number. */
export async function expireDecisions(db: Db, at: Date): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('guardian_decisions')
    .set({ state: 'expired', outcome: 'nobody answered', ended_at: at })
    .where('state', '=', 'proposed')
    .where('expires_at', '<=', at)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Marks a proposal as expired at once, because its question was not posted: the conversation is muted or at its limit. */
export async function expireUnasked(trx: Trx, id: number, at: Date): Promise<void> {
  await trx
    .updateTable('guardian_decisions')
    .set({
      state: 'expired',
      outcome: 'nobody was asked: the conversation is muted or heard it in another message',
      ended_at: at,
    })
    .where('id', '=', id)
    .execute()
}

/** Decisions that a member accepted before `before` and that never ended, because the process died. */
export async function cutShort(db: Db, before: Date): Promise<(Decision & { chosenAt: Date })[]> {
  const rows = await db
    .selectFrom('guardian_decisions')
    .selectAll()
    .where('state', '=', 'accepted')
    .where('chosen_at', '<', before)
    .orderBy('id')
    .limit(100)
    .execute()
  return rows.map((row) => ({ ...toDecision(row), chosenAt: row.chosen_at! }))
}

/** Of these events, those whose proposal is answered, or whose position is closed by now. Expired proposals are not among them. */
export async function settledEvents(db: Db, eventIds: number[]): Promise<Set<number>> {
  if (eventIds.length === 0) return new Set()
  const rows = await db
    .selectFrom('guardian_decisions as d')
    .innerJoin('positions as p', 'p.id', 'd.position_id')
    .select('d.event_id')
    .where('d.event_id', '=', sql<number>`any(${eventIds})`)
    .where((eb) => eb.or([eb('d.state', 'not in', ['proposed', 'expired']), eb('p.closed_at', 'is not', null)]))
    .execute()
  return new Set(rows.map((row) => row.event_id))
}

/** An account's proposals about open positions that wait for an answer, for one symbol or all. */
export async function openProposals(db: Db, accountId: number, at: Date, symbol?: string): Promise<Decision[]> {
  let query = db
    .selectFrom('guardian_decisions as d')
    .innerJoin('positions as p', 'p.id', 'd.position_id')
    .selectAll('d')
    .where('d.account_id', '=', accountId)
    .where('d.state', '=', 'proposed')
    .where('d.expires_at', '>', at)
    .where('p.closed_at', 'is', null)
    .orderBy('d.id')
  if (symbol) query = query.where('d.symbol', '=', symbol)
  return (await query.execute()).map(toDecision)
}

/** All proposals that wait for an answer, with the places of their questions. */
export async function waitingProposals(db: Db, at: Date): Promise<(Decision & { place: Place })[]> {
  const rows = await db
    .selectFrom('guardian_decisions as d')
    .innerJoin('conversations as c', 'c.id', 'd.conversation_id')
    .selectAll('d')
    .select('c.place')
    .where('d.state', '=', 'proposed')
    .where('d.expires_at', '>', at)
    .orderBy('d.id')
    .execute()
  return rows.map((row) => ({ ...toDecision(row), place: row.place }))
}

/** An account's last decisions about a symbol with their events, newest first. */
export async function lastDecisions(
  db: Db,
  accountId: number,
  symbol: string,
  count: number,
): Promise<(Decision & { event: { type: string; data: unknown } })[]> {
  const rows = await db
    .selectFrom('guardian_decisions as d')
    .innerJoin('desk_events as e', 'e.id', 'd.event_id')
    .selectAll('d')
    .select(['e.type as event_type', 'e.data as event_data'])
    .where('d.account_id', '=', accountId)
    .where('d.symbol', '=', symbol)
    .orderBy('d.id', 'desc')
    .limit(count)
    .execute()
  return rows.map((row) => ({ ...toDecision(row), event: { type: row.event_type, data: row.event_data } }))
}

/** Decisions about positions of some accounts, the newest first: all, those about a symbol, one by its id, or those before an id. */
export async function listDecisions(
  db: Db,
  accountIds: readonly number[],
  { symbol, id, before, most }: { symbol?: string; id?: number; before?: number; most: number },
): Promise<Decision[]> {
  const rows = await db
    .selectFrom('guardian_decisions')
    .selectAll()
    .where(sql<boolean>`account_id = any(${[...accountIds]}::bigint[])`)
    .$if(symbol !== undefined, (query) => query.where('symbol', '=', symbol!))
    .$if(id !== undefined, (query) => query.where('id', '=', id!))
    .$if(before !== undefined, (query) => query.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
  return rows.map(toDecision)
}

function toDecision(row: Selectable<Database['guardian_decisions']>): Decision {
  const decimal = (text: string | null) => (text === null ? undefined : new Big(text))
  return {
    id: row.id,
    eventId: row.event_id,
    positionId: row.position_id,
    accountId: row.account_id,
    memberId: row.member_id,
    conversationId: row.conversation_id,
    symbol: row.symbol,
    positionVersion: row.position_version,
    action: row.action,
    amount: decimal(row.amount),
    confidence: decimal(row.confidence),
    reasoning: row.reasoning,
    source: row.source,
    fallbackBecause: row.fallback_because ?? undefined,
    model: row.model ?? undefined,
    latencyMs: row.latency_ms,
    trail: decimal(row.trail),
    state: row.state,
    chosen: row.chosen ?? undefined,
    outcome: row.outcome ?? undefined,
    decidedAt: row.decided_at,
    expiresAt: row.expires_at,
  }
}
