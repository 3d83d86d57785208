import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { BackupError } from './backup-error.ts'
import { databaseIn, inSession, quoted, withDatabase } from './session.ts'

/** Postgres cuts longer names off. */
const longestName = 63

/** The name of another database beside the desk's, for a purpose. */
export function nameBeside(url: string, purpose: string, mark = randomBytes(4).toString('hex')): string {
  const ending = `_${purpose}_${mark}`
  return `${databaseIn(url).slice(0, longestName - ending.length)}${ending}`
}

/**
 * Makes an empty database beside the desk's, on the same server, and gives its address to the work. It is dropped afterwards unless the
 * work has renamed it. Leftovers of processes that died are dropped first. Throws `BackupError` when the role may not make databases.
 */
export async function inScratchDatabase<Done>(
  maintenance: pg.Client,
  url: string,
  purpose: string,
  work: (scratch: { name: string; url: string }) => Promise<Done>,
): Promise<Done> {
  await dropLeftovers(maintenance, url, purpose)
  const name = nameBeside(url, purpose)
  try {
    await maintenance.query(`create database ${quoted(name)} template template0`)
  } catch (cause) {
    if ((cause as { code?: string }).code !== insufficientPrivilege) throw cause
    throw new BackupError(
      'The role of DATABASE_URL may not create databases, which a backup needs to be checked or restored: `alter role … createdb`.',
      { cause },
    )
  }
  try {
    return await work({ name, url: withDatabase(url, name) })
  } finally {
    await maintenance.query(`drop database if exists ${quoted(name)} with (force)`).catch(() => {})
  }
}

const insufficientPrivilege = '42501'

/** One that is in use belongs to somebody who lives: Postgres refuses to drop it. */
async function dropLeftovers(maintenance: pg.Client, url: string, purpose: string): Promise<void> {
  const { rows } = await maintenance.query<{ name: string }>(
    `select datname as name from pg_database where datname ~ ('^' || $1 || '_[0-9a-f]{8}$')`,
    [
      nameBeside(url, purpose, '')
        .slice(0, -1)
        .replaceAll(/[^A-Za-z0-9_]/g, '.'),
    ],
  )
  for (const { name } of rows) await maintenance.query(`drop database ${quoted(name)}`).catch(() => {})
}

/** Opens a session in a database of the server that is not the desk's, from which the desk's can be renamed. */
export async function inMaintenance<Done>(url: string, work: (client: pg.Client) => Promise<Done>): Promise<Done> {
  const reach = (name: string) => inSession(withDatabase(url, name), async () => undefined)
  const reachable = await reach('postgres').then(
    () => 'postgres',
    () => 'template1',
  )
  return inSession(withDatabase(url, reachable), work)
}
