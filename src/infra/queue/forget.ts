import { Cluster } from 'ioredis'
import type { Logger } from 'pino'
import { connectRedis } from './redis.ts'

/** All keys of the desk begin like this: its own, and those of its queues. */
const ours = ['deskhand:', '{deskhand-']

/**
 * Removes all that the desk has in a Redis: jobs, open questions, counters. What still has to be done, the sweep puts back from
 * Postgres. Keys of other programs stay.
 */
export async function forgetAll(urls: string, log: Logger): Promise<void> {
  const redis = connectRedis(urls, log)
  try {
    await redis.ping() // a cluster knows its nodes only then
    for (const node of redis instanceof Cluster ? redis.nodes('master') : [redis]) {
      for await (const keys of node.scanStream({ match: '*deskhand*', count: 1000 })) {
        for (const key of keys as string[]) if (ours.some((start) => key.startsWith(start))) await redis.unlink(key)
      }
    }
  } finally {
    redis.disconnect()
  }
}
