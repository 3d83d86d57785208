import type { BackupKeys } from './backup-keys.ts'
import { type BackupFacts, load, readBackup } from './load.ts'
import { inScratchDatabase } from './scratch-database.ts'
import { inSession } from './session.ts'

/**
 * Restores a backup into a database beside the desk's, compares counts and sums of all tables, and drops it. Returns the facts of the
 * backup. Throws `BackupError` when it could not be restored as it was.
 */
export async function checkBackup(url: string, path: string, keys: BackupKeys): Promise<BackupFacts> {
  const facts = await readBackup(path, keys)
  await inSession(url, (client) =>
    inScratchDatabase(client, url, 'check', (scratch) => load(scratch.url, path, keys, facts)),
  )
  return facts
}
