import { DelayedError, type Worker } from 'bullmq'
import { createCritical } from '../src/execution/critical/critical.ts'
import type { Parts } from '../src/execution/parts.ts'
import { unsettledEvents } from '../src/ledger/critical-events.ts'
import { eventJob, queueNames } from '../src/queue/queues.ts'
import type { RedisConnection } from '../src/queue/redis.ts'
import { type ProcessorOptions, startProcessor } from './processor.ts'

/** While Redis is away, so often it is looked for critical events in Postgres. */
const lookMs = 500

/** Acts on critical events until there is nothing left to do; while Redis is away, on what Postgres says is open. */
export function startCritical(parts: Parts, connection: RedisConnection, options: ProcessorOptions): Worker {
  const act = createCritical(parts)
  const worker = startProcessor(parts, connection, queueNames.critical, options, async (job, token) => {
    const { eventId } = eventJob.parse(job.data)
    const again = await act(eventId)
    if (again === undefined) return
    await job.moveToDelayed(Date.now() + Math.ceil(again), token)
    throw new DelayedError()
  })
  let isLooking = false
  const timer = setInterval(async () => {
    if (connection.status === 'ready' || isLooking) return
    isLooking = true
    try {
      await Promise.all((await unsettledEvents(parts.db)).map(act))
    } catch (cause) {
      parts.log.warn({ err: cause }, 'critical events could not be seen to without Redis')
    } finally {
      isLooking = false
    }
  }, lookMs)
  worker.once('closing', () => clearInterval(timer))
  return worker
}
