import { atMost } from '../../base/at-most.ts'
import { eventsAfter, isGoodCursor } from '../../trading/events/rows/event-stream.ts'
import type { EventCursor } from '../../trading/events/rules/event-cursor.ts'
import type { Parts } from '../../trading/parts.ts'
import { createFeed, type EventLog, type Feed } from './feed.ts'
import type { Format } from './format.ts'
import { followLog, type LogFollower } from './log-follower.ts'
import type { Pipe } from './pipe.ts'
import { createQuoteTicks } from './quote-ticks.ts'
import type { Doorkeeper, Reader } from './reader.ts'
import { createRendering } from './rendering.ts'
import type { Topics } from './topics.ts'

/** A wish for a stream. */
export interface StreamWish {
  reader: Reader
  topics: Topics
  format: Format
  /** Opens the line to the reader, once it is certain that the log can be read. */
  openPipe: () => Pipe
  /** The cursor after which the reader wants every event. Without it the stream begins at the present place. */
  after?: EventCursor
  /** Given the present place, says what is told before the stream begins there. Not with `after`. */
  before?: (place: EventCursor) => Promise<string[]>
}

/** Brings the events of the desk to the streams of this process. */
export interface Hub {
  /** Begins a stream. Rejects, before the line is opened, when the log of events cannot be read. */
  open(wish: StreamWish): Promise<void>
  /** Ends all streams, each with a hint when to come back, and opens no more. */
  close(): void
}

/** Times in milliseconds, which tests shorten. */
export interface HubTimes {
  /** How often the log is looked at when nothing is announced. */
  lookEveryMs: number
  beatEveryMs: number
  /** How often the session, the token and the role of each reader are looked at. */
  checkEveryMs: number
}

const usualTimes: HubTimes = { lookEveryMs: 500, beatEveryMs: 15_000, checkEveryMs: 60_000 }

/** Readers that read from Postgres, or are looked at, at the same time. */
const readersAtOnce = 4
/** Events that one reader reads at once. */
const pageSize = 200

/** Creates the hub of a process. It reads each event once, for all streams; while there are none it does nothing. */
export function createHub(parts: Parts, keeper: Doorkeeper, times: Partial<HubTimes> = {}): Hub {
  const { db, clock, log } = parts
  const { lookEveryMs, beatEveryMs, checkEveryMs } = { ...usualTimes, ...times }
  const feeds = new Map<Feed, () => void>()
  const quotes = createQuoteTicks(parts, { [Symbol.iterator]: () => feeds.keys() })
  const inTurn = atMost(readersAtOnce)
  const rendering = createRendering(parts)
  let following: Promise<LogFollower> | undefined
  let users = 0
  let timers: NodeJS.Timeout[] = []
  let isClosed = false

  function begin(): Promise<LogFollower> {
    timers = [setInterval(beat, beatEveryMs), setInterval(() => void check(), checkEveryMs)]
    return followLog(
      parts,
      {
        tell(event) {
          for (const feed of feeds.keys()) feed.tell(event)
          quotes.lookAgain()
        },
        restart() {
          for (const feed of feeds.keys()) feed.reset()
        },
      },
      lookEveryMs,
    )
  }

  /** The last user has gone, or the log cannot be read. */
  function rest(): void {
    for (const timer of timers) clearInterval(timer)
    quotes.stop()
    following?.then(
      (follower) => follower.stop(),
      () => {},
    )
    following = undefined
  }

  function leave(): void {
    users -= 1
    if (users === 0) rest()
  }

  function beat(): void {
    quotes.lookAgain()
    following?.then(
      (follower) => {
        for (const feed of feeds.keys()) feed.beat(follower.behindMs())
      },
      () => {},
    )
  }

  /** Ends the streams of readers whose session, token or role has ended. */
  async function check(): Promise<void> {
    await Promise.all(
      [...feeds.keys()].map((feed) =>
        inTurn(async () => {
          const reader = await keeper.still(feed.reader)
          if (reader) feed.reader = reader
          else feed.end('signed out')
        }).catch((cause) => log.warn({ err: cause }, 'the reader of a stream could not be looked at')),
      ),
    )
  }

  const logOf = (follower: LogFollower): EventLog => ({
    place: () => follower.place,
    read: (after, through, accountIds) => inTurn(() => eventsAfter(db, after, { accountIds, through, most: pageSize })),
    isGood: (cursor) => inTurn(() => isGoodCursor(db, cursor, clock.now())),
    now: () => clock.now(),
    rendering,
    log,
  })

  return {
    async open({ after, before, openPipe, ...wish }) {
      if (isClosed) throw new Error('the streams are closed')
      users += 1
      let hasLeft = false
      const leaveOnce = () => {
        if (!hasLeft) leave()
        hasLeft = true
      }
      try {
        following ??= begin()
        const events = logOf(await following)
        const isReset = after !== undefined && !(await events.isGood(after))
        const from = after && !isReset ? after : events.place()
        const first = (await before?.(from)) ?? []
        if (isClosed) throw new Error('the streams are closed')
        const pipe = openPipe()
        const feed = createFeed({ ...wish, pipe, after: from, isReset }, events)
        feeds.set(feed, leaveOnce)
        pipe.onClosed(() => {
          feeds.delete(feed)
          leaveOnce()
        })
        feed.begin(first)
        quotes.follow()
      } catch (cause) {
        leaveOnce()
        throw cause
      }
    },
    close() {
      isClosed = true
      for (const feed of feeds.keys()) feed.end('closing')
      rest()
    },
  }
}
