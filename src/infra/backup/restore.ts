import type pg from 'pg'
import { migrate } from '../db/migrator.ts'
import { BackupError } from './backup-error.ts'
import type { BackupKeys } from './backup-keys.ts'
import { type BackupFacts, load, readBackup } from './load.ts'
import { inMaintenance, inScratchDatabase, nameBeside } from './scratch-database.ts'
import { databaseIn, inSession, quoted } from './session.ts'

/** What to restore, and where to. */
export interface RestoreOptions {
  /** The desk's database; it may be empty or missing. */
  url: string
  path: string
  keys: BackupKeys
  /** A database that holds something is set aside under another name. */
  replaces: boolean
  /** The time, for that name. */
  now: Date
  /** Empties the desk's Redis: its jobs are about rows that may be others now. */
  forgetJobs(): Promise<void>
}

/** What was restored. */
export interface Restored {
  facts: BackupFacts
  /** Migrations of this release that the backup did not have yet. */
  migrated: string[]
  /** The name under which the database of before is kept. */
  setAside?: string
}

/**
 * Puts a backup in the place of the desk's database. All of it happens in a database beside, whose name is changed at the very end, in one
 * transaction with the old one's: an interruption at any moment leaves the old database or the new one, whole. Throws `BackupError`,
 * and changes nothing, when the backup is not whole, when the database is in use, and when it holds something and `replaces` is not set.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { url, path, keys, replaces, now, forgetJobs } = options
  const facts = await readBackup(path, keys)
  return inMaintenance(url, async (maintenance) => {
    const before = await stateOf(maintenance, url)
    if (before === 'full' && !replaces) {
      throw new BackupError(
        `The database ${databaseIn(url)} is not empty. Nothing was changed. Say --replace to put the backup in its place; it is kept under another name.`,
      )
    }
    await refuseWhileUsed(maintenance, url)
    return inScratchDatabase(maintenance, url, 'restoring', async (scratch) => {
      await load(scratch.url, path, keys, facts)
      const migrated = await migrate(scratch.url)
      await inSession(scratch.url, (client) => client.query(newIdentity))
      await refuseWhileUsed(maintenance, url)
      await forgetJobs()
      const setAside = before === 'missing' ? undefined : nameBeside(url, 'before', stamp(now))
      await swap(maintenance, { name: databaseIn(url), scratch: scratch.name, setAside })
      return { facts, migrated, ...(before === 'full' && { setAside }) }
    })
  })
}

/** Orders of the restored desk are told apart from those of the desk that went on after the backup (docs/orders.md). */
const newIdentity = `update desk set identity = substr(replace(gen_random_uuid()::text, '-', ''), 1, 8)`

/** Digits of a time, so that the databases of several restores may be kept. */
const stamp = (at: Date) =>
  at
    .toISOString()
    .replaceAll(/[^0-9]/g, '')
    .slice(0, 14)

async function stateOf(maintenance: pg.Client, url: string): Promise<'missing' | 'empty' | 'full'> {
  const { rowCount } = await maintenance.query('select from pg_database where datname = $1', [databaseIn(url)])
  if (rowCount === 0) return 'missing'
  return inSession(url, async (client) => {
    const { rowCount: tables } = await client.query(
      `select from pg_class where relkind in ('r', 'p') and relnamespace = current_schema()::regnamespace limit 1`,
    )
    return tables === 0 ? 'empty' : 'full'
  })
}

/** A desk that runs would go on with what it remembers of the old rows: no word on the command line makes that safe. */
async function refuseWhileUsed(maintenance: pg.Client, url: string): Promise<void> {
  const { rows } = await maintenance.query<{ sessions: number; programs: string | null }>(
    `select count(*)::int as sessions, string_agg(distinct nullif(application_name, ''), ', ') as programs
    from pg_stat_activity where datname = $1 and backend_type = 'client backend' and application_name <> 'deskhand-backup'`,
    [databaseIn(url)],
  )
  const { sessions, programs } = rows[0]!
  if (sessions === 0) return
  const which = `${sessions} ${sessions === 1 ? 'session' : 'sessions'}${programs ? ` (${programs})` : ''}`
  throw new BackupError(
    `The database ${databaseIn(url)} is in use by ${which}: the desk runs, or another program reads it. Nothing was changed. Stop all processes of the desk, then restore.`,
  )
}

/** Postgres refuses to rename a database that somebody uses, so a desk that starts just now is safe, too. */
async function swap(
  maintenance: pg.Client,
  { name, scratch, setAside }: { name: string; scratch: string; setAside?: string },
): Promise<void> {
  try {
    await maintenance.query('begin')
    if (setAside) await maintenance.query(`alter database ${quoted(name)} rename to ${quoted(setAside)}`)
    await maintenance.query(`alter database ${quoted(scratch)} rename to ${quoted(name)}`)
    await maintenance.query('commit')
  } catch (cause) {
    await maintenance.query('rollback').catch(() => {})
    if ((cause as { code?: string }).code !== objectInUse) throw cause
    throw new BackupError(
      `The database ${name} came into use meanwhile. Nothing was changed. Stop the desk, then restore.`,
      {
        cause,
      },
    )
  }
}

const objectInUse = '55006'
