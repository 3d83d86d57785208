import type { AgentParts } from '../parts.ts'
import { beginPaper } from './begin-paper.ts'
import { carryOut } from './carry-out.ts'
import { decideDay } from './decide-day.ts'

/**
 * Does what an agent has to do now: its backtest, the decision after a day that has ended, the orders that follow. All of it is done once,
 * however often and by however many workers it is asked for. Returns the real milliseconds until something has to be tried again.
 */
export async function runAgent(parts: AgentParts, agentId: number): Promise<{ again?: number }> {
  const begun = await beginPaper(parts, agentId)
  if (begun.again !== undefined) return begun
  await decideDay(parts, agentId)
  return carryOut(parts, agentId)
}
