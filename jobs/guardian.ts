import { DelayedError, type Worker } from 'bullmq'
import { eventJob, queueNames } from '../src/infra/queue/queues.ts'
import type { RedisConnection } from '../src/infra/queue/redis.ts'
import { type GuardianParts, judge } from '../src/watch/guardian/judge.ts'
import { type ProcessorOptions, readJob, startProcessor } from './processor.ts'

/** Judges events, in a queue and with workers of its own, so that critical events never wait for a model. */
export function startGuardian(parts: GuardianParts, connection: RedisConnection, options: ProcessorOptions): Worker {
  return startProcessor(parts, connection, queueNames.guardian, options, async (job, token) => {
    const { eventId } = readJob(eventJob, job.data)
    const { againInMs } = await judge(parts, eventId)
    if (againInMs === undefined) return
    await job.moveToDelayed(Date.now() + Math.ceil(againInMs), token)
    throw new DelayedError()
  })
}
