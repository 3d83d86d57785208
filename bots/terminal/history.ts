import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Logger } from 'pino'

/** The number of lines that are kept. */
export const historySize = 1000

/**
 * The lines typed earlier, in a file that only its owner can read. Without a file, they last as long as the process.
 */
export interface History {
  /** Newest first, as readline expects. */
  lines: string[]
  save(lines: string[]): void
}

/**
 * Reads the history from `file`, which has the oldest line first. A file error is logged as a warning and nothing more.
 */
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
    // `writeFileSync` applies its mode only to a new file.
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
