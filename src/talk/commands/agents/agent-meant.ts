import { agentById, agentsOf } from '../../../agents/rows/agents.ts'
import type { Agent } from '../../../agents/rules/agent.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Hearing } from '../command.ts'

/** The agents that the speaker may see: a program sees those of its one account. */
export async function agentsSeen({ parts, speaker, byProgram }: Hearing): Promise<Agent[]> {
  const own = await agentsOf(parts.db, speaker.memberId)
  return byProgram ? own.filter(({ accountId }) => accountId === speaker.accountId) : own
}

/** Does an owner of the desk speak, and no program of one? */
export const isOwner = ({ speaker, byProgram }: Hearing): boolean => speaker.role === 'owner' && !byProgram

/** The speaker's agent of a number; a refusal when it is none of theirs. Owners may mean one of somebody else that is halted. */
export async function agentMeant(hearing: Hearing, number: number, isHalted = false): Promise<Agent | Refusal> {
  const { parts, speaker, byProgram } = hearing
  const agent = await agentById(parts.db, number)
  const isOwn = agent?.memberId === speaker.memberId && (!byProgram || agent.accountId === speaker.accountId)
  const isSeen = isOwn || (isHalted && agent?.halt !== undefined && isOwner(hearing))
  return agent && isSeen
    ? agent
    : new Refusal('NO_SUCH_AGENT', `You have no agent ${number}. Nothing was done.`, '`agents` lists yours')
}

/** The refusal of words behind a command about an agent. */
export function whichAgent(said: string, example: string): Refusal {
  const sentence = said === '' ? 'It was not said which agent.' : `I did not understand "${said.slice(0, 60)}".`
  return new Refusal(
    'NOT_UNDERSTOOD',
    `${sentence} Nothing was done.`,
    `For example \`${example}\`; \`agents\` says the numbers`,
  )
}
