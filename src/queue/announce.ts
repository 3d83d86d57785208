import type { Logger } from 'pino'
import { z } from 'zod'
import { connectWorkerRedis, type RedisConnection } from './redis.ts'

/** Where changes of positions are called out. Not a queue: whoever does not listen now misses it, and the sweep makes up for that. */
const channel = 'deskhand:positions'

/** The same for orders that wait for a price. */
const scheduledChannel = 'deskhand:scheduled'

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

/** Says that an order waits for a price, so that monitors in all processes read them again. Called after commit. */
export async function announceScheduled(parts: { redis: RedisConnection; log: Logger }): Promise<void> {
  try {
    await parts.redis.publish(scheduledChannel, '')
  } catch (cause) {
    parts.log.warn({ err: cause }, 'an order that waits for a price was not called out; the next look finds it')
  }
}

/** Calls `changed` whenever that is said, and when it may have been missed. Answers with what ends it. */
export async function hearScheduled(redisUrl: string, log: Logger, changed: () => void): Promise<() => void> {
  const redis = connectWorkerRedis(redisUrl, log)
  redis.on('message', changed)
  await redis.subscribe(scheduledChannel)
  redis.on('ready', changed)
  return () => redis.disconnect()
}
