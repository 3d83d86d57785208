import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'

/** The budget of a source in Postgres: all processes count together, and a restart forgets nothing. */
export interface RequestBudget {
  source: string
  /** Requests within any 24 hours, so that it does not matter when the source begins its day. */
  perDay: number
  perMinute: number
}

/** The outcome of asking for a request: it is counted, or the reason why it may not be sent. */
export type Taken = { id: number; left: number } | { refused: 'day' | 'minute' | 'source'; left: number }

const [dayMs, minuteMs] = [86_400_000, 60_000]

/** Counts a request if the budget allows it and leaves `reserve` requests of the day for others. */
export async function takeRequest(
  db: Db,
  { source, perDay, perMinute }: RequestBudget,
  { reserve, at }: { reserve: number; at: Date },
): Promise<Taken> {
  const since = (ms: number) => new Date(at.getTime() - ms)
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`requests to ${source}`}, 0))`.execute(trx)
    await trx.deleteFrom('source_requests').where('source', '=', source).where('at', '<=', since(dayMs)).execute()
    const { today, now, refused } = await trx
      .selectFrom('source_requests')
      .where('source', '=', source)
      .select([
        sql<number>`count(*)::int`.as('today'),
        sql<number>`(count(*) filter (where at > ${since(minuteMs)}))::int`.as('now'),
        sql<boolean>`coalesce(bool_or(refused_until > ${at}), false)`.as('refused'),
      ])
      .executeTakeFirstOrThrow()
    const left = perDay - today
    if (refused) return { refused: 'source', left: Math.max(0, left) }
    if (left <= reserve) return { refused: 'day', left: Math.max(0, left) }
    if (now >= perMinute) return { refused: 'minute', left }
    const { id } = await trx
      .insertInto('source_requests')
      .values({ source, at })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { id: Number(id), left: left - 1 }
  })
}

/** Notes that the source refused a request for its own budget: no process asks before then. */
export async function noteRefused(db: Db, id: number, until: Date): Promise<void> {
  await db.updateTable('source_requests').set({ refused_until: until }).where('id', '=', id).execute()
}

/** The requests that are left of the day. */
export async function requestsLeft(db: Db, budget: RequestBudget, at: Date): Promise<number> {
  return (await requestsFree(db, budget, at)).day
}

/** The requests that are left of the day and of the minute; none while the source refuses. */
export async function requestsFree(
  db: Db,
  { source, perDay, perMinute }: RequestBudget,
  at: Date,
): Promise<{ day: number; minute: number }> {
  const { today, now, refused } = await db
    .selectFrom('source_requests')
    .where('source', '=', source)
    .where('at', '>', new Date(at.getTime() - dayMs))
    .select([
      sql<number>`count(*)::int`.as('today'),
      sql<number>`(count(*) filter (where at > ${new Date(at.getTime() - minuteMs)}))::int`.as('now'),
      sql<boolean>`coalesce(bool_or(refused_until > ${at}), false)`.as('refused'),
    ])
    .executeTakeFirstOrThrow()
  return { day: Math.max(0, perDay - today), minute: refused ? 0 : Math.max(0, perMinute - now) }
}
