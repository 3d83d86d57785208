import { type Kysely, sql } from 'kysely'
import type { Logger } from 'pino'
import type { Clock } from '../base/clock.ts'
import { oncePerObject } from '../base/once-per-object.ts'
import { together } from '../base/together.ts'
import type { Notices } from '../infra/db/notices.ts'
import type { Database } from '../infra/db/schema.ts'
import type { Queues, ScheduledReason } from '../infra/queue/queues.ts'
import type { RedisConnection } from '../infra/queue/redis.ts'
import type { Market } from '../market/market.ts'
import type { DoorName } from '../talk/chat/place.ts'
import type { Venues } from '../venues/venue-of.ts'
import type { Wording } from './notice.ts'
import type { Alarm } from './protection/close-now/alarm.ts'
import type { Protector } from './protection/protector.ts'

/** The shared dependencies of every act. */
export interface Parts {
  db: Kysely<Database>
  market: Market
  venues: Venues
  queues: Queues
  /** Notifications between processes, over Postgres. */
  notices: Notices
  /** Wakes the workers that close at once. */
  alarm: Alarm
  /** Lets the protection at venues follow positions. */
  protector: Protector
  /** Fails fast when Redis is away; only for data that may be lost. */
  redis: RedisConnection
  clock: Clock
  log: Logger
  /** Makes the sentences of notices. */
  wording: Wording
  /** An exit is dropped when it could not be sent within this many real milliseconds. */
  exitDeadlineMs: number
  /** Platform ids of the owners in the configuration. Other members may have the role, too. */
  owners: readonly string[]
  /** The environment has keys with which credentials of members are kept, so accounts can be linked. */
  keepsCredentials: boolean
  /** The exchanges of CCXT at which accounts can be linked, by their ids. */
  exchanges: string[]
  /** Never act on a price older than this many real milliseconds. */
  quoteMaxAgeMs: number
}

/** Memoizes a value per `Parts`, made at its first use. */
export const oncePer = <Made>(make: (parts: Parts) => Made): ((parts: Parts) => Made) => oncePerObject(make)

/**
 * Wakes the outbox for conversations with replies to post, `urgent` ones before all others. Call it after commit. A failure is
 * only logged: when Redis is away, the sweep does it later.
 */
export async function wakeReplies(
  parts: Pick<Parts, 'db' | 'queues' | 'log'>,
  conversationIds: Iterable<number>,
  urgent = false,
): Promise<void> {
  try {
    const doors = await doorsOf(parts, new Set(conversationIds))
    await Promise.all([...doors].map(([id, door]) => parts.queues.replies(door, id, 0, urgent)))
  } catch (cause) {
    parts.log.warn({ err: cause }, 'replies could not be woken; the sweep will')
  }
}

/** Caches the door of each conversation, which never changes. */
const doorReaderOf = oncePerObject((db: Parts['db']) => {
  const known = new Map<number, DoorName>()
  const read = together(async (ids: number[]) => {
    const rows = await db
      .selectFrom('conversations')
      .select(['id', 'place'])
      .where(sql<boolean>`id = any(${ids}::bigint[])`)
      .execute()
    for (const { id, place } of rows) known.set(id, place.door)
    return ids.map((id) => known.get(id)!)
  })
  return async (id: number) => known.get(id) ?? read(id)
})

function doorsOf({ db }: Pick<Parts, 'db'>, ids: Set<number>): Promise<[id: number, door: DoorName][]> {
  const read = doorReaderOf(db)
  return Promise.all([...ids].map(async (id) => [id, await read(id)] as [number, DoorName]))
}

/** Puts an order for later on the clock. Call it after commit; when Redis is away, the sweep does it later. */
export async function wakeScheduled(
  parts: Pick<Parts, 'queues' | 'log' | 'clock'>,
  { id, at, until }: { id: number; at?: { due: Date }; until?: { expires: Date } },
  reason: ScheduledReason = at ? 'due' : 'expiry',
): Promise<void> {
  const next = at?.due ?? until?.expires
  if (!next) return
  try {
    await parts.queues.scheduled(id, reason, next.getTime() - parts.clock.now().getTime())
  } catch (cause) {
    parts.log.warn({ err: cause, scheduled: id }, 'an order for later could not be put on the clock; the sweep will')
  }
}

/** Puts a chunk on the clock. Call it after commit; when Redis is away, the sweep does it later. */
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
