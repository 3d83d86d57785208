import { setTimeout as wait } from 'node:timers/promises'
import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { Logger } from 'pino'
import { failAtOnceWhileHung } from './hang-guard.ts'

const answersWithinMs = 5000

/** A connection to one Redis, or to a Redis Cluster. */
export type RedisConnection = Redis | Cluster

/**
 * A connection for producers. While Redis is away, a call fails after at most two seconds instead of waiting forever. Once
 * Redis is known to hang, calls fail at once.
 */
export function connectRedis(urls: string, log: Logger): RedisConnection {
  const redis = connect(urls, log, { maxRetriesPerRequest: 1, commandTimeout: 2000 })
  failAtOnceWhileHung(redis, log)
  return redis
}

/** A connection for workers; it waits for Redis as long as necessary. */
export function connectWorkerRedis(urls: string, log: Logger): RedisConnection {
  return connect(urls, log, { maxRetriesPerRequest: null })
}

/** One URL is a single Redis; several, separated by commas, are nodes of a Redis Cluster, which know the other nodes. */
function connect(urls: string, log: Logger, options: RedisOptions): RedisConnection {
  const [first, ...others] = urls.split(',').map((url) => new URL(url.trim()))
  const redis =
    others.length === 0
      ? new Redis(first!.href, options)
      : new Cluster(
          [first!, ...others].map(({ hostname, port }) => ({ host: hostname, port: Number(port || 6379) })),
          { redisOptions: { ...options, ...credentials(first!) } },
        )
  redis.on('error', (cause) => log.warn({ err: cause }, 'redis connection'))
  return redis
}

/** Redis did not answer at the start of the desk. The message names the server and the remedy, and holds no password. */
export class RedisAway extends Error {
  override name = 'RedisAway'
}

/** Checks that Redis answers. Throws `RedisAway` after five seconds. */
export async function checkRedis(urls: string, log: Logger): Promise<void> {
  const redis = connectRedis(urls, log)
  const away = wait(answersWithinMs).then(() => Promise.reject(new Error('no answer')))
  try {
    await Promise.race([redis.ping(), away])
  } catch (cause) {
    const hosts = urls.split(',').map((url) => new URL(url.trim()).host)
    throw new RedisAway(`Redis does not answer at ${hosts.join(', ')}. Start it, or correct REDIS_URL.`, { cause })
  } finally {
    away.catch(() => {})
    redis.disconnect()
  }
}

function credentials(url: URL): RedisOptions {
  return {
    username: url.username ? decodeURIComponent(url.username) : undefined,
    password: url.password ? decodeURIComponent(url.password) : undefined,
    tls: url.protocol === 'rediss:' ? {} : undefined,
  }
}
