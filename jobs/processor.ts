import { setTimeout as wait } from 'node:timers/promises'
import { type Processor, Worker } from 'bullmq'
import type { z } from 'zod'
import { noteLag, timed } from '../src/base/metrics.ts'
import { prefixOf } from '../src/infra/queue/queues.ts'
import type { RedisConnection } from '../src/infra/queue/redis.ts'
import { tellOwners } from '../src/trading/events/tell-owners.ts'
import type { Parts } from '../src/trading/parts.ts'

/** Milliseconds after which a silent worker loses its job. Every job may run twice, so a false alarm does no harm. */
const ownedForMs = 10_000

/** The number of jobs that one process runs at once, and the time after which the jobs of a dead worker are taken over. */
export interface ProcessorOptions {
  concurrency: number
  /** A worker loses a job that it has not renewed for this many milliseconds; the default is 10 s. */
  lockMs?: number
}

/** The payload of a job does not fit its schema. */
export class JobUnreadable extends Error {
  override name = 'JobUnreadable'
}

/** Reads the payload of a job by its schema. Throws `JobUnreadable`. */
export function readJob<T>(schema: z.ZodType<T>, data: unknown): T {
  const parsed = schema.safeParse(data)
  if (!parsed.success) throw new JobUnreadable('a job cannot be read', { cause: parsed.error })
  return parsed.data
}

/**
 * Starts the processor of a queue. A failed job is logged and tried again as its queue says. The job of a worker that died is
 * taken over after 1 to 1.5 times `lockMs`.
 */
export function startProcessor(
  parts: Parts,
  connection: RedisConnection,
  queue: string,
  { concurrency, lockMs = ownedForMs }: ProcessorOptions,
  process: Processor,
): Worker {
  const timing = { lockDuration: lockMs, stalledInterval: lockMs / 2, maxStalledCount: 5 }
  const measured: Processor = (job, ...rest) => {
    // The lag counts only at the first start: a job that has put itself back has another due time.
    if (job.attemptsStarted === 1) noteLag(queue, Date.now() - job.timestamp - (job.opts.delay ?? 0))
    return timed(queue, async () => process(job, ...rest)).catch((cause) => {
      // A retry would fail in the same way; the sweep finds the work in Postgres.
      if (!(cause instanceof JobUnreadable)) throw cause
      const about = { kind: 'job.unreadable', queue, job: job.id } as const
      return tellOwners(parts, `job-${queue}-${job.id}`, about, { queue, job: job.id, data: job.data })
    })
  }
  const worker = new Worker(queue, measured, { connection, prefix: prefixOf(queue), concurrency, ...timing })
  worker.on('error', (cause) => parts.log.warn({ err: cause, queue }, 'worker'))
  worker.on('failed', (job, cause) =>
    parts.log.warn({ err: cause, queue, job: job?.id, data: job?.data }, 'job failed'),
  )
  return worker
}

/** A connection that is lost at the wrong moment may keep a worker from ever closing. */
const longestCloseMs = 6000

/** Closes a worker: its running jobs end first, within the time that a process has for its end. */
export async function closeWorker(worker: Worker): Promise<void> {
  const done = new AbortController()
  const late = wait(longestCloseMs, undefined, { signal: done.signal }).catch(() => {})
  await Promise.race([worker.close(), late])
  done.abort()
}
