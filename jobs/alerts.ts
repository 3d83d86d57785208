import type { Worker } from 'bullmq'
import type { Desk } from '../src/desk.ts'
import { alertsJob, queueNames, tableJob } from '../src/infra/queue/queues.ts'
import type { RedisConnection } from '../src/infra/queue/redis.ts'
import { wakeReplies } from '../src/trading/parts.ts'
import { postTable } from '../src/watch/alerts/table.ts'
import { tell } from '../src/watch/alerts/tell.ts'
import { type ProcessorOptions, readJob, startProcessor } from './processor.ts'

/** Tells people about events, and posts the tables of alerts that were held back. */
export function startAlerts(
  { parts, config }: Pick<Desk, 'parts' | 'config'>,
  connection: RedisConnection,
  options: ProcessorOptions,
): Worker {
  /** One failure does not stop the other events; the job is then tried again. */
  const tellAll = async (eventIds: number[]): Promise<void> => {
    const told = await Promise.allSettled(eventIds.map((id) => tell(parts, config, id)))
    const failed = told.find((one) => one.status === 'rejected')
    if (failed) throw failed.reason
  }
  return startProcessor(parts, connection, queueNames.alerts, options, async (job) => {
    if (job.name !== 'table') return tellAll(readJob(alertsJob, job.data).eventIds)
    const { tableOf } = readJob(tableJob, job.data)
    if (await postTable(parts, tableOf, parts.clock.now())) await wakeReplies(parts, [tableOf])
  })
}
