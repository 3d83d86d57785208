import { type Kysely, sql } from 'kysely'
import type { Logger } from 'pino'
import type { Clock } from '../../base/clock.ts'
import type { Database } from './schema.ts'

/** How often the database is asked, and how often this machine's clock is held against time as it passes, in milliseconds. */
const askEveryMs = 10_000
const lookEveryMs = 1000
/** A machine's clock that moved by more than this, against time as it passes, was set, or its machine slept. */
const jumpMs = 250
/** So many answers are compared when the clock is set; the quickest one is the most exact. */
const asks = 3
/** Where the time goes back by less than this, it stands still instead until it is caught up with. */
const standsStillMs = 1000

/** The database's time, at a moment of this process's monotonic clock; wrong by `errorMs` at most. */
interface Reading {
  time: number
  at: number
  errorMs: number
}

/** A clock that shows the database's time; `close` ends its corrections. */
export interface DatabaseClock extends Clock {
  close(): void
}

/**
 * The one clock of a house of several processes: the database's. It is read now and then, and at once when the machine's
 * own clock has jumped; in between it goes on with time as it passes, whatever the machine's clock says meanwhile.
 * Correct to half of what an answer of the database takes. It stays as it is while the database is away. Throws when the database
 * does not answer the first time.
 */
export async function openDatabaseClock(
  db: Kysely<Database>,
  scale: number,
  log: Logger,
  options: { askEveryMs?: number; lookEveryMs?: number } = {},
): Promise<DatabaseClock> {
  let reading = await read(db)
  let latest = 0
  const shown = () => reading.time + performance.now() - reading.at

  let isAsking = false
  async function correct(): Promise<void> {
    if (isAsking) return
    isAsking = true
    try {
      const next = await read(db)
      const differenceMs = next.time - (reading.time + next.at - reading.at)
      // What an answer's own delay explains says nothing: following it would make the time tremble.
      if (Math.abs(differenceMs) <= next.errorMs) return
      if (Math.abs(differenceMs) > standsStillMs) {
        log.warn({ difference_ms: Math.round(differenceMs) }, "the database's clock was set: the desk follows it")
      }
      reading = next
    } catch (cause) {
      log.debug({ err: cause }, "the database's clock could not be read")
    } finally {
      isAsking = false
    }
  }

  const machineOffset = () => Date.now() - performance.now()
  let offset = machineOffset()
  const asking = setInterval(() => void correct(), options.askEveryMs ?? askEveryMs)
  const looking = setInterval(() => {
    const now = machineOffset()
    if (Math.abs(now - offset) < jumpMs) return
    offset = now
    void correct()
  }, options.lookEveryMs ?? lookEveryMs)
  asking.unref()
  looking.unref()

  return {
    scale,
    now() {
      const time = shown()
      if (time >= latest || latest - time > standsStillMs) latest = time
      return new Date(latest)
    },
    close() {
      clearInterval(asking)
      clearInterval(looking)
    },
  }
}

/** The most exact of a few answers. */
async function read(db: Kysely<Database>): Promise<Reading> {
  let best: Reading | undefined
  for (let asked = 0; asked < asks; asked++) {
    const began = performance.now()
    const { rows } = await sql<{ time: number }>`
      select (extract(epoch from clock_timestamp()) * 1000)::float8 as time`.execute(db)
    const at = performance.now()
    const errorMs = (at - began) / 2
    if (!best || errorMs < best.errorMs) best = { time: rows[0]!.time + errorMs, at, errorMs }
  }
  return best!
}
