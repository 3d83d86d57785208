import type { RedisConnection } from './redis.ts'

const key = 'deskhand:worker-swept-at'
/** Workers sweep every ten seconds; without a sweep for this long, none runs. */
const rememberedMs = 45_000

/** A worker has swept: it runs, and reaches both servers. The value is for people, and for older releases. */
export async function beat(redis: RedisConnection): Promise<void> {
  await redis.set(key, Date.now(), 'PX', rememberedMs)
}

/** Has a worker swept lately? Redis alone counts the time, so that no two clocks are compared. */
export async function isBeating(redis: RedisConnection): Promise<boolean> {
  return (await redis.exists(key)) === 1
}
