import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { DoorName } from '../chat/place.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/schema.ts'
import type { Market } from '../market/market.ts'
import type { Queues } from '../queue/queues.ts'
import type { RedisConnection } from '../queue/redis.ts'
import type { Venue } from '../venue/venue.ts'

/** What everything that acts stands on. */
export interface Parts {
  db: Kysely<Database>
  market: Market
  venue: Venue
  queues: Queues
  /** Fails soon when Redis is away; for what need not be remembered. */
  redis: RedisConnection
  clock: Clock
  log: Logger
}

/**
 * Wakes the outbox of conversations that have something to post. Called after commit; when Redis is away the sweep
 * does it later, so a failure is only logged.
 */
export async function wakeReplies(
  parts: Pick<Parts, 'db' | 'queues' | 'log'>,
  conversationIds: Iterable<number>,
): Promise<void> {
  try {
    await Promise.all(
      [...new Set(conversationIds)].map(async (id) => parts.queues.replies(await doorOf(parts, id), id)),
    )
  } catch (cause) {
    parts.log.warn({ err: cause }, 'replies could not be woken; the sweep will')
  }
}

/** The doors of conversations, which never change. */
const doors = new WeakMap<Parts['db'], Map<number, DoorName>>()

async function doorOf({ db }: Pick<Parts, 'db'>, conversationId: number): Promise<DoorName> {
  const known = doors.get(db) ?? new Map<number, DoorName>()
  doors.set(db, known)
  const door = known.get(conversationId)
  if (door) return door
  const { place } = await db
    .selectFrom('conversations')
    .select('place')
    .where('id', '=', conversationId)
    .executeTakeFirstOrThrow()
  known.set(conversationId, place.door)
  return place.door
}

/** Puts a chunk on the clock. Called after commit; when Redis is away the sweep does it later. */
export async function wakeChunk(
  parts: Pick<Parts, 'queues' | 'log' | 'clock'>,
  chunk: { id: number; attempt: number; dueAt: Date },
): Promise<void> {
  try {
    await parts.queues.chunk(chunk.id, chunk.attempt, chunk.dueAt.getTime() - parts.clock.now().getTime())
  } catch (cause) {
    parts.log.warn({ err: cause, chunk: chunk.id }, 'chunk could not be put on the clock; the sweep will')
  }
}
