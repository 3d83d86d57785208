import type { Logger } from 'pino'
import type { Db } from '../../infra/db/client.ts'
import { wordsVersion } from './aliases.ts'
import { type Handler, loadRegistry, type Registry } from './registry.ts'

/** The Redis key of the version of the words. Postgres has the same number permanently. */
export const wordsKey = 'deskhand:words'

/** The part of Redis that tells all processes about new words. */
export interface WordsMemory {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<unknown>
}

/** The commands of this process. They are read again after any process changed their words. */
export interface LiveRegistry<Code extends Handler = Handler> {
  readonly registry: Registry<Code>
  /**
   * Reads the words again if their version changed. It runs before every message and makes one small request to Redis, or to
   * Postgres if Redis is down or lost the version. It never throws, because old words are better than none.
   */
  refresh(): Promise<void>
  /** Writes the version of Postgres to Redis, because a process may have died between the two writes. */
  tell(): Promise<void>
}

/** Loads the commands and keeps them up to date with the database. */
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
        // The version is read first, so that words which change in between are read again.
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
