import type { RedisConnection } from './redis.ts'

const key = 'deskhand:worker-swept-at'
const rememberedMs = 60 * 60_000

/** A worker has swept: it runs, and reaches both servers. */
export async function beat(redis: RedisConnection): Promise<void> {
  await redis.set(key, Date.now(), 'PX', rememberedMs)
}

/** When a worker last swept, in milliseconds since the epoch; undefined when none has within the hour. */
export async function lastBeat(redis: RedisConnection): Promise<number | undefined> {
  const at = await redis.get(key)
  return at === null ? undefined : Number(at)
}
