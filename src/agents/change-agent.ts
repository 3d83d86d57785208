import { Refusal } from '../base/refusal.ts'
import { worthOf } from '../trading/accounts/worth.ts'
import { openPositions, type Position } from '../trading/positions/rows/positions.ts'
import type { AgentParts } from './parts.ts'
import { agentById, changeState, lockAgent } from './rows/agents.ts'
import { broughtInto, endHalt } from './rows/standing.ts'
import type { Agent } from './rules/agent.ts'

export type AgentChange = 'pause' | 'resume' | 'stop'

/** The changed agent; `isNew` is false when the agent was so before. */
export interface ChangedAgent {
  agent: Agent
  isNew: boolean
  /** Its account's open positions in its symbols, which stay. */
  open: Position[]
}

/**
 * Pauses an agent, resumes it, or stops it for good. A halt ends with `resume`, and only owners end one: then the loss of the day and the fall
 * from the peak count from the equity of now. Refused with `AGENT_STOPPED` when a stopped one should go on, and `AGENT_HALTED` for others
 * than owners.
 */
export async function changeAgent(
  parts: AgentParts,
  id: number,
  change: AgentChange,
  isOwner: boolean,
): Promise<ChangedAgent | Refusal> {
  const before = await agentById(parts.db, id)
  const worth = change === 'resume' && before?.halt ? await worthOf(parts, before.accountId) : undefined
  return parts.db.transaction().execute(async (trx) => {
    const agent = (await lockAgent(trx, id))!
    const at = parts.clock.now()
    const isStopped = agent.state === 'stopped'
    if (isStopped && change !== 'stop')
      return new Refusal('AGENT_STOPPED', `Agent ${id} was stopped, and does not go on.`, '`agent new` makes another')
    const endsHalt = change === 'resume' && agent.halt !== undefined
    if (endsHalt && !isOwner)
      return new Refusal(
        'AGENT_HALTED',
        `Agent ${id} is halted, and only an owner of the desk resumes it. Nothing was done.`,
        `Ask an owner for \`agent ${id} resume\``,
      )
    if (endsHalt && worth) {
      const { equity } = worth
      await endHalt(trx, id, { peak: equity, opening: equity, brought: await broughtInto(trx, agent.accountId) }, at)
    }
    const isNew =
      (endsHalt && worth !== undefined) ||
      (change === 'stop' ? !isStopped : (agent.pausedAt !== undefined) !== (change === 'pause'))
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
