import type { AgentParts } from '../parts.ts'

/** Puts the work of an agent on the clock. Call it after commit; when Redis is away, the sweep does it later. */
export async function announceAgent(
  parts: Pick<AgentParts, 'queues' | 'log'>,
  agentId: number,
  bar: string,
): Promise<void> {
  try {
    await parts.queues.agent(agentId, bar)
  } catch (cause) {
    parts.log.warn({ err: cause, agent: agentId }, 'an agent could not be put on the clock; the sweep will')
  }
}
