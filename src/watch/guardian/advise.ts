import { Big } from '../../base/amounts.ts'
import type { Config } from '../../config.ts'
import type { Parts } from '../../trading/parts.ts'
import { advicePrompt } from './advise-prompt.ts'
import { type Advice, adviceOf } from './advise-rules.ts'
import type { Analysis } from './analysis.ts'
import { giveBackCall, spendCall, spendTokens } from './budget.ts'
import { type Answer, ModelBusy, ModelFailed } from './exchange.ts'
import type { Model } from './model.ts'
import { plainReasoning } from './plain-reasoning.ts'

/** The source of advice: the configured model within the account's budget, or the rules. */
export interface Adviser {
  model?: Model
  config: Pick<Config, 'LLM_DAILY_CALLS' | 'LLM_DAILY_TOKENS'>
}

/** A recommendation with its source and reason. It is only shown; the member decides what to do. */
export interface Recommendation {
  advice: Advice
  reasoning: string
  source: 'llm' | 'rules'
  /** The reason why the rules answered instead of the model. */
  fallbackBecause?: string
  /** From 0 to 1. */
  confidence?: Big
}

/** The model's time limit, in milliseconds. It is short because a member waits for the answer. */
const withinMs = 10_000
/** The share of a position that the advice `half` scales out. */
export const half = new Big('0.5')

/** Asks the model. The rules answer when the model gives no valid answer in time. */
export async function recommend(
  parts: Pick<Parts, 'db' | 'clock' | 'log'>,
  adviser: Adviser,
  analysis: Analysis,
): Promise<Recommendation> {
  const { position } = analysis
  const began = performance.now()
  const answer = await ask(parts, adviser, analysis)
  const recommended = typeof answer === 'string' ? byRules(analysis, answer) : answer
  parts.log.info(
    {
      position_id: position.id,
      account_id: position.accountId,
      symbol: position.symbol,
      advice: recommended.advice,
      source: recommended.source,
      fallback_because: recommended.fallbackBecause,
      confidence: recommended.confidence?.toFixed(),
      latency_ms: Math.round(performance.now() - began),
    },
    'advice given',
  )
  return recommended
}

/** The model's recommendation, or the reason why there is none, without a full stop. */
async function ask(
  { db, clock, log }: Pick<Parts, 'db' | 'clock' | 'log'>,
  { model, config }: Adviser,
  analysis: Analysis,
): Promise<Recommendation | string> {
  if (!model) return 'no model is configured'
  const { accountId } = analysis.position
  const most = { calls: config.LLM_DAILY_CALLS, tokens: config.LLM_DAILY_TOKENS }
  if (!(await spendCall(db, accountId, most, clock.now()))) return "the model's budget of the day is used up"
  try {
    const answer = await model.ask(advicePrompt(analysis), withinMs)
    await spendTokens(db, accountId, answer.tokens, clock.now())
    const advice = adviceIn(answer, analysis.trail)
    if (!advice) return 'what the model wanted is none of the three'
    const confidence = new Big(answer.confidence).round(4)
    return { advice, reasoning: plainReasoning(answer.reasoning), source: 'llm', confidence }
  } catch (cause) {
    if (cause instanceof ModelBusy) await giveBackCall(db, accountId, clock.now())
    else if (!(cause instanceof ModelFailed)) throw cause
    log.warn({ position_id: analysis.position.id, because: cause.message }, 'advice goes by the rules')
    return cause.message
  }
}

/** Converts an answer into advice; undefined when its action or amount was not offered. */
function adviceIn({ action, amount }: Pick<Answer, 'action' | 'amount'>, trail: Big): Advice | undefined {
  const isOffered = (share: Big) => amount === null || new Big(amount).minus(share).abs().lt('0.000001')
  switch (action) {
    case 'EXIT':
      return 'exit'
    case 'TRIM':
      return isOffered(half) ? 'half' : undefined
    case 'TRAIL_STOP':
      return isOffered(trail) ? 'trail' : undefined
    case 'HOLD':
      return undefined
  }
}

function byRules({ reasons }: Analysis, fallbackBecause: string): Recommendation {
  const { advice, points } = adviceOf(reasons)
  const out = reasons.reduce((total, reason) => total + Math.max(0, reason.points), 0)
  const reasoning = `Score: exit ${out}, stay ${out - points} (exit needs +3, half +1)`
  return { advice, reasoning, source: 'rules', fallbackBecause }
}
