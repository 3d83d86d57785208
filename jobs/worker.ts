import type { Worker } from 'bullmq'
import type { Poster } from '../src/chat/door.ts'
import type { Desk } from '../src/desk.ts'
import { connectWorkerRedis } from '../src/queue/queues.ts'
import { startChunks } from './chunks.ts'
import { startOrders } from './orders.ts'
import { startReplies } from './replies.ts'

/** Milliseconds between sweeps: what a Redis that lost everything costs at most. */
const sweepEveryMs = 10_000
/** Chunks that one process works on at once. They wait for Postgres most of the time. */
const chunksAtOnce = 50

/** Something that runs until it is closed; what it has begun is finished first. */
export interface Running {
  close(): Promise<void>
}

/** Starts the processors of chunks and orders, and the sweep. */
export function startWorker(desk: Desk, options: { sweepEveryMs?: number; concurrency?: number } = {}): Running {
  const { parts } = desk
  const connection = connectWorkerRedis(desk.config.REDIS_URL, parts.log)
  const workers = [startChunks(parts, connection, options.concurrency ?? chunksAtOnce), startOrders(parts, connection)]
  const sweepNow = () => desk.sweep().catch((cause) => parts.log.warn({ err: cause }, 'the sweep did not get through'))
  const first = sweepNow()
  const timer = setInterval(sweepNow, options.sweepEveryMs ?? sweepEveryMs)
  return {
    async close() {
      clearInterval(timer)
      await first
      await closeAll(desk, workers)
      connection.disconnect()
    },
  }
}

/** Starts the way out of a door: replies from jobs are posted by `poster`. */
export function startOutbox(desk: Desk, poster: Poster): Running {
  const connection = connectWorkerRedis(desk.config.REDIS_URL, desk.parts.log)
  const workers = [startReplies(desk.parts, connection, poster)]
  return {
    async close() {
      await closeAll(desk, workers)
      connection.disconnect()
    },
  }
}

async function closeAll(desk: Desk, workers: Worker[]): Promise<void> {
  await Promise.all(workers.map((worker) => worker.close()))
  desk.parts.log.debug({ workers: workers.map((worker) => worker.name) }, 'workers closed')
}
