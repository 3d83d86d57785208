import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Logger } from 'pino'

/** How many lines are remembered. */
export const historySize = 1000

/** What was typed before, kept in a file that only its owner can read. Without a file it lasts as long as the process. */
export interface History {
  /** Newest first, as readline wants them. */
  lines: string[]
  save(lines: string[]): void
}

/** The history in `file`, oldest line first there. A file that cannot be read or written is a warning, never an end. */
export function openHistory(file: string | undefined, log: Logger): History {
  if (!file) return { lines: [], save: () => {} }
  return {
    lines: read(file, log),
    save: (lines) => {
      try {
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, `${lines.toReversed().join('\n')}\n`, { mode: 0o600 })
      } catch (error) {
        log.warn({ err: error, file }, 'the history of the terminal could not be saved')
      }
    },
  }
}

function read(file: string, log: Logger): string[] {
  try {
    // The mode of `writeFileSync` counts only for a file that is new.
    chmodSync(file, 0o600)
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
    return lines.slice(-historySize).toReversed()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      log.warn({ err: error, file }, 'the history of the terminal could not be read')
    }
    return []
  }
}
