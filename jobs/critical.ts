import { DelayedError, type Worker } from 'bullmq'
import { createCritical } from '../src/execution/critical.ts'
import type { Parts } from '../src/execution/parts.ts'
import { eventJob, queueNames } from '../src/queue/queues.ts'
import type { RedisConnection } from '../src/queue/redis.ts'
import { type ProcessorOptions, startProcessor } from './processor.ts'

/** Acts on critical events until there is nothing left to do. */
export function startCritical(parts: Parts, connection: RedisConnection, options: ProcessorOptions): Worker {
  const act = createCritical(parts)
  return startProcessor(parts, connection, queueNames.critical, options, async (job, token) => {
    const { eventId } = eventJob.parse(job.data)
    const again = await act(eventId)
    if (again === undefined) return
    await job.moveToDelayed(Date.now() + Math.ceil(again), token)
    throw new DelayedError()
  })
}
