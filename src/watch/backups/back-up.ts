import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import { BackupError } from '../../infra/backup/backup-error.ts'
import { checkBackup } from '../../infra/backup/check-backup.ts'
import type { BackupFacts } from '../../infra/backup/load.ts'
import { type BackupOptions, type Made, makeBackup, pruneBackups } from '../../infra/backup/make-backup.ts'
import type { Database } from '../../infra/db/schema.ts'
import { noteBegun, noteEnded } from './rows.ts'

/** A backup that was made, restored into a database beside and found equal. */
export interface BackedUp extends Made {
  facts: BackupFacts
  /** Older backups that were removed. */
  removed: string[]
}

/**
 * Makes a backup, checks it by restoring it, removes older ones, and keeps a record of it. An unproven backup removes no older one.
 * Throws `BackupError` after a failure, of which there is a record, too.
 */
export async function backUp(
  db: Kysely<Database>,
  log: Logger,
  { keep, ...options }: BackupOptions & { keep: number },
): Promise<BackedUp> {
  const { url, folder, keys, signal } = options
  const id = await noteBegun(db)
  let made: Made | undefined
  try {
    made = await makeBackup(options)
    signal?.throwIfAborted()
    const facts = await checkBackup(url, made.path, keys)
    const removed = await pruneBackups(folder, url, keep)
    await noteEnded(db, id, { made })
    log.info({ path: made.path, bytes: made.bytes, removed: removed.length }, 'a backup was made and checked')
    return { ...made, facts, removed }
  } catch (cause) {
    // One that ended with its process is no failure: its row stays open.
    if (signal?.aborted) throw cause
    await noteEnded(db, id, { made, fault: faultOf(cause) }).catch(() => {})
    log.error({ err: cause }, 'the backup failed')
    throw cause
  }
}

/** An unforeseen error may hold rows of people. */
function faultOf(cause: unknown): string {
  if (cause instanceof BackupError) return cause.message
  const code = (cause as { code?: unknown }).code
  return `it failed for an unforeseen reason${typeof code === 'string' ? ` (${code})` : ''}; the log has it`
}
