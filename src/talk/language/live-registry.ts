import type { Logger } from 'pino'
import type { Db } from '../../infra/db/client.ts'
import { wordsVersion } from './aliases.ts'
import { type Handler, loadRegistry, type Registry } from './registry.ts'

/** Where short memory keeps the number of the words that are valid; Postgres has the same number for good. */
export const wordsKey = 'deskhand:words'

/** The short memory that tells all processes of new words. */
export interface WordsMemory {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<unknown>
}

/** The commands of this process, read again as soon as any process changed their words. */
export interface LiveRegistry<Code extends Handler = Handler> {
  readonly registry: Registry<Code>
  /**
   * Reads the words again when their number is another one. Asked before every message: one small question to short
   * memory, or to Postgres where that does not answer or has forgotten it. Never throws: old words are better than none.
   */
  refresh(): Promise<void>
  /** Tells short memory the number that Postgres has: a process may have died between the two. */
  tell(): Promise<void>
}

/** Loads the commands, and keeps them as they are in the database. */
export async function openLiveRegistry<Code extends Handler>(
  db: Db,
  memory: WordsMemory,
  handlers: Record<string, Code>,
  log: Logger,
): Promise<LiveRegistry<Code>> {
  let version = await wordsVersion(db)
  let registry = await loadRegistry(db, handlers)
  const now = async () => {
    const told = await memory.get(wordsKey).catch(() => null)
    if (told !== null) return told
    const kept = await wordsVersion(db)
    await memory.set(wordsKey, kept).catch(() => {})
    return kept
  }
  return {
    get registry() {
      return registry
    },
    async refresh() {
      try {
        if ((await now()) === version) return
        // The number first: words that change in between are read once more.
        const read = await wordsVersion(db)
        registry = await loadRegistry(db, handlers)
        version = read
      } catch (cause) {
        log.warn({ err: cause }, 'the words could not be read again')
      }
    },
    async tell() {
      await memory.set(wordsKey, await wordsVersion(db))
    },
  }
}
