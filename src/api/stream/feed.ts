import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Quote } from '../../market/market.ts'
import type { EventPage, OrderedEvent } from '../../trading/events/rows/event-stream.ts'
import { compareCursors, cursorText, type EventCursor } from '../../trading/events/rules/event-cursor.ts'
import type { EndReason, Format } from './format.ts'
import type { Pipe } from './pipe.ts'
import type { Reader } from './reader.ts'
import type { Rendering } from './rendering.ts'
import { fits, type Topics } from './topics.ts'

/** The log of events, as a feed reads it. */
export interface EventLog {
  /** The place up to which live events have been told. */
  place(): EventCursor
  read(after: EventCursor, through: EventCursor, accountIds: readonly number[]): Promise<EventPage>
  /** May a reader go on from this cursor? */
  isGood(cursor: EventCursor): Promise<boolean>
  now(): Date
  rendering: Rendering
  log: Logger
}

/** The terms of a feed. */
export interface FeedTerms {
  reader: Reader
  topics: Topics
  format: Format
  pipe: Pipe
  /** The place after which the reader wants every event. */
  after: EventCursor
  /** The reader's own cursor was too old, so `after` is another place. */
  isReset: boolean
}

/** One stream of one reader. */
export interface Feed {
  /** Replaced when the reader's accounts change. */
  reader: Reader
  readonly topics: Topics
  /** Tells these texts, the events between the reader's cursor and now, and then live ones. */
  begin(first: readonly string[]): void
  /** Tells a live event, if it belongs here. */
  tell(event: OrderedEvent): void
  /** Tells the newest prices of symbols. Those that the reader cannot take now wait, and only the newest of each. */
  tellQuotes(quotes: Iterable<Quote>): void
  /** Gives a sign of life. A reader that has taken nothing for too long is cut off. */
  beat(behindMs: number): void
  /** The history has changed: the reader fetches everything anew and goes on from the present place. */
  reset(): void
  end(because: EndReason): void
}

/** A reader with more than this many bytes to take is told no more. When it has taken them it reads on from Postgres. */
const mostWaitingBytes = 256 * 1024
/** Prices are for readers that keep up. */
const mostBytesBeforePrices = 32 * 1024
/** A reader that takes nothing for this long is gone, in milliseconds. */
const longestStallMs = 60_000
const againMs = 250
/** The time after which a reader comes back when the line breaks: each another one, as a restart breaks all lines at once. */
export const drawRetryMs = () => Math.round(1000 + 2000 * Math.random())

/**
 * Creates a feed. It is `live` when all events up to the log's place have been told, and gets further ones as they come. Otherwise
 * it reads from Postgres: at its beginning, and after a time in which the reader was too slow. So no queue of events is kept.
 */
export function createFeed({ topics, format, pipe, after, isReset, ...terms }: FeedTerms, events: EventLog): Feed {
  const { rendering } = events
  let state: 'reading' | 'live' | 'stalled' | 'closed' = 'reading'
  /** All events up to here have been told; not kept while the feed is live. */
  let at = after
  let stalledSince = 0
  const waitingQuotes = new Map<string, Quote>()

  const now = () => events.now().toISOString()

  /** Stops telling when the reader has too much to take already. */
  function rest(through: EventCursor): void {
    if (state === 'closed' || pipe.waiting <= mostWaitingBytes) return
    state = 'stalled'
    stalledSince = performance.now()
    at = through
  }

  function resetHere(): void {
    at = events.place()
    pipe.write(format.reset(cursorText(at), now()))
  }

  /** Reads on until the feed is live. While Postgres is away it tries again. */
  async function readOn(): Promise<void> {
    while (state === 'reading') {
      try {
        await readPage()
      } catch (cause) {
        events.log.debug({ err: cause }, 'a stream could not read on')
        await wait(againMs)
      }
    }
  }

  async function readPage(): Promise<void> {
    const through = events.place()
    if (compareCursors(at, through) >= 0) {
      state = 'live'
      return
    }
    const page = await events.read(at, through, [...feed.reader.accountIds])
    // Meanwhile the reader may have gone, or another history may have begun.
    if (state !== 'reading' || at.epoch !== through.epoch) return
    for (const event of page.events) if (belongs(event)) pipe.write(rendering.event(format, event))
    at = page.through
    rest(at)
  }

  async function wake(): Promise<void> {
    if (state !== 'stalled') return
    state = 'reading'
    const isGood = await events.isGood(at).catch(() => true) // a database that is away is asked again below
    if (!isGood && state === 'reading') resetHere()
    await readOn()
  }

  function belongs(event: OrderedEvent): boolean {
    return event.accountId !== null && feed.reader.accountIds.has(event.accountId) && fits(topics, event)
  }

  pipe.onClosed(() => {
    state = 'closed'
  })
  pipe.onDrained(() => void wake())

  const feed: Feed = {
    reader: terms.reader,
    topics,
    begin(first) {
      pipe.write(format.opened(cursorText(at), now(), drawRetryMs()))
      for (const text of first) pipe.write(text)
      if (isReset) resetHere()
      void readOn()
    },
    tell(event) {
      if (state !== 'live' || !belongs(event)) return
      pipe.write(rendering.event(format, event))
      rest(event.cursor)
    },
    tellQuotes(quotes) {
      if (!format.quote || state === 'closed') return
      for (const quote of quotes) waitingQuotes.set(quote.symbol, quote)
      if (state !== 'live' || pipe.waiting > mostBytesBeforePrices) return
      for (const quote of waitingQuotes.values()) pipe.write(rendering.quote(format, quote)!)
      waitingQuotes.clear()
    },
    beat(behindMs) {
      if (state === 'closed') return
      if (state !== 'stalled') pipe.write(format.beat({ at: now(), behindMs }))
      else if (performance.now() - stalledSince > longestStallMs) pipe.cut()
    },
    reset() {
      if (state !== 'closed') resetHere()
    },
    end(because) {
      if (state === 'closed') return
      state = 'closed'
      pipe.write(format.ended(because, drawRetryMs(), now()))
      pipe.end()
    },
  }
  return feed
}
