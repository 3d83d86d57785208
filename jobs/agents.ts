import { DelayedError } from 'bullmq'
import { lookAfterAgents, nothingLooked } from '../src/agents/loop/look.ts'
import { runAgent } from '../src/agents/loop/run-agent.ts'
import type { AgentParts } from '../src/agents/parts.ts'
import { agentJob, queueNames } from '../src/infra/queue/queues.ts'
import type { RedisConnection } from '../src/infra/queue/redis.ts'
import { closeWorker, type ProcessorOptions, readJob, startProcessor } from './processor.ts'

/** Bounds of the wait between two looks for days that have ended, in real milliseconds: bars of a recording may be short. */
const [soonest, latest] = [100, 2000]

/** Lets agents do what they have to, and looks for days that have ended. The sweep finds what Redis has lost. */
export function startAgents(
  parts: AgentParts,
  connection: RedisConnection,
  options: ProcessorOptions,
): { close(): Promise<void> } {
  const worker = startProcessor(parts, connection, queueNames.agents, options, async (job, token) => {
    const { again } = await runAgent(parts, readJob(agentJob, job.data).agentId)
    if (again === undefined) return
    await job.moveToDelayed(Date.now() + Math.ceil(again), token)
    throw new DelayedError()
  })
  const looked = nothingLooked()
  let looking: Promise<void> | undefined
  const look = () => {
    looking ??= lookAfterAgents(parts, looked)
      .catch((cause) => parts.log.warn({ err: cause }, 'agents were not looked after'))
      .finally(() => {
        looking = undefined
      })
  }
  const timer = setInterval(look, everyMs(parts))
  look()
  return {
    async close() {
      clearInterval(timer)
      await looking
      await closeWorker(worker)
    },
  }
}

/** An eighth of a recorded bar, so that orders follow soon after its close. */
function everyMs({ market, clock }: AgentParts): number {
  const minutes = market.replays?.()[0]?.minutes ?? Number.POSITIVE_INFINITY
  return Math.min(latest, Math.max(soonest, (minutes * 60_000) / clock.scale / 8))
}
