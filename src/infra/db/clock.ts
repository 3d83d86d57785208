import { type Kysely, sql } from 'kysely'
import type { Logger } from 'pino'
import type { Clock } from '../../base/clock.ts'
import type { Database } from './schema.ts'

/**
 * Intervals in milliseconds: how often to ask the database, and how often to compare this machine's clock with the monotonic
 * clock.
 */
const askEveryMs = 10_000
const lookEveryMs = 1000
/** A machine clock that moves by more than this against the monotonic clock was set, or the machine slept. */
const jumpMs = 250
/** The number of readings for one correction; the quickest answer is the most exact. */
const asks = 3
/** A smaller step back is not followed: time stands still until the database has caught up. */
const standsStillMs = 1000

/** The database's time at a moment of this process's monotonic clock; wrong by at most `errorMs`. */
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
 * A clock that shows the database's time, so that all processes agree. It asks the database now and then, and at once when
 * the machine's clock has jumped. In between it follows the monotonic clock, whatever the machine's clock says. Its error is
 * at most half the database's answer time. While the database is away it runs on uncorrected. Throws when the database does
 * not answer the first time.
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
      // A difference within the error of the reading tells nothing; following it would make the time jitter.
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

/** The most exact of several readings. */
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
