import { atMost } from '../../../base/at-most.ts'
import { openStreams } from '../../../base/metrics.ts'
import { isGoodCursor, type OrderedEvent } from '../../../trading/events/rows/event-stream.ts'
import type { EventCursor } from '../../../trading/events/rules/event-cursor.ts'
import type { Format } from '../format/format.ts'
import type { Doorkeeper, Reader } from '../reader/reader.ts'
import type { Topics } from '../reader/topics.ts'
import type { StreamParts } from '../stream-parts.ts'
import { createCatchUp } from './catch-up.ts'
import { createFeed, type EventLog, type Feed } from './feed.ts'
import { followLog, type LogFollower } from './log-follower.ts'
import type { Pipe } from './pipe.ts'
import { createQuoteTicks } from './quote-ticks.ts'
import { createRendering } from './rendering.ts'
import { createRunTicks } from './run-ticks.ts'

/** A wish for a stream. */
export interface StreamWish {
  reader: Reader
  topics: Topics
  format: Format
  /** Opens the line to the reader, once it is certain that the log can be read. */
  openPipe: () => Pipe
  /** The cursor after which the reader wants every event. Without it the stream begins at the present place. */
  after?: EventCursor
  /** Reads what is told at first, given the place at which the stream begins. */
  first?: (place: EventCursor) => Promise<string[]> | string[]
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

/** The log that all streams of the process follow. */
interface Following {
  follower: LogFollower
  events: EventLog
}

const usualTimes: HubTimes = { lookEveryMs: 500, beatEveryMs: 15_000, checkEveryMs: 60_000 }

/** Readers that are looked at at the same time. */
const readersAtOnce = 4

/** Creates the hub of a process. It reads each event once, for all streams; while there are none it does nothing. */
export function createHub(parts: StreamParts, keeper: Doorkeeper, times: Partial<HubTimes> = {}): Hub {
  const { db, clock, log } = parts
  const { lookEveryMs, beatEveryMs, checkEveryMs } = { ...usualTimes, ...times }
  const feeds = new Set<Feed>()
  const quotes = createQuoteTicks(parts, feeds)
  const runs = createRunTicks(parts, feeds)
  const inTurn = atMost(readersAtOnce)
  const rendering = createRendering(parts)
  let following: Promise<Following> | undefined
  let users = 0
  let timers: NodeJS.Timeout[] = []
  let isClosed = false

  async function begin(): Promise<Following> {
    timers = [setInterval(beat, beatEveryMs), setInterval(() => void check(), checkEveryMs)]
    const user = {
      tell(event: OrderedEvent) {
        for (const feed of feeds) feed.tell(event)
        quotes.lookAgain()
      },
      restart() {
        for (const feed of feeds) feed.reset()
      },
    }
    const follower = await followLog(parts, user, lookEveryMs)
    const place = () => follower.place
    return {
      follower,
      events: {
        place,
        catchUp: createCatchUp(parts, feeds, place),
        isGood: (cursor) => inTurn(() => isGoodCursor(db, cursor, clock.now())),
        now: () => clock.now(),
        rendering,
      },
    }
  }

  /** The last user has gone, or the log cannot be read. */
  function rest(): void {
    for (const timer of timers) clearInterval(timer)
    quotes.stop()
    runs.stop()
    following?.then(
      ({ follower }) => follower.stop(),
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
      ({ follower }) => {
        for (const feed of feeds) feed.beat(follower.behindMs())
      },
      () => {},
    )
  }

  /** Ends the streams of readers whose session, token or role has ended. */
  async function check(): Promise<void> {
    await Promise.all(
      [...feeds].map((feed) =>
        inTurn(async () => {
          const reader = await keeper.still(feed.reader)
          if (reader) feed.reader = reader
          else feed.end('signed out')
        }).catch((cause) => log.warn({ err: cause }, 'the reader of a stream could not be looked at')),
      ),
    )
  }

  return {
    async open({ after, first, openPipe, ...wish }) {
      if (isClosed) throw new Error('the streams are closed')
      users += 1
      let hasLeft = false
      const leaveOnce = () => {
        if (!hasLeft) leave()
        hasLeft = true
      }
      try {
        following ??= begin()
        const { follower, events } = await following
        if (!after) await follower.catchUp()
        const isReset = after !== undefined && !(await events.isGood(after))
        const from = after && !isReset ? after : events.place()
        const texts = (await first?.(from)) ?? []
        if (isClosed) throw new Error('the streams are closed')
        const pipe = openPipe()
        const feed = createFeed({ ...wish, pipe, after: from, isReset }, events)
        feeds.add(feed)
        openStreams.inc()
        pipe.onClosed(() => {
          feeds.delete(feed)
          openStreams.dec()
          leaveOnce()
        })
        feed.begin(texts)
        quotes.follow()
        runs.follow()
      } catch (cause) {
        leaveOnce()
        throw cause
      }
    },
    close() {
      isClosed = true
      for (const feed of feeds) feed.end('closing')
      rest()
    },
  }
}
