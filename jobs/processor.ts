import { type Processor, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Parts } from '../src/execution/parts.ts'
import { prefix } from '../src/queue/queues.ts'

/** A job whose worker died is taken over after some ten seconds. All jobs may run twice, so a false alarm does no harm. */
const timing = { lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 5 }

/** Starts the processor of a queue. A job that fails is logged and tried again as its queue says. */
export function startProcessor(
  parts: Parts,
  connection: Redis,
  queue: string,
  concurrency: number,
  process: Processor,
): Worker {
  const worker = new Worker(queue, process, { connection, prefix, concurrency, ...timing })
  worker.on('error', (cause) => parts.log.warn({ err: cause, queue }, 'worker'))
  worker.on('failed', (job, cause) =>
    parts.log.warn({ err: cause, queue, job: job?.id, data: job?.data }, 'job failed'),
  )
  return worker
}
