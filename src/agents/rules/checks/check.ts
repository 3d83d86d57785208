import { Big } from '../../../base/amounts.ts'
import type { RefusalCode } from '../../../base/refusal-codes.ts'
import type { AgentOrder, Facts } from '../facts.ts'
import type { AgentLimits, Unit } from '../limits.ts'

/** All that a check is about. */
export interface Case {
  order: AgentOrder
  facts: Facts
  limits: AgentLimits
}

/** The result of a check. */
export interface Look {
  passes: boolean
  /** The figure with the order; absent when it is not known. */
  figure?: Big
  limit?: Big
  unit?: Unit
  /** The thing that the figure is of, as a person says it: `Technology`, `AAPL and MSFT`. */
  of?: string
  /** The check behind AGENT_REDUCING. */
  because?: RefusalCode
}

/**
 * A check before an order that opens or adds. `look` reads the case once, and gives the result for any number of units. It is monotone: when
 * a number of units passes, every smaller one does.
 */
export interface Rule {
  code: RefusalCode
  /** The result depends on how many units are wanted. */
  isSized?: boolean
  look(of: Case): (units: Big) => Look
}

/** A rule whose result is the same for any number of units. */
export function fixed(code: RefusalCode, look: (of: Case) => Look): Rule {
  return {
    code,
    look: (of) => {
      const result = look(of)
      return () => result
    },
  }
}

/**
 * Compares a number that is not money with a limit. Infinity and NaN stand for what nobody knows, and fail: they must not throw either, since
 * the checks are also read of exits, and an exit waits for nobody.
 */
export function compared(figure: number, limit: Big, unit: Unit, passes: (figure: Big) => boolean, of?: string): Look {
  const more = { limit, unit, ...(of !== undefined && { of }) }
  if (!Number.isFinite(figure)) return { passes: false, ...more }
  const known = new Big(figure)
  return { passes: passes(known), figure: known, ...more }
}
