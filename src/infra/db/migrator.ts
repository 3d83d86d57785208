import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { type MigrationProvider, Migrator } from 'kysely/migration'
import { pino } from 'pino'
import { connectDatabase, type Db } from './client.ts'

const shipped = new URL('../../../migrations/', import.meta.url)

/**
 * A migration that waits for a table makes everybody else wait behind it, so it gives up after this time and tries again.
 * This is sooner than Postgres looks for a deadlock (1 s), in which it could end one of the desk's own transactions.
 */
const lockWait = '400ms'
/** Postgres error codes: the wait for a lock timed out, or a deadlock was ended. */
const inUse = ['55P03', '40P01']
const againMs = 1000
/** How long a migration retries, and how long a role waits for one, in milliseconds. */
const longestWaitMs = 120_000

/** The database's schema does not fit this release; the message says what to do. */
export class SchemaError extends Error {
  override name = 'SchemaError'
}

/** Settings that tests change: the folder of migrations, the longest wait, and the time between two looks. */
export interface MigrationOptions {
  folder?: URL
  /** The last migration to run, for a database as an older release had it. Without it, all of them run. */
  to?: string
  withinMs?: number
  everyMs?: number
}

async function namesIn(folder: URL): Promise<string[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return files.map((name) => name.replace(/\.sql$/, ''))
}

const providerOf = (folder: URL): MigrationProvider => ({
  async getMigrations() {
    const migrations = (await namesIn(folder)).map(async (name) => {
      const text = await readFile(new URL(`${name}.sql`, folder), 'utf8')
      const up = async (db: Kysely<unknown>) => {
        await sql`set local lock_timeout = ${sql.lit(lockWait)}`.execute(db)
        await sql.raw(text).execute(db)
      }
      return [name, { up }] as const
    })
    return Object.fromEntries(await Promise.all(migrations))
  },
})

/**
 * The difference between a database and this release: migrations that the database lacks, and migrations that the release
 * does not know.
 */
interface Difference {
  missing: string[]
  unknown: string[]
}

async function differenceOf(db: Db, folder: URL): Promise<Difference> {
  const ours = await namesIn(folder)
  const { rows } = await sql<{ there: boolean }>`select to_regclass('kysely_migration') is not null as there`.execute(
    db,
  )
  const run = rows[0]!.there ? (await sql<{ name: string }>`select name from kysely_migration`.execute(db)).rows : []
  const done = new Set(run.map(({ name }) => name))
  return {
    missing: ours.filter((name) => !done.has(name)),
    unknown: [...done].filter((name) => !ours.includes(name)).sort(),
  }
}

/** Those of some migrations that this release does not have. */
export async function unknownOf(names: string[], folder: URL = shipped): Promise<string[]> {
  const ours = new Set(await namesIn(folder))
  return names.filter((name) => !ours.has(name))
}

/** Says whether a database has migrations that this release does not know. */
export async function isAhead(db: Db, folder: URL = shipped): Promise<boolean> {
  return (await differenceOf(db, folder)).unknown.length > 0
}

/** The newest name, and the number of the others. */
function spoken(names: string[]): string {
  const before = names.length - 1
  return `the migration ${names.at(-1)}${before > 0 ? ` and ${before} before it` : ''}`
}

/**
 * Runs all migrations that the database lacks and returns their names. Several processes may call it at once. A database that
 * a newer release has migrated stays as it is. Throws `SchemaError` when this release cannot continue from the database's
 * migrations, or when the tables were in use for two minutes.
 */
export async function migrate(databaseUrl: string, options: MigrationOptions = {}): Promise<string[]> {
  const { folder = shipped, to, withinMs = longestWaitMs, everyMs = againMs } = options
  const db = connectDatabase(databaseUrl, pino({ level: 'silent' }), 2, true)
  try {
    const { missing, unknown } = await differenceOf(db, folder)
    if (missing.length === 0) return []
    if (unknown.length > 0) {
      throw new SchemaError(
        `The database has migrations of another release (${unknown.join(', ')}) and lacks some of this one (${missing.join(', ')}). Nothing was migrated: run the \`release\` of the release that has all of them.`,
      )
    }
    for (const until = performance.now() + withinMs; ; await wait(everyMs)) {
      const migrator = new Migrator({ db, provider: providerOf(folder) })
      const { error, results } = await (to === undefined ? migrator.migrateToLatest() : migrator.migrateTo(to))
      if (!error) return (results ?? []).map((result) => result.migrationName)
      if (!inUse.includes((error as { code?: string }).code ?? ''))
        throw new Error('The database could not be migrated', { cause: error })
      if (performance.now() > until) {
        throw new SchemaError(
          `The database could not be migrated: its tables were in use for ${Math.round(withinMs / 1000)} s. Nothing was changed. End what holds them (pg_stat_activity names it) and run \`release\` again.`,
        )
      }
    }
  } finally {
    await db.destroy()
  }
}

/**
 * Resolves when the database has every migration of this release; it may have more. Says once what it waits for. Throws
 * `SchemaError` after two minutes. A failure of the first look is thrown at once; later failures are waited out.
 */
export async function waitForSchema(
  databaseUrl: string,
  say: (line: string) => void,
  options: MigrationOptions = {},
): Promise<void> {
  const { folder = shipped, withinMs = longestWaitMs, everyMs = againMs } = options
  const db = connectDatabase(databaseUrl, pino({ level: 'silent' }), 1)
  try {
    let { missing } = await differenceOf(db, folder)
    if (missing.length > 0) {
      say(
        `Database: waiting up to ${Math.round(withinMs / 1000)} s for ${spoken(missing)}, which the role release brings`,
      )
    }
    for (const until = performance.now() + withinMs; missing.length > 0; ) {
      if (performance.now() > until) {
        throw new SchemaError(
          `The database lacks ${spoken(missing)}, and nobody brought it within ${Math.round(withinMs / 1000)} s. Nothing was started: run the role release of this release once (\`npm start -- release\`, or \`node src/main.ts release\`), then this one again.`,
        )
      }
      await wait(everyMs)
      missing = await differenceOf(db, folder).then(
        (difference) => difference.missing,
        () => missing,
      )
    }
  } finally {
    await db.destroy()
  }
}
