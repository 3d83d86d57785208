import { readdir, readFile } from 'node:fs/promises'
import { type Kysely, sql } from 'kysely'
import { type MigrationProvider, Migrator } from 'kysely/migration'
import { pino } from 'pino'
import { connectDatabase } from './client.ts'

const folder = new URL('../../migrations/', import.meta.url)

const provider: MigrationProvider = {
  async getMigrations() {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
    const migrations = names.map(async (name) => {
      const text = await readFile(new URL(name, folder), 'utf8')
      return [
        name.replace(/\.sql$/, ''),
        {
          up: (db: Kysely<unknown>) =>
            sql
              .raw(text)
              .execute(db)
              .then(() => {}),
        },
      ] as const
    })
    return Object.fromEntries(await Promise.all(migrations))
  },
}

/** Brings the database up to the newest migration; answers with the names of those it ran. Safe to call from several processes at once. */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const db = connectDatabase(databaseUrl, pino({ level: 'silent' }), 2, true)
  try {
    const { error, results } = await new Migrator({ db, provider }).migrateToLatest()
    if (error) throw new Error('The database could not be migrated', { cause: error })
    return (results ?? []).map((result) => result.migrationName)
  } finally {
    await db.destroy()
  }
}
