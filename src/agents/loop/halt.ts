import type { Trx } from '../../infra/db/client.ts'
import { queueNotice } from '../../trading/events/queue-notice.ts'
import type { AgentNotice } from '../notices.ts'
import type { AgentParts } from '../parts.ts'
import { noteHalt } from '../rows/standing.ts'
import type { Agent } from '../rules/agent.ts'
import type { Reason } from '../rules/checks/state.ts'

/** Halts an agent by a check, and tells its thread. False when it is halted already. */
export async function haltBy(trx: Trx, parts: AgentParts, agent: Agent, by: Reason, at: Date): Promise<boolean> {
  if (!(await noteHalt(trx, agent.id, by, at))) return false
  const to = { conversationId: agent.conversationId, accountId: agent.accountId, at }
  await queueNotice<AgentNotice>(trx, parts, to, { kind: 'agent.halted', agent, by }, 'outbox')
  return true
}
