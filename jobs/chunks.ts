import { DelayedError, type Worker } from 'bullmq'
import { chunkJob, queueNames } from '../src/infra/queue/queues.ts'
import type { RedisConnection } from '../src/infra/queue/redis.ts'
import type { Parts } from '../src/trading/parts.ts'
import { runChunk } from '../src/trading/scaleouts/chunk.ts'
import { type ProcessorOptions, readJob, startProcessor } from './processor.ts'

/** Runs chunks when they are due. */
export function startChunks(parts: Parts, connection: RedisConnection, options: ProcessorOptions): Worker {
  return startProcessor(parts, connection, queueNames.chunks, options, async (job, token) => {
    const { chunkId } = readJob(chunkJob, job.data)
    const { again } = await runChunk(parts, chunkId)
    if (again === undefined) return
    await job.moveToDelayed(Date.now() + Math.ceil(again), token)
    throw new DelayedError()
  })
}
