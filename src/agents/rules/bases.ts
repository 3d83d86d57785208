import type { Big } from '../../base/amounts.ts'
import type { Agent } from './agent.ts'
import type { HaltFacts } from './checks/state.ts'

/** The account of an agent at a moment; dollars. */
export interface Present {
  equity: Big
  /** Dollars that recorded positions have brought into it so far. */
  brought: Big
}

/**
 * The facts of losses. The peak is the highest equity that was noted, and what was brought into the account since then lifts it: it is no
 * profit. Before the first close nothing is lost.
 */
export function lossFacts(
  {
    peak,
    opening,
    brought: before,
    failures,
  }: Pick<Agent, 'peak' | 'brought' | 'failures'> & { opening?: Big | undefined },
  { equity, brought }: Present,
): HaltFacts {
  const flows = brought.minus(before ?? brought)
  const lifted = (peak ?? equity).plus(flows)
  return {
    ...{ equity, openingEquity: opening ?? equity.minus(flows), flows },
    ...{ peak: lifted.gt(equity) ? lifted : equity, failures },
  }
}
