import { type Kysely, sql } from 'kysely'
import type { Made } from '../../infra/backup/make-backup.ts'
import type { Db } from '../../infra/db/client.ts'
import type { Database } from '../../infra/db/schema.ts'

/** A failed backup is tried again after this time, in milliseconds. */
const againMs = 60 * 60_000

/** Notes that a backup begins. Undefined in a database of an older release, which has no place for it. */
export async function noteBegun(db: Kysely<Database>): Promise<number | undefined> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('backups') is not null as there`.execute(db)
  if (!rows[0]!.there) return undefined
  const row = await db.insertInto('backups').defaultValues().returning('id').executeTakeFirstOrThrow()
  return row.id
}

/** Notes the end of a backup: `fault` is the reason of a failure, and `made` its file, if there is one. */
export async function noteEnded(db: Db, id: number | undefined, end: { made?: Made; fault?: string }): Promise<void> {
  if (id === undefined) return
  const { made, fault } = end
  await db
    .updateTable('backups')
    .set({
      ended_at: sql<Date>`now()`,
      ...(made && { path: made.path, bytes: made.bytes, is_encrypted: made.isEncrypted }),
      ...(fault === undefined ? { is_checked: true } : { fault }),
    })
    .where('id', '=', id)
    .execute()
}

/**
 * May this process make a backup now? One of all processes may, when the last good one is `everyMs` old; after a failure an hour later.
 * The database's clock decides.
 */
export async function claimBackup(db: Db, everyMs: number): Promise<boolean> {
  const { rows } = await sql`
    insert into chores (name, begun_at)
    select 'backup', now() where not exists (
      select from backups where is_checked and begun_at > now() - ${everyMs} * interval '1 millisecond')
    on conflict (name) do update set begun_at = now()
      where chores.begun_at < now() - ${Math.min(againMs, everyMs)} * interval '1 millisecond'
    returning 1`.execute(db)
  return rows.length > 0
}

/** How the backups of a database stand. */
export interface BackupsStand {
  /** The begin of the last good one. */
  goodAt?: Date
  /** The failure of the last attempt, when it failed. */
  fault?: string
}

export async function standOfBackups(db: Db): Promise<BackupsStand> {
  const { rows } = await sql<{ good_at: Date | null; fault: string | null }>`
    select (select max(begun_at) from backups where is_checked) as good_at,
      (select fault from backups where ended_at is not null order by id desc limit 1) as fault`.execute(db)
  const { good_at, fault } = rows[0]!
  return { ...(good_at && { goodAt: good_at }), ...(fault !== null && { fault }) }
}
