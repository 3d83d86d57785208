import { Big } from '../../../base/amounts.ts'
import type { RefusalCode } from '../../../base/refusal-codes.ts'
import type { Facts } from '../facts.ts'
import type { AgentLimits } from '../limits.ts'
import { bookBreaches, sizeBreaches } from './breaches.ts'
import { compared, fixed, type Look, type Rule } from './check.ts'
import { modelRules } from './model.ts'

/**
 * The state of an agent. ACTIVE trades. REDUCING only exits, and ends with its reason. HALTED only exits, until an owner resumes it.
 */
export type State = 'ACTIVE' | 'REDUCING' | 'HALTED'

/** A reason for a state: the check, with its figure. */
export interface Reason extends Look {
  code: RefusalCode
}

/** The share of a halting limit from which an agent only reduces. */
const reducesFrom = new Big('0.75')

/** The facts by which an agent is halted. */
export type HaltFacts = Pick<Facts, 'equity' | 'openingEquity' | 'flows' | 'peak' | 'failures'>

/** The loss since the open, as a share of the equity then; money that was put in or taken out is no profit and no loss. */
export function dayLossLook({ facts, limits }: { facts: HaltFacts; limits: AgentLimits }): Look {
  const { equity, openingEquity, flows } = facts
  if (openingEquity.lte(0)) return { passes: false, limit: limits.dayLoss, unit: 'share' }
  const loss = openingEquity.plus(flows).minus(equity)
  return {
    passes: loss.lt(limits.dayLoss.times(openingEquity)),
    figure: loss.div(openingEquity),
    ...{ limit: limits.dayLoss, unit: 'share' },
  }
}

/** The fall from the highest equity, as a share of that. */
export function drawdownLook({ facts, limits }: { facts: HaltFacts; limits: AgentLimits }): Look {
  const { equity, peak } = facts
  if (peak.lte(0)) return { passes: false, limit: limits.drawdown, unit: 'share' }
  const fall = peak.minus(equity)
  return {
    passes: fall.lt(limits.drawdown.times(peak)),
    figure: fall.div(peak),
    ...{ limit: limits.drawdown, unit: 'share' },
  }
}

/** The failures of a service in a row. */
export function failuresLook({
  facts,
  limits: { failures },
}: {
  facts: Pick<HaltFacts, 'failures'>
  limits: AgentLimits
}): Look {
  return compared(facts.failures, failures, 'plain', (figure) => figure.lt(failures))
}

const halting = [
  { code: 'DAY_LOSS', look: dayLossLook },
  { code: 'DRAWDOWN', look: drawdownLook },
  { code: 'API_FAILING', look: failuresLook },
] as const

/** Everything that halts an agent now; none when nothing does. */
export function haltsOf(facts: HaltFacts, limits: AgentLimits): Reason[] {
  return halting.map(({ code, look }) => ({ code, ...look({ facts, limits }) })).filter(({ passes }) => !passes)
}

/**
 * Everything for which an agent only reduces: three quarters of a limit that halts, a failure short of those that halt, a limit that
 * what is open exceeds by a quarter, and a model that is not fit.
 */
export function reductionsOf(facts: Facts, limits: AgentLimits): Reason[] {
  const near = {
    ...limits,
    dayLoss: limits.dayLoss.times(reducesFrom),
    drawdown: limits.drawdown.times(reducesFrom),
    failures: limits.failures.gt(1) ? limits.failures.minus(1) : limits.failures,
  }
  return [
    ...haltsOf(facts, near),
    ...sizeBreaches(facts, limits),
    ...bookBreaches(facts, limits),
    ...modelRules.map(({ code, look }) => ({ code, ...look(facts) })).filter(({ passes }) => !passes),
  ]
}

/** The rules by which an agent that is halted opens nothing. */
export const haltRules: readonly Rule[] = [
  fixed('AGENT_HALTED', ({ facts }) => ({ passes: !facts.isHalted })),
  ...halting.map(({ code, look }) => fixed(code, look)),
]

/** The rule by which an agent that only reduces opens nothing. */
export const reducingRule: Rule = fixed('AGENT_REDUCING', ({ facts, limits }) => {
  const [first] = reductionsOf(facts, limits)
  if (!first) return { passes: true }
  const { code: because, ...look } = first
  return { ...look, because }
})
