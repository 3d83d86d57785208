import { DelayedError, type Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { runChunk } from '../src/execution/chunk.ts'
import type { Parts } from '../src/execution/parts.ts'
import { chunkJob, queueNames } from '../src/queue/queues.ts'
import { startProcessor } from './processor.ts'

/** Runs chunks when they are due. */
export function startChunks(parts: Parts, connection: Redis, concurrency: number): Worker {
  return startProcessor(parts, connection, queueNames.chunks, concurrency, async (job, token) => {
    const { chunkId } = chunkJob.parse(job.data)
    const { again } = await runChunk(parts, chunkId)
    if (again === undefined) return
    await job.moveToDelayed(Date.now() + Math.ceil(again), token)
    throw new DelayedError()
  })
}
