import type { Quote } from '../../../market/market.ts'
import type { EventPage, OrderedEvent } from '../../../trading/events/rows/event-stream.ts'
import { compareCursors, cursorText, type EventCursor } from '../../../trading/events/rules/event-cursor.ts'
import type { ProgressEvent } from '../../contract/strategies.ts'
import type { EndReason, Format } from '../format/format.ts'
import type { Reader } from '../reader/reader.ts'
import { fits, type Topics } from '../reader/topics.ts'
import type { Pipe } from './pipe.ts'
import type { Rendering } from './rendering.ts'

/** The log of events, as a feed sees it. */
export interface EventLog {
  /** The place up to which live events have been told. */
  place(): EventCursor
  /** Reads on for all feeds that are behind. */
  catchUp(): void
  /** May a reader go on from this cursor? */
  isGood(cursor: EventCursor): Promise<boolean>
  now(): Date
  rendering: Rendering
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
  /** The place after which this feed waits for events from Postgres; undefined when it does not. */
  readsAfter(): EventCursor | undefined
  /** Tells the events of a page that was read after a place, as far as they belong here and were not told before. */
  tellPage(from: EventCursor, page: EventPage): void
  /** Tells a live event, if it belongs here. */
  tell(event: OrderedEvent): void
  /** Tells the newest prices of symbols. Those that the reader cannot take now wait, and only the newest of each. */
  tellQuotes(quotes: Iterable<Quote>): void
  /** Tells the progress of a run. While the reader can take no more it waits, and only the newest of each run. */
  tellRun(events: readonly ProgressEvent[]): void
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
/** The time after which a reader comes back when the line breaks: each another one, as a restart breaks all lines at once. */
export const drawRetryMs = () => Math.round(1000 + 2000 * Math.random())

/**
 * Creates a feed. It is `live` when all events up to the log's place have been told, and gets further ones as they come. Otherwise
 * it waits for events from Postgres: at its beginning, and after a time in which the reader was too slow. So no queue of events is
 * kept.
 */
export function createFeed({ topics, format, pipe, after, isReset, ...terms }: FeedTerms, events: EventLog): Feed {
  const { rendering } = events
  let state: 'reading' | 'live' | 'stalled' | 'closed' = 'reading'
  /** All events up to here have been told; not kept while the feed is live. */
  let at = after
  let stalledSince = 0
  const waitingQuotes = new Map<string, Quote>()
  const waitingRuns = new Map<string, readonly ProgressEvent[]>()

  const now = () => events.now().toISOString()

  /** Stops telling behind an event when the reader has too much to take already. Returns whether it does. */
  function restsIfFull(told: EventCursor): boolean {
    if (pipe.waiting <= mostWaitingBytes) return false
    state = 'stalled'
    stalledSince = performance.now()
    at = told
    return true
  }

  function resetHere(): void {
    at = events.place()
    pipe.write(format.reset(cursorText(at), now()))
  }

  /** Becomes live, or waits for the events from Postgres. */
  function readOn(): void {
    if (compareCursors(at, events.place()) >= 0) {
      state = 'live'
      return
    }
    state = 'reading'
    events.catchUp()
  }

  async function wake(): Promise<void> {
    if (state !== 'stalled') return
    const isGood = await events.isGood(at).catch(() => true) // a database that is away is asked again for the events
    if (state !== 'stalled') return
    if (!isGood) resetHere()
    readOn()
  }

  function belongs(event: OrderedEvent): boolean {
    return event.accountId !== null && feed.reader.accountIds.has(event.accountId) && fits(topics, event)
  }

  function tellRuns(): void {
    for (const [id, events] of waitingRuns) {
      if (state === 'closed' || pipe.waiting > mostBytesBeforePrices) return
      waitingRuns.delete(id)
      for (const event of events) pipe.write(format.run!(event))
      if (!events.some((event) => format.isOver?.(event))) continue
      state = 'closed'
      pipe.end()
    }
  }

  pipe.onClosed(() => {
    state = 'closed'
  })
  pipe.onDrained(() => {
    tellRuns()
    void wake()
  })

  const feed: Feed = {
    reader: terms.reader,
    topics,
    begin(first) {
      pipe.write(format.opened(cursorText(at), now(), drawRetryMs()))
      for (const text of first) pipe.write(text)
      if (isReset || at.epoch !== events.place().epoch) resetHere()
      readOn()
    },
    readsAfter: () => (state === 'reading' ? at : undefined),
    tellPage(from, page) {
      // Meanwhile the reader may have gone, or another history may have begun.
      if (state !== 'reading' || at.epoch !== from.epoch) return
      const isFirst = compareCursors(at, from) <= 0
      for (const event of page.events) {
        if (!belongs(event) || (!isFirst && compareCursors(event.cursor, at) <= 0)) continue
        pipe.write(rendering.event(format, event))
        if (restsIfFull(event.cursor)) return
      }
      if (compareCursors(page.through, at) > 0) at = page.through
      readOn()
    },
    tell(event) {
      if (state !== 'live' || !belongs(event)) return
      pipe.write(rendering.event(format, event))
      restsIfFull(event.cursor)
    },
    tellQuotes(quotes) {
      if (!format.quote || state === 'closed') return
      for (const quote of quotes) waitingQuotes.set(quote.symbol, quote)
      if (state !== 'live' || pipe.waiting > mostBytesBeforePrices) return
      for (const quote of waitingQuotes.values()) pipe.write(rendering.quote(format, quote)!)
      waitingQuotes.clear()
    },
    tellRun(events) {
      const [first] = events
      if (!format.run || !first || state === 'closed') return
      waitingRuns.set(first.run_id, events)
      tellRuns()
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
