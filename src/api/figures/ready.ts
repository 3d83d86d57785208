import { sql } from 'kysely'
import type { Config } from '../../config.ts'
import { isBeating } from '../../infra/queue/heartbeat.ts'
import type { Connection } from '../../talk/chat/connection.ts'
import type { DoorName } from '../../talk/chat/place.ts'
import type { Parts } from '../../trading/parts.ts'
import { within } from '../http/within.ts'
import { openDoors, waitingReplies } from './outbox-age.ts'

/** A server that takes longer, in milliseconds, counts as down. */
const answersWithinMs = 2000
/** If a reply waits longer than this, the outbox does not post. */
const postedWithinSeconds = 60

/** The result of each check: `ok`, or the fault in words without a host or a secret. */
export type Checks = Record<'postgres' | 'redis' | 'workers' | 'outbox', string> & Partial<Record<DoorName, string>>

/**
 * Checks whether the desk works: Postgres and Redis answer, a worker has swept lately, no reply has waited too long, and each
 * door of this process is connected.
 */
export async function checkReady(
  parts: Parts,
  config: Config,
  doors: ReadonlyMap<DoorName, Connection>,
): Promise<{ ready: boolean; checks: Checks }> {
  const { db, redis } = parts
  const [postgres, answers, workers, outbox] = await Promise.all([
    look(sql`select 1`.execute(db), () => 'ok'),
    look(redis.ping(), () => 'ok'),
    look(isBeating(redis), (beats) => (beats ? 'ok' : 'no worker runs')),
    look(waitingReplies(db), (waiting) => {
      const doors = openDoors(config)
      const oldest = Math.max(0, ...waiting.filter(({ door }) => doors.includes(door)).map(({ age }) => age))
      return oldest < postedWithinSeconds ? 'ok' : `a reply has waited for ${Math.round(oldest)} s`
    }),
  ])
  const connections = Object.fromEntries([...doors].map(([door, connection]) => [door, standing(connection)]))
  const checks = { postgres, redis: answers, workers, outbox, ...connections }
  return { ready: Object.values(checks).every((check) => check === 'ok'), checks }
}

function standing(connection: Connection): string {
  if (connection.state === 'connected') return 'ok'
  const { state, since, because } = connection
  const how = state === 'refused' ? 'refused' : 'not connected'
  return `${how} since ${since.toISOString()}: ${because}`
}

async function look<T>(answer: Promise<T>, judge: (answer: T) => string): Promise<string> {
  try {
    return judge(await within(answersWithinMs, 'it', answer))
  } catch {
    return 'does not answer'
  }
}
