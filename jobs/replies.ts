import { timed } from '../src/base/metrics.ts'
import { queueNames, repliesJob } from '../src/infra/queue/queues.ts'
import type { RedisConnection } from '../src/infra/queue/redis.ts'
import type { Poster } from '../src/talk/chat/door.ts'
import { createDelivery } from '../src/talk/outbox/deliver.ts'
import { createLanes } from '../src/talk/outbox/lanes.ts'
import { urgentConversations } from '../src/talk/outbox/rows.ts'
import { type Parts, wakeReplies } from '../src/trading/parts.ts'
import { closeWorker, type ProcessorOptions, readJob, startProcessor } from './processor.ts'

/** Milliseconds between two looks in Postgres for urgent replies, which wait neither for Redis nor behind other jobs. */
const lookMs = 1000

/**
 * Posts the replies of jobs, through the door that this process runs. A job only says that something waits in a conversation;
 * the process decides whose turn it is.
 */
export function startReplies(
  parts: Parts,
  connection: RedisConnection,
  poster: Poster,
  options: ProcessorOptions,
): { close(): Promise<void> } {
  const measuredPoster = measured(poster)
  // This call is not awaited, so that a slow Redis delays no turn.
  const lanes = createLanes(parts, measuredPoster, createDelivery(parts, measuredPoster), (ids) => {
    void wakeReplies(parts, ids)
  })
  const worker = startProcessor(parts, connection, queueNames.replies(poster.door), options, async (job) => {
    const { conversationId, urgent } = readJob(repliesJob, job.data)
    await lanes.wake(conversationId, urgent)
  })
  const look = async () => {
    const ids = await urgentConversations(parts.db, poster.door, parts.clock.now())
    for (const id of ids) await lanes.wake(id, true)
  }
  let looking: Promise<void> | undefined
  const timer = setInterval(() => {
    looking ??= look()
      .catch((cause) => parts.log.warn({ err: cause, door: poster.door }, 'what is urgent could not be looked for'))
      .finally(() => {
        looking = undefined
      })
  }, lookMs)
  return {
    async close() {
      clearInterval(timer)
      await closeWorker(worker)
      await looking
      await lanes.close()
    },
  }
}

/** The same poster, with a measurement of every post. */
function measured(poster: Poster): Poster {
  return {
    door: poster.door,
    pace: poster.pace,
    post: (post) => timed('post', () => poster.post(post)),
    edit: poster.edit && ((posted, edit) => timed('edit', () => poster.edit!(posted, edit))),
  }
}
