import type { Worker } from 'bullmq'
import { postTable } from '../src/alerts/table.ts'
import { tell } from '../src/alerts/tell.ts'
import type { Desk } from '../src/desk.ts'
import { wakeReplies } from '../src/execution/parts.ts'
import { eventJob, queueNames, tableJob } from '../src/queue/queues.ts'
import type { RedisConnection } from '../src/queue/redis.ts'
import { type ProcessorOptions, readJob, startProcessor } from './processor.ts'

/** Tells people of events, and posts the tables of what was held back. */
export function startAlerts(
  { parts, config }: Pick<Desk, 'parts' | 'config'>,
  connection: RedisConnection,
  options: ProcessorOptions,
): Worker {
  return startProcessor(parts, connection, queueNames.alerts, options, async (job) => {
    if (job.name !== 'table') return tell(parts, config, readJob(eventJob, job.data).eventId)
    const { tableOf } = readJob(tableJob, job.data)
    if (await postTable(parts.db, tableOf, parts.clock.now())) await wakeReplies(parts, [tableOf])
  })
}
