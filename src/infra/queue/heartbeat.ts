import type { RedisConnection } from './redis.ts'

const key = 'deskhand:worker-swept-at'
/** Workers sweep every ten seconds. Without a sweep for this many milliseconds, no worker runs. */
const rememberedMs = 45_000

/** Records that a worker has swept: it runs and reaches both servers. People and older releases read the value. */
export async function beat(redis: RedisConnection): Promise<void> {
  await redis.set(key, Date.now(), 'PX', rememberedMs)
}

/** Has a worker swept lately? Redis alone measures the time, so that no two clocks are compared. */
export async function isBeating(redis: RedisConnection): Promise<boolean> {
  return (await redis.exists(key)) === 1
}
