import type { Worker } from 'bullmq'
import type { Poster } from '../src/chat/door.ts'
import { type Parts, wakeReplies } from '../src/execution/parts.ts'
import { createDelivery } from '../src/outbox/deliver.ts'
import { queueNames, repliesJob } from '../src/queue/queues.ts'
import type { RedisConnection } from '../src/queue/redis.ts'
import { type ProcessorOptions, startProcessor } from './processor.ts'

/** Posts what jobs have to say, through the door that this process runs. */
export function startReplies(
  parts: Parts,
  connection: RedisConnection,
  poster: Poster,
  options: ProcessorOptions,
): Worker {
  const deliver = createDelivery(parts, poster)
  return startProcessor(parts, connection, queueNames.replies(poster.door), options, async (job) => {
    const { conversationId } = repliesJob.parse(job.data)
    const { againInMs, others } = await deliver(conversationId)
    if (againInMs !== undefined) await parts.queues.replies(poster.door, conversationId, againInMs)
    await wakeReplies(
      parts,
      others.filter((id) => id !== conversationId),
    )
  })
}
