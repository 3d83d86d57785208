import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { createDesk, type Desk } from '../../src/desk.ts'
import type { RunParts } from '../../src/strategies/parts.ts'
import type { Inbound } from '../../src/talk/chat/inbound.ts'
import type { Place } from '../../src/talk/chat/place.ts'
import type { Reply } from '../../src/talk/chat/reply.ts'
import { benchDatabase, servers } from './database.ts'

/** A desk with default settings on a database of its own, and people who talk to it, each in a thread of their own. */
export interface BenchDesk {
  desk: Desk
  databaseUrl: string
  /** The desk's answer to a person; its replies are marked as delivered, as a door does. */
  say(person: number, text: string): Promise<Reply[]>
  close(): Promise<void>
}

/**
 * Opens a desk on the simulated market. A planned minute takes `60 / timeScale` seconds; `runs` are the bounds of its strategy
 * runs.
 */
export async function openBenchDesk(timeScale = 1, runs: Partial<RunParts> = {}): Promise<BenchDesk> {
  const database = await benchDatabase()
  const config = readConfig({
    DATABASE_URL: database.url,
    REDIS_URL: servers().redis,
    TIME_SCALE: String(timeScale),
    MESSAGES_PER_MINUTE: '100000',
  })
  const log = pino({ level: 'warn' }, pino.destination(2))
  const desk = await createDesk({ config, log, runs })
  let messages = 0
  return {
    desk,
    databaseUrl: database.url,
    async say(person, text) {
      messages += 1
      const replies = await desk.hear(message(person, text, `bench-${messages}`))
      for (const { row } of replies) {
        if (row !== undefined) await desk.delivered(row, { message: `m-${row}`, place: placeOf(person) })
      }
      return replies
    },
    async close() {
      await desk.close()
      await database.drop()
    },
  }
}

/** A typed message of one of the people. */
export function message(person: number, text: string, id: string): Inbound {
  const author = { id: `slack:T1:U${person}`, name: `trader ${person}` }
  return { kind: 'message', id, author, place: placeOf(person), text, addressed: true }
}

function placeOf(person: number): Place {
  return { door: 'slack', workspace: 'T1', channel: 'C1', thread: `thread-${person}` }
}
