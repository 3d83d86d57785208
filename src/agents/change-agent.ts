import { Refusal } from '../base/refusal.ts'
import { openPositions, type Position } from '../trading/positions/rows/positions.ts'
import type { AgentParts } from './parts.ts'
import { changeState, lockAgent } from './rows/agents.ts'
import type { Agent } from './rules/agent.ts'

export type AgentChange = 'pause' | 'resume' | 'stop'

/** The changed agent; `isNew` is false when the agent was so before. */
export interface ChangedAgent {
  agent: Agent
  isNew: boolean
  /** Its account's open positions in its symbols, which stay. */
  open: Position[]
}

/** Pauses an agent, resumes it, or stops it for good. Refused with `AGENT_STOPPED` when a stopped one should go on. */
export async function changeAgent(parts: AgentParts, id: number, change: AgentChange): Promise<ChangedAgent | Refusal> {
  return parts.db.transaction().execute(async (trx) => {
    const agent = (await lockAgent(trx, id))!
    const at = parts.clock.now()
    const isStopped = agent.state === 'stopped'
    if (isStopped && change !== 'stop')
      return new Refusal('AGENT_STOPPED', `Agent ${id} was stopped, and does not go on.`, '`agent new` makes another')
    const isNew = change === 'stop' ? !isStopped : (agent.pausedAt !== undefined) !== (change === 'pause')
    if (isNew)
      await changeState(
        trx,
        id,
        change === 'stop' ? { stopped: true } : { pausedAt: change === 'pause' ? at : null },
        at,
      )
    const open = (await openPositions(trx, agent.accountId)).filter(({ symbol }) => agent.symbols.includes(symbol))
    return { agent: (await lockAgent(trx, id))!, isNew, open }
  })
}
