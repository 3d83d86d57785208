import { setTimeout as wait } from 'node:timers/promises'
import { hearEvents } from '../../../infra/db/announce.ts'
import {
  endOfEvents,
  eventsAfter,
  type OrderedEvent,
  settleRestoredEvents,
} from '../../../trading/events/rows/event-stream.ts'
import type { EventCursor } from '../../../trading/events/rules/event-cursor.ts'
import type { Parts } from '../../../trading/parts.ts'

/** Follows the log of events from its present end on. */
export interface LogFollower {
  /** All events up to here have been told. */
  readonly place: EventCursor
  /** Looks at the log at once: the place is then behind all that was committed before. Rejects when the log cannot be read. */
  catchUp(): Promise<void>
  /** The milliseconds for which committed events have been held back, or the log could not be read; 0 below a second. */
  behindMs(): number
  stop(): void
}

/** The user of a follower. */
export interface LogUser {
  /** Called with each event once, in order. The follower's place is behind it after the whole page. */
  tell(event: OrderedEvent): void
  /** The database has another history: the place is a new one, and events may have been missed. */
  restart(): void
}

/** After an announcement the log is looked at once more, in milliseconds: the announced transaction may not have ended. */
const onceMoreMs = 40
/** Events that wait for an older transaction to end are looked for this often: at first, and at last. */
const heldMs = { first: 20, last: 250 }
/** A shorter delay is none. */
const leastBehindMs = 1000

/**
 * Follows the log: looks at it after each announcement, and every `lookEveryMs`. While Postgres is away it waits, and then goes on
 * where it was. Rejects when the log cannot be read at first.
 */
export async function followLog(
  { db, notices, clock, log }: Pick<Parts, 'db' | 'notices' | 'clock' | 'log'>,
  user: LogUser,
  lookEveryMs: number,
): Promise<LogFollower> {
  await settleRestoredEvents(db)
  let place = await endOfEvents(db)
  const stopping = new AbortController()
  const bell = createBell(stopping.signal)
  let mayBeAnother = false
  let nextLook = Promise.withResolvers<boolean>()
  let failingSince: number | undefined
  let heldSince: Date | undefined

  /** After a loss of the connection, another server may answer. */
  async function checkHistory(): Promise<void> {
    const end = await endOfEvents(db)
    mayBeAnother = false
    if (end.epoch === place.epoch || stopping.signal.aborted) return
    log.warn('the database has another history: the readers of all streams start anew')
    await settleRestoredEvents(db)
    place = end
    user.restart()
  }

  async function look(): Promise<boolean> {
    if (mayBeAnother) await checkHistory()
    const page = await eventsAfter(db, place)
    if (stopping.signal.aborted) return false
    for (const event of page.events) user.tell(event)
    place = page.through
    heldSince = page.heldSince
    failingSince = undefined
    return page.isMore
  }

  async function follow(): Promise<void> {
    let wasRung = false
    let heldFor: number = heldMs.first
    while (!stopping.signal.aborted) {
      let nextMs = lookEveryMs
      const thisLook = nextLook
      nextLook = Promise.withResolvers()
      try {
        const isMore = await look()
        if (isMore) {
          void nextLook.promise.then(thisLook.resolve)
          continue
        }
        thisLook.resolve(true)
        if (wasRung) nextMs = onceMoreMs
        if (heldSince) nextMs = Math.min(nextMs, heldFor)
        heldFor = heldSince ? Math.min(2 * heldFor, heldMs.last) : heldMs.first
      } catch (cause) {
        thisLook.resolve(false)
        if (failingSince === undefined) log.warn({ err: cause }, 'the log of events cannot be read; streams wait')
        failingSince ??= performance.now()
        mayBeAnother = true
      }
      wasRung = await bell.rungWithin(nextMs)
    }
    nextLook.resolve(false)
  }

  const stopHearing = hearEvents(notices, bell.ring, () => {
    mayBeAnother = true
    bell.ring()
  })
  void follow()

  return {
    get place() {
      return place
    },
    async catchUp() {
      const looked = nextLook.promise
      bell.ring()
      if (!(await looked)) throw new Error('the log of events cannot be read')
    },
    behindMs() {
      const failing = failingSince === undefined ? 0 : performance.now() - failingSince
      const held = heldSince === undefined ? 0 : clock.now().getTime() - heldSince.getTime()
      const behind = Math.round(Math.max(failing, held))
      return behind < leastBehindMs ? 0 : behind
    },
    stop() {
      stopping.abort()
      stopHearing()
    },
  }
}

/** Wakes somebody who waits. A ring while nobody waits is kept. */
function createBell(signal: AbortSignal) {
  let rung = Promise.withResolvers<boolean>()
  return {
    ring: () => rung.resolve(true),
    async rungWithin(ms: number): Promise<boolean> {
      const over = new AbortController()
      const either = AbortSignal.any([signal, over.signal])
      const late = wait(ms, false, { signal: either, ref: false }).catch(() => false)
      const isRung = await Promise.race([rung.promise, late])
      over.abort()
      if (isRung) rung = Promise.withResolvers()
      return isRung
    },
  }
}
