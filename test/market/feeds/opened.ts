import { pino } from 'pino'
import { afterAll } from 'vitest'
import { connectDatabase } from '../../../src/infra/db/client.ts'
import type { FeedOptions } from '../../../src/market/feeds/feed-options.ts'
import { freshDatabase } from '../../support/database.ts'
import { type HandClock, handClock } from '../hand-clock.ts'

/** What a feed is opened with in a test: a database, a clock in a session, and the lines of its log. */
export interface Ground extends FeedOptions {
  clock: HandClock
  logged: string[]
}

/** Opens grounds on one database for all tests of a file; each finds it without what feeds keep there. */
export function grounds(): (now?: string) => Promise<Ground> {
  let opened: Promise<{ db: Ground['db']; close(): Promise<void> }> | undefined
  const open = async () => {
    const database = await freshDatabase()
    const db = connectDatabase(database.url, pino({ level: 'silent' }))
    return {
      db,
      async close() {
        await db.destroy()
        await database.drop()
      },
    }
  }
  afterAll(async () => (await opened)?.close())
  // It is 10:00 on a Friday in New York.
  return async (now = '2026-11-20T15:00:00Z') => {
    opened ??= open()
    const { db } = await opened
    await db.deleteFrom('source_requests').execute()
    await db.deleteFrom('learned_symbols').execute()
    await db.deleteFrom('bar_series').execute()
    const logged: string[] = []
    const note = (fields: object, message: string) => void logged.push(JSON.stringify({ ...fields, message }))
    return { db, clock: handClock(now), maxAgeMs: 15_000, log: { info: note, warn: note }, logged }
  }
}
