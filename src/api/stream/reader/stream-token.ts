import { z } from 'zod'
import { newSecret, secretHash } from '../../../base/secret.ts'
import type { RedisConnection } from '../../../infra/queue/redis.ts'
import type { Caller } from '../../sessions/caller.ts'

/** A token is good for one stream, which begins within this time, in seconds. */
const goodSeconds = 60

/** The session or the API token for which a stream token was drawn. */
const holder = z.object({
  memberId: z.number().int(),
  by: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('session'), id: z.number().int() }),
    z.object({
      kind: z.literal('token'),
      token: z.object({
        id: z.number().int(),
        memberId: z.number().int(),
        accountId: z.number().int(),
        name: z.string(),
        trades: z.boolean(),
        createdAt: z.coerce.date(),
        usedAt: z.coerce.date().optional(),
      }),
    }),
  ]),
})

/** The holder of a stream token, who reads with the rights of a session or an API token. */
export type StreamTokenHolder = Pick<Caller, 'memberId' | 'by'>

const keyOf = (token: string) => `stream-token:${secretHash(token).toString('base64url')}`

/**
 * Draws a token for one stream of a client that can send no header. It may stand in a URL, because its first use spends it, and it
 * ends after a minute. Only its hash is kept, in Redis: a lost one is drawn again. Throws when Redis is away.
 */
export async function drawStreamToken(
  redis: RedisConnection,
  { memberId, by }: StreamTokenHolder,
  now: Date,
): Promise<{ token: string; endsAt: Date }> {
  const token = newSecret()
  await redis.set(keyOf(token), JSON.stringify({ memberId, by }), 'EX', goodSeconds)
  return { token, endsAt: new Date(now.getTime() + 1000 * goodSeconds) }
}

/** Spends a token; undefined when it was spent before, has ended or never was. Throws when Redis is away. */
export async function spendStreamToken(redis: RedisConnection, token: string): Promise<StreamTokenHolder | undefined> {
  const text = await redis.getdel(keyOf(token))
  return text === null ? undefined : holder.parse(JSON.parse(text))
}
