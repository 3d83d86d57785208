import { Big } from '../../base/amounts.ts'
import type { Config } from '../../config.ts'
import { announcePosition } from '../../infra/db/announce.ts'
import type { Db } from '../../infra/db/client.ts'
import type { Place } from '../../talk/chat/place.ts'
import type { Question } from '../../talk/chat/reply.ts'
import { tellUnreadable } from '../../trading/events/tell-unreadable.ts'
import { type Parts, wakeReplies } from '../../trading/parts.ts'
import { lockPosition } from '../../trading/positions/rows/positions.ts'
import { guardianSpeaksFirst, tellingIn } from '../alerts/route.ts'
import { announceInThread, follow } from '../alerts/tell.ts'
import type { WatchParts } from '../parts.ts'
import { giveBackCall, spendCall, spendTokens } from './budget.ts'
import { type AllowedAction, check, NotAllowed } from './check.ts'
import { type Decision, decisionAbout, expireUnasked, insertDecision } from './decisions.ts'
import { ModelBusy, ModelFailed } from './exchange.ts'
import { type Proposal, ruleProposal, trailFor } from './guardian-rules.ts'
import { type GuardianMode, guardianModeOf } from './mode.ts'
import type { Model } from './model.ts'
import { deedOutcome } from './outcome.ts'
import { plainReasoning } from './plain-reasoning.ts'
import { promptOf } from './prompt.ts'
import { type Situation, situationOf, UnreadableEvent } from './situation.ts'
import { speak } from './speak.ts'
import { letTrail } from './trail.ts'

/** A proposal expires after this time, in milliseconds. */
export const expiresAfterMs = 2 * 60_000
/** The guardian ignores events older than this, in milliseconds. */
const oldestMs = 5 * 60_000
/** After this many changes of the position during a judgement, the job fails and is tried later. */
const tries = 3

/** A question of the guardian to a member. It does not replace the pending question of a command. */
export interface BackgroundQuestion {
  place: Place
  memberId: number
  memberName: string
  command: string
  given: Record<string, string>
  text: string
  question: Question
  expiresAt: Date
}

/** The parts that the guardian needs. */
export interface GuardianParts extends WatchParts {
  config: Config
  model?: Model
  put(question: BackgroundQuestion): Promise<void>
  /** Is this question still pending in the conversation? */
  isPut(place: Place, questionId: string): Promise<boolean>
}

/** A proposal with its source. */
interface Verdict {
  proposal: Proposal
  source: 'llm' | 'rules'
  fallbackBecause?: string
  confidence?: Big
  latencyMs: number
}

/**
 * Judges an event of the log once: it asks the model (or the rules, without an answer), saves the decision, and then acts if
 * it may, or asks the member. Returns `againInMs` when the model is busy and the job must run again.
 */
export async function judge(parts: GuardianParts, eventId: number): Promise<{ againInMs?: number }> {
  const decided = await decisionAbout(parts.db, eventId)
  if (decided) {
    await takeUp(parts, decided)
    return {}
  }
  let changed: string | undefined
  for (let tried = 0; tried < tries; tried++) {
    const situation = await situationOf(parts, eventId).catch((cause) => unreadable(parts, cause))
    if (!situation || parts.clock.now().getTime() - situation.event.at.getTime() > oldestMs) return {}
    const { event, conversationId, position } = situation
    const before = await guardianModeOf(parts.db, position.accountId)
    const verdict = before === 'off' || changed ? undefined : await consult(parts, situation)
    if (verdict && 'againInMs' in verdict) return verdict
    // The member may have set another mode while the model thought.
    const mode = verdict && parts.model ? await guardianModeOf(parts.db, position.accountId) : before
    if (mode === 'off') {
      await tellPlainly(parts, { ...event, conversationId, accountId: position.accountId, positionId: position.id })
      return {}
    }
    const decision = await keep(parts, situation, verdict ?? byRules(situation, changed, 0), mode)
    if (decision === 'kept') return {}
    changed = 'the position changed while the guardian thought'
  }
  throw new Error('the position does not stand still')
}

/** Handles an event with unreadable data: the thread gets the plain alert, and the owners are told. */
async function unreadable(parts: GuardianParts, cause: unknown): Promise<undefined> {
  if (!(cause instanceof UnreadableEvent)) throw cause
  await tellPlainly(parts, cause.event)
  await tellUnreadable(parts, cause.event, { done: 'told as it is' })
}

/** Tells the thread of an event without a word of the guardian, if the alert has waited for it. */
async function tellPlainly(parts: GuardianParts, event: UnreadableEvent['event']): Promise<void> {
  if (!guardianSpeaksFirst(parts.config)) return
  const telling = await tellingIn(parts.db, event.id, event.conversationId)
  if (!telling) return
  const alert = { kind: 'event.alerted' as const, event: telling.event, whose: telling.listener.whose }
  const about = { ...event, eventId: event.id }
  const announced = await parts.db
    .transaction()
    .execute((trx) => announceInThread(trx, parts, parts.config, about, alert, parts.clock.now()))
  if (announced) await follow(parts, event.conversationId, announced)
}

/** Asks the model within the budget. The rules answer when the model fails or proposes something that is not allowed. */
async function consult(parts: GuardianParts, situation: Situation): Promise<Verdict | { againInMs: number }> {
  const { model, config, clock, db, log } = parts
  const ids = { event_id: situation.event.id, position_id: situation.position.id, member_id: situation.memberId }
  const began = performance.now()
  const tookMs = () => Math.round(performance.now() - began)
  if (!model) return byRules(situation, 'no model is configured', tookMs())
  const { accountId } = situation.position
  const most = { calls: config.LLM_DAILY_CALLS, tokens: config.LLM_DAILY_TOKENS }
  if (!(await spendCall(db, accountId, most, clock.now()))) {
    return byRules(situation, "the model's budget of the day is used up", tookMs())
  }
  try {
    const answer = await model.ask(promptOf(situation))
    await spendTokens(db, accountId, answer.tokens, clock.now())
    const proposal = {
      action: answer.action,
      amount: needsAmount(answer.action) && answer.amount !== null ? new Big(answer.amount).round(6) : undefined,
      reasoning: plainReasoning(answer.reasoning),
    }
    const allowed = check(proposal, situation.held)
    if (allowed instanceof NotAllowed) {
      log.warn({ ...ids, decision: answer.action, because: allowed.because }, 'the model asked for what it may not do')
      return byRules(situation, `what the model wanted is not allowed, ${allowed.because}`, tookMs())
    }
    return { proposal, source: 'llm', confidence: new Big(answer.confidence).round(4), latencyMs: tookMs() }
  } catch (cause) {
    if (cause instanceof ModelBusy) {
      await giveBackCall(db, accountId, clock.now())
      const againAt = clock.now().getTime() + cause.retryAfterMs
      const inTime = againAt < situation.event.at.getTime() + expiresAfterMs
      if (inTime) return { againInMs: Math.max(cause.retryAfterMs, 50) }
    } else if (!(cause instanceof ModelFailed)) throw cause
    log.warn({ ...ids, because: cause.message, latency_ms: tookMs() }, 'the guardian goes by its rules')
    return byRules(situation, cause.message, tookMs())
  }
}

const needsAmount = (action: Proposal['action']) => action === 'TRIM' || action === 'TRAIL_STOP'

function byRules(situation: Situation, fallbackBecause: string | undefined, latencyMs: number): Verdict {
  const proposal = ruleProposal(situation.judged)
  const allowed = check(proposal, situation.held)
  const held = allowed instanceof NotAllowed && {
    action: 'HOLD' as const,
    reasoning: `${proposal.reasoning}; but ${allowed.because}`,
  }
  return { proposal: held || proposal, source: 'rules', fallbackBecause, latencyMs }
}

/** Saves a decision and its effects in one transaction, so that an event has one decision however often the job runs. */
async function keep(
  parts: GuardianParts,
  situation: Situation,
  verdict: Verdict,
  mode: GuardianMode,
): Promise<'kept' | 'changed'> {
  const { event, position, conversationId, memberId, held } = situation
  const { proposal } = verdict
  const allowed = check(proposal, held)
  const acts = mode === 'auto' && isHarmless(allowed, situation) ? allowed : undefined
  const kept = await parts.db.transaction().execute(async (trx) => {
    const locked = await lockPosition(trx, position.id)
    if (locked.signedQuantity.eq(0)) return 'closed' as const
    if (locked.version !== position.version) return 'changed' as const
    const at = parts.clock.now()
    const decision = await insertDecision(trx, {
      eventId: event.id,
      positionId: position.id,
      accountId: position.accountId,
      memberId,
      conversationId,
      symbol: position.symbol,
      positionVersion: position.version,
      ...proposal,
      confidence: verdict.confidence,
      source: verdict.source,
      fallbackBecause: verdict.fallbackBecause,
      model: parts.model?.name,
      latencyMs: verdict.latencyMs,
      trail: offeredTrail(situation, proposal),
      state: acts ? 'acted' : 'proposed',
      outcome: acts && deedOutcome(acts),
      decidedAt: at,
      expiresAt: new Date(at.getTime() + expiresAfterMs),
    })
    if (!decision) return 'there' as const
    const conversations =
      acts?.action === 'TRAIL_STOP'
        ? await letTrail(
            trx,
            parts,
            locked,
            { memberId, conversationId },
            { ...acts, price: held.price, was: held.stop?.price },
            at,
          )
        : []
    const kind = acts ? ('guardian.acted' as const) : ('guardian.proposed' as const)
    const about = { eventId: event.id, conversationId, accountId: position.accountId }
    const spoken = await speak(trx, parts, parts.config, about, { kind, event, decision }, at)
    if (!acts && !spoken.isOut) await expireUnasked(trx, decision.id, at)
    return { decision, spoken, conversations, asks: !acts && spoken.isOut }
  })
  if (typeof kept === 'string') return kept === 'changed' ? kept : 'kept'
  note(parts, situation, kept.decision)
  if (kept.asks) await putQuestion(parts, kept.decision, situation)
  if (acts?.action === 'TRAIL_STOP') await announcePosition(parts, position.id)
  if (kept.spoken.announced) await follow(parts, conversationId, kept.spoken.announced)
  await wakeReplies(parts, [conversationId, ...kept.conversations])
  return 'kept'
}

type Harmless = Extract<AllowedAction, { action: 'HOLD' | 'TRAIL_STOP' }>

/** Is an action harmless enough to do without asking? Only a hold, or a trail of an existing stop at a fresh price. */
function isHarmless(allowed: AllowedAction | NotAllowed, { protection, quote }: Situation): allowed is Harmless {
  if (allowed instanceof NotAllowed) return false
  return (
    allowed.action === 'HOLD' ||
    (allowed.action === 'TRAIL_STOP' && protection.stop !== undefined && quote !== undefined)
  )
}

/** The proposed trail, else the trail of the rules; undefined when it is not allowed. */
function offeredTrail(situation: Situation, proposal: Proposal): Big | undefined {
  const amount = proposal.action === 'TRAIL_STOP' ? proposal.amount : trailFor(situation.judged)
  const isAllowed = amount && !(check({ action: 'TRAIL_STOP', amount }, situation.held) instanceof NotAllowed)
  return isAllowed ? amount : undefined
}

/** Continues a decision that an earlier run of the job saved: posts the question and wakes the replies again. */
async function takeUp(parts: GuardianParts, decision: Decision): Promise<void> {
  if (decision.state === 'proposed' && decision.expiresAt > parts.clock.now()) await putQuestion(parts, decision)
  await wakeReplies(parts, [decision.conversationId])
}

/**
 * Puts the question of a proposal into Redis, where it waits for its answer. Repeated calls have the same effect as one.
 * Postgres knows whether the question is open, so when Redis is down the sweep puts it there later.
 */
export async function putQuestion(parts: GuardianParts, decision: Decision, to?: Addressee): Promise<void> {
  const { place, memberName } = to ?? (await addresseeOf(parts.db, decision))
  const { memberId, accountId, expiresAt } = decision
  const given = { event: String(decision.eventId) }
  const { text, question } = parts.wording({ kind: 'guardian.asked', decision })
  if (!question) throw new Error('a question of the guardian asks nothing')
  const asked = { memberId, memberName, accountId, command: 'guardian', given, text, question, expiresAt }
  await parts
    .put({ place, ...asked })
    .catch((cause) => parts.log.warn({ err: cause, decision_id: decision.id }, 'a question waits for the sweep'))
}

/** The member who is asked, and the place. */
type Addressee = Pick<Situation, 'place' | 'memberName'>

function addresseeOf(db: Db, { memberId, conversationId }: Decision): Promise<Addressee> {
  return db
    .selectFrom('conversations as c')
    .innerJoin('members as m', (join) => join.on('m.id', '=', memberId))
    .where('c.id', '=', conversationId)
    .select(['c.place', 'm.name as memberName'])
    .executeTakeFirstOrThrow()
}

/** Logs a decision with its ids, action, reason and latency. */
function note(parts: Pick<Parts, 'log'>, { event }: Situation, decision: Decision): void {
  parts.log.info(
    {
      decision_id: decision.id,
      event_id: decision.eventId,
      position_id: decision.positionId,
      account_id: decision.accountId,
      member_id: decision.memberId,
      symbol: decision.symbol,
      event_type: event.type,
      urgency: event.urgency,
      decision: decision.action,
      amount: decision.amount?.toFixed(),
      confidence: decision.confidence?.toFixed(),
      reasoning: decision.reasoning,
      source: decision.source,
      fallback_because: decision.fallbackBecause,
      state: decision.state,
      latency_ms: decision.latencyMs,
    },
    'guardian decided',
  )
}
