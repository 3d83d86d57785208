import { once } from 'node:events'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { servers } from './database.ts'

/** A BullMQ queue with a worker, without any part of the desk. */
export interface BareJobs<Data> {
  queue: Queue<Data>
  worker: Worker<Data>
  close(): Promise<void>
}

/** Jobs leave no trace when they end, like the desk's. */
export const leaveNothing = { removeOnComplete: true, removeOnFail: true }

/** Opens a queue whose worker does `work` for each job, this many at once, once it is told to run. */
export async function openBareJobs<Data>(
  concurrency: number,
  work: (data: Data) => Promise<unknown>,
): Promise<BareJobs<Data>> {
  const producer = new Redis(servers().redis)
  const connection = new Redis(servers().redis, { maxRetriesPerRequest: null })
  await Promise.all([once(producer, 'ready'), once(connection, 'ready')])
  const queue = new Queue<Data>('bare', { connection: producer })
  const worker = new Worker<Data>('bare', (job) => work(job.data), { connection, concurrency, autorun: false })
  return {
    queue,
    worker,
    async close() {
      await worker.close()
      await queue.obliterate({ force: true })
      await queue.close()
      connection.disconnect()
      producer.disconnect()
    },
  }
}
