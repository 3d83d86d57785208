import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { BackupError } from './backup-error.ts'
import type { BackupKeys } from './backup-keys.ts'
import { packed } from './content.ts'
import { dumped } from './dump.ts'
import { sealed } from './sealed-file.ts'
import { databaseIn, inSession } from './session.ts'

/** A lock of the database that whoever makes a backup of it holds. */
const backupLock = '7233181501'

/** Where a backup comes from and goes to. */
export interface BackupOptions {
  /** The database. */
  url: string
  folder: string
  keys: BackupKeys
  signal?: AbortSignal
}

/** The file of a finished backup. */
export interface Made {
  path: string
  /** Its size. */
  bytes: number
  isEncrypted: boolean
}

/**
 * Writes a backup into a folder. The file gets its name only when it is whole and on the disk, and nobody else may read it. Throws
 * `BackupError` when another backup of this database is under way, and when the folder cannot be written; then nothing is left of it.
 */
export async function makeBackup({ url, folder, keys, signal }: BackupOptions): Promise<Made> {
  return inSession(url, async (client) => {
    if (!(await isOurs(client)))
      throw new BackupError('Another backup of this database is under way. Wait for its end.')
    const name = nameOf(databaseIn(url), await timeOf(client))
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await removeUnfinished(folder, databaseIn(url))
      const path = join(folder, name)
      const making = `${path}.partial`
      try {
        await write(making, sealed(packed(dumped(client, signal)), keys))
        await rename(making, path)
        await syncFolder(folder)
      } catch (cause) {
        await rm(making, { force: true })
        throw cause
      }
      return { path, bytes: (await stat(path)).size, isEncrypted: keys.first !== undefined }
    } catch (cause) {
      throw inWords(cause, folder)
    }
  })
}

async function isOurs(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ ours: boolean }>(`select pg_try_advisory_lock(${backupLock}) as ours`)
  return rows[0]!.ours
}

async function timeOf(client: pg.Client): Promise<Date> {
  const { rows } = await client.query<{ at: Date }>('select clock_timestamp() as at')
  return rows[0]!.at
}

async function write(path: string, bytes: AsyncIterable<Buffer>): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const piece of bytes) await file.appendFile(piece)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** After a crash of the machine the new name must be there. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const ending = '.backup'

/** Names in the order of time, which hold no character that a file system refuses. */
const nameOf = (database: string, at: Date) => `${stem(database)}${at.toISOString().replaceAll(':', '')}${ending}`
const stem = (database: string) => `${database.replaceAll(/[^A-Za-z0-9_]/g, '_')}-`

/** The lock is held, so an unfinished file of this database is one of a process that died. */
async function removeUnfinished(folder: string, database: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(stem(database)) && name.endsWith(`${ending}.partial`))
      await rm(join(folder, name), { force: true })
  }
}

/** The finished backups of a database in a folder, oldest first. */
export async function backupsIn(folder: string, url: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  const ours = names.filter((name) => name.startsWith(stem(databaseIn(url))) && name.endsWith(ending))
  return ours.sort().map((name) => join(folder, name))
}

/** Removes all but the newest backups of a database, and returns the removed ones. */
export async function pruneBackups(folder: string, url: string, keep: number): Promise<string[]> {
  const old = (await backupsIn(folder, url)).slice(0, -keep)
  for (const path of old) await rm(path, { force: true })
  return old
}

const codes: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'files may not become so large there',
  EACCES: 'this account may not write there',
  EPERM: 'this account may not write there',
  EROFS: 'that disk cannot be written',
  ENOTDIR: 'that is no folder',
  EEXIST: 'that is no folder',
}

function inWords(cause: unknown, folder: string): unknown {
  const { code, syscall } = cause as NodeJS.ErrnoException
  if (!syscall || !code) return cause
  return new BackupError(
    `The backup could not be written to ${folder}: ${codes[code] ?? code}. Nothing is left of it.`,
    {
      cause,
    },
  )
}
