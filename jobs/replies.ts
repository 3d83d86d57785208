import type { Worker } from 'bullmq'
import type { Poster } from '../src/chat/door.ts'
import { type Parts, wakeReplies } from '../src/execution/parts.ts'
import { timed } from '../src/metrics.ts'
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
  const deliver = createDelivery(parts, measured(poster))
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

/** The same poster, with every post measured. */
function measured(poster: Poster): Poster {
  return {
    door: poster.door,
    post: (post) => timed('post', () => poster.post(post)),
    edit: poster.edit && ((posted, text) => timed('edit', () => poster.edit!(posted, text))),
  }
}
