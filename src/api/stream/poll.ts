import { endOfEvents, eventsAfter, isGoodCursor } from '../../trading/events/rows/event-stream.ts'
import { cursorText, readCursor } from '../../trading/events/rules/event-cursor.ts'
import { type StreamedEvent, toStreamed } from './format/streamed-event.ts'
import type { StreamParts } from './stream-parts.ts'

/** Events since a cursor, the same objects as on the stream. */
export interface Polled {
  /** In the order of the stream. */
  events: StreamedEvent[]
  /** The cursor to ask with the next time. */
  latest: string
  /** The cursor was too old, or none: everything is to be read anew, and `latest` is the present end. */
  isReset: boolean
  /** There are more events: ask again at once. */
  isMore: boolean
}

/**
 * The polling twin of the stream: the events of these accounts since a cursor. `most` counts events that are looked at, of all
 * accounts, so a page may have fewer, or none, and still not be the last.
 */
export async function pollEvents(
  parts: Pick<StreamParts, 'db' | 'clock' | 'wording'>,
  { accountIds, after, most }: { accountIds: readonly number[]; after?: string; most: number },
): Promise<Polled> {
  const { db, clock } = parts
  const cursor = after === undefined ? undefined : readCursor(after)
  if (!cursor || !(await isGoodCursor(db, cursor, clock.now()))) {
    const latest = cursorText(await endOfEvents(db))
    return { events: [], latest, isReset: after !== undefined, isMore: false }
  }
  const { events, through, isMore } = await eventsAfter(db, cursor, { accountIds, most })
  return {
    events: events.map((event) => toStreamed(parts, event)),
    latest: cursorText(through),
    isReset: false,
    isMore,
  }
}
