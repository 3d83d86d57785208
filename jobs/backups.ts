import type { Desk } from '../src/desk.ts'
import { backUp } from '../src/watch/backups/back-up.ts'
import { claimBackup } from '../src/watch/backups/rows.ts'

/** Milliseconds between two looks. */
const usually = 60_000

/**
 * Makes the backups that are due (BACKUP_EVERY), one worker of all at a time. Without a folder it makes none. Closing ends a backup
 * that is under way; nothing is left of it.
 */
export function startBackups({ parts, config }: Desk, lookEveryMs = usually): { close(): Promise<void> } {
  const { BACKUP_FOLDER: folder, BACKUP_EVERY: everyMs } = config
  if (folder === undefined || everyMs === undefined) return { close: async () => {} }
  const { db, log } = parts
  const closing = new AbortController()
  const options = {
    ...{ url: config.DATABASE_URL, folder, keys: config.BACKUP_KEY, keep: config.BACKUP_KEEP },
    signal: closing.signal,
  }

  async function look(): Promise<void> {
    if (await claimBackup(db, everyMs!)) await backUp(db, log, options)
  }

  let looking: Promise<void> | undefined
  const timer = setInterval(() => {
    looking ??= look()
      .catch((cause) => log.debug({ err: cause }, 'no backup was made'))
      .finally(() => {
        looking = undefined
      })
  }, lookEveryMs)
  return {
    async close() {
      clearInterval(timer)
      closing.abort()
      await looking
    },
  }
}
