import { setTimeout as wait } from 'node:timers/promises'
import { type Processor, Worker } from 'bullmq'
import type { z } from 'zod'
import { noteLag, timed } from '../src/base/metrics.ts'
import { prefixOf } from '../src/infra/queue/queues.ts'
import type { RedisConnection } from '../src/infra/queue/redis.ts'
import { tellOwners } from '../src/trading/events/tell-owners.ts'
import type { Parts } from '../src/trading/parts.ts'

/** All jobs may run twice, so a false alarm does no harm. */
const ownedForMs = 10_000

/** How many jobs one process works on at once, and when the jobs of a worker that died are taken over. */
export interface ProcessorOptions {
  concurrency: number
  /** A job that was not renewed for so many milliseconds is no longer its worker's own; 10 s when left out. */
  lockMs?: number
}

/** What a job carries cannot be read. */
export class JobUnreadable extends Error {
  override name = 'JobUnreadable'
}

/** What a job carries, by its schema. Throws `JobUnreadable`. */
export function readJob<T>(schema: z.ZodType<T>, data: unknown): T {
  const parsed = schema.safeParse(data)
  if (!parsed.success) throw new JobUnreadable('a job cannot be read', { cause: parsed.error })
  return parsed.data
}

/**
 * Starts the processor of a queue. A job that fails is logged and tried again as its queue says; one whose worker died
 * is taken over after `lockMs` to one and a half times that.
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
    // A job that has put itself back was due at another time than the one it was made with.
    if (job.attemptsStarted === 1) noteLag(queue, Date.now() - job.timestamp - (job.opts.delay ?? 0))
    return timed(queue, async () => process(job, ...rest)).catch((cause) => {
      // Tried again, it would be the same; what it was about, the sweep finds in Postgres.
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

/** A connection that was lost in the wrong moment may keep a worker from ever closing. */
const longestCloseMs = 6000

/** Closes a worker: what it has begun is finished first, as long as that does not take longer than a process has. */
export async function closeWorker(worker: Worker): Promise<void> {
  const done = new AbortController()
  const late = wait(longestCloseMs, undefined, { signal: done.signal }).catch(() => {})
  await Promise.race([worker.close(), late])
  done.abort()
}
