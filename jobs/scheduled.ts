import { DelayedError, type Worker } from 'bullmq'
import type { Desk } from '../src/desk.ts'
import { queueNames, scheduledJob } from '../src/infra/queue/queues.ts'
import type { RedisConnection } from '../src/infra/queue/redis.ts'
import { type ProcessorOptions, readJob, startProcessor } from './processor.ts'

/** Carries out scheduled orders when their time or price comes, and ends them when they expire. */
export function startScheduled(desk: Desk, connection: RedisConnection, options: ProcessorOptions): Worker {
  return startProcessor(desk.parts, connection, queueNames.scheduled, options, async (job, token) => {
    const { again } = await desk.runScheduled(readJob(scheduledJob, job.data).scheduledId)
    if (again === undefined) return
    await job.moveToDelayed(Date.now() + Math.ceil(again), token)
    throw new DelayedError()
  })
}
