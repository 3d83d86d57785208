import { Big, zero } from '../../base/amounts.ts'
import type { RefusalCode } from '../../base/refusal-codes.ts'
import { amountRules } from './checks/amounts.ts'
import { sizeBreaches } from './checks/breaches.ts'
import { fixed, type Look, type Rule } from './checks/check.ts'
import { correlationRule } from './checks/correlation.ts'
import { dataRules } from './checks/data.ts'
import { modelRules } from './checks/model.ts'
import { placeRules } from './checks/place.ts'
import { haltRules, haltsOf, type Reason, reducingRule, reductionsOf, type State } from './checks/state.ts'
import type { AgentOrder, Facts } from './facts.ts'
import type { AgentLimits } from './limits.ts'

/** A check with its result. */
export interface Check extends Look {
  code: RefusalCode
}

/** The result of all checks before an order. */
export interface Checked {
  passes: boolean
  /** Every check, in the order in which they refuse. Of an exit they are for the record: it passes whatever they say. */
  checks: Check[]
  /** The first check that fails; absent when the order passes. */
  refusing?: Check
  /** The largest size that passes all checks together, in whole lots; zero when none does. Of an exit it is what is wanted. */
  largest: Big
  standing: Standing
}

/** The state of an agent, with its reasons. */
export interface Standing {
  state: State
  /** The checks that halt now. A halt lasts until an owner resumes the agent, so it must be kept. */
  halts: Reason[]
  /** What makes the agent only reduce, as long as it lasts. */
  reductions: Reason[]
  /** Positions that are larger than allowed, and must be closed. */
  closes: string[]
}

/** All checks, in the order in which they refuse. */
const rules: readonly Rule[] = [
  ...haltRules,
  ...modelRules.map(({ code, look }) => fixed(code, ({ facts }) => look(facts))),
  reducingRule,
  ...placeRules,
  ...dataRules,
  ...amountRules,
  correlationRule,
]

/** The state of an agent. It is read before every order, and every time that a price moves. */
export function standingOf(facts: Facts, limits: AgentLimits): Standing {
  const halts = haltsOf(facts, limits)
  const reductions = reductionsOf(facts, limits)
  const state = facts.isHalted || halts.length > 0 ? 'HALTED' : reductions.length > 0 ? 'REDUCING' : 'ACTIVE'
  return { state, halts, reductions, closes: sizeBreaches(facts, limits).map(({ of }) => of) }
}

/**
 * The checks before an order of an agent. An exit always passes. An order that opens or adds passes when every check does; otherwise the
 * first that fails gives the code.
 */
export function checksBefore(order: AgentOrder, facts: Facts, limits: AgentLimits): Checked {
  const looks = rules.map(({ code, isSized = false, look }) => ({
    code,
    isSized,
    at: look({ order, facts, limits }),
  }))
  const checks = looks.map(({ code, at }) => ({ code, ...at(order.quantity) }))
  const standing = standingOf(facts, limits)
  if (!order.opens) return { passes: true, checks, largest: order.quantity, standing }
  const refusing = checks.find(({ passes }) => !passes)
  const isOpen = looks.every(({ isSized, at }) => isSized || at(order.lot).passes)
  const fits = (units: Big) => looks.every(({ isSized, at }) => !isSized || at(units).passes)
  const largest = isOpen ? largestOf(order, facts, limits, fits) : zero
  return { passes: refusing === undefined, checks, ...(refusing && { refusing }), largest, standing }
}

/** The most whole lots that fit, found by halving: every check is monotone, and a size is never worth more than its limit. */
function largestOf(
  { price, lot }: AgentOrder,
  { equity }: Facts,
  { size }: AgentLimits,
  fits: (units: Big) => boolean,
): Big {
  let most = size.times(equity).div(price.times(lot)).round(0, Big.roundDown).plus(1)
  let fitting = zero
  while (most.minus(fitting).gt(1)) {
    const middle = fitting.plus(most).div(2).round(0, Big.roundDown)
    if (fits(middle.times(lot))) fitting = middle
    else most = middle
  }
  return fitting.times(lot)
}
