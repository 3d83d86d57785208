import { sql } from 'kysely'
import type { Db } from '../../infra/db/client.ts'
import type { Followed } from './rules/follow.ts'

/** A part of the desk as it was found last. */
export interface HealthRow extends Followed {
  name: string
  lookedAt: Date
}

/** All parts as they were found last; those of machines that nobody has told of for an hour are left out. */
export async function healthRows(db: Db): Promise<HealthRow[]> {
  const rows = await db
    .selectFrom('health')
    .selectAll()
    .where(sql<boolean>`name not like '%@%' or looked_at > now() - interval '1 hour'`)
    .execute()
  return rows.map(({ name, state, words, since, looks, is_told, down_since, looked_at }) => ({
    ...{ name, state, words, since, looks, isTold: is_told, lookedAt: looked_at },
    ...(down_since && { downSince: down_since }),
  }))
}

/** Notes what a look has found. */
export async function noteHealth(db: Db, { name, lookedAt, isTold, downSince, ...found }: HealthRow): Promise<void> {
  const row = { ...found, is_told: isTold, down_since: downSince ?? null, looked_at: lookedAt }
  await db
    .insertInto('health')
    .values({ name, ...row })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
    .execute()
}

/**
 * May this process look at the desk as a whole now? One of all may, every `everyMs`, and every `soonMs` while a look did not make sure; the
 * first look at a new database comes after `everyMs`. The database's clock decides.
 */
export async function claimLook(db: Db, { everyMs, soonMs }: { everyMs: number; soonMs: number }): Promise<boolean> {
  const { rows } = await sql<{ is_due: boolean }>`
    insert into chores (name, begun_at) values ('health', now())
    on conflict (name) do update set begun_at = now() where chores.begun_at <= now() - interval '1 millisecond' *
      case when exists (select from health where (state = 'down') <> is_told and name not like '%@%')
        then ${soonMs}::float8 else ${everyMs}::float8 end
    returning xmax <> 0 as is_due`.execute(db)
  return rows[0]?.is_due === true
}

/** May this process tell that the database is back? All that had lost it notice within some looks of each other, and one of them tells. */
export async function claimBack(db: Db): Promise<boolean> {
  const { rows } = await sql`
    insert into chores (name, begun_at) values ('health back', now())
    on conflict (name) do update set begun_at = now() where chores.begun_at < now() - interval '2 minutes'
    returning 1`.execute(db)
  return rows.length > 0
}
