import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { RedisConnection } from '../../infra/queue/redis.ts'
import type { Reader } from './reader.ts'

/** A token is good for one stream, which begins within this time, in seconds. */
const goodSeconds = 60

const kept = z.object({ memberId: z.number().int(), origin: z.string() })

/** The member, and the session or token, for whom a stream token was drawn. */
export type StreamTokenHolder = Pick<Reader, 'memberId' | 'origin'>

const keyOf = (token: string) => `stream-token:${createHash('sha256').update(token).digest('base64url')}`

/**
 * Draws a token for one stream of the older shape, good for a minute. It may stand in a URL, because it is spent by its first use.
 * Only its hash is kept, in Redis. Throws when Redis is away.
 */
export async function drawStreamToken(
  redis: RedisConnection,
  { memberId, origin }: StreamTokenHolder,
  now: Date,
): Promise<{ token: string; endsAt: Date }> {
  const token = randomBytes(32).toString('base64url')
  await redis.set(keyOf(token), JSON.stringify({ memberId, origin }), 'EX', goodSeconds)
  return { token, endsAt: new Date(now.getTime() + 1000 * goodSeconds) }
}

/** Spends a token; undefined when it was spent before, has ended or never was. Throws when Redis is away. */
export async function spendStreamToken(redis: RedisConnection, token: string): Promise<StreamTokenHolder | undefined> {
  const text = await redis.getdel(keyOf(token))
  return text === null ? undefined : kept.parse(JSON.parse(text))
}
