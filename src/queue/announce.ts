import type { Logger } from 'pino'
import { z } from 'zod'
import { connectWorkerRedis, type RedisConnection } from './redis.ts'

/** Where changes of positions are called out. Not a queue: whoever does not listen now misses it, and the sweep makes up for that. */
const channel = 'deskhand:positions'

const announcement = z.coerce.number().int().positive()

/**
 * Says that a position, or what protects it, has changed, so that monitors in all processes look at it again. Called
 * after commit. When Redis is away the sweep finds out, so a failure is only logged.
 */
export async function announcePosition(
  parts: { redis: RedisConnection; log: Logger },
  positionId: number,
): Promise<void> {
  try {
    await parts.redis.publish(channel, String(positionId))
  } catch (cause) {
    parts.log.warn(
      { err: cause, position_id: positionId },
      'a change of a position was not called out; the sweep finds it',
    )
  }
}

/**
 * Calls `changed` with the id of each position that is announced, on a connection of its own. `missed` is called when
 * announcements may have been lost, since the connection was away: look at everything again. Answers with what ends it.
 */
export async function hearPositions(
  redisUrl: string,
  log: Logger,
  changed: (positionId: number) => void,
  missed: () => void = () => {},
): Promise<() => void> {
  const redis = connectWorkerRedis(redisUrl, log)
  redis.on('message', (_, text) => {
    const parsed = announcement.safeParse(text)
    if (parsed.success) changed(parsed.data)
  })
  await redis.subscribe(channel)
  // A connection that comes back subscribes again by itself.
  redis.on('ready', missed)
  return () => redis.disconnect()
}
