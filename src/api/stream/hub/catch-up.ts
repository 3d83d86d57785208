import { setTimeout as wait } from 'node:timers/promises'
import { eventsAfter } from '../../../trading/events/rows/event-stream.ts'
import { compareCursors, type EventCursor } from '../../../trading/events/rules/event-cursor.ts'
import type { StreamParts } from '../stream-parts.ts'
import type { Feed } from './feed.ts'

/** Events that are read at once. */
const pageSize = 500
const againMs = 250

/**
 * Reads from Postgres for all feeds that are behind, in one pass: after a restart all readers come back at once, with cursors near
 * to each other. The returned function wakes it when a feed has fallen behind.
 */
export function createCatchUp(
  { db, log }: Pick<StreamParts, 'db' | 'log'>,
  feeds: Iterable<Feed>,
  place: () => EventCursor,
): () => void {
  let isReading = false

  async function read(): Promise<void> {
    for (;;) {
      const behind = [...feeds].filter((feed) => feed.readsAfter() !== undefined)
      if (behind.length === 0) {
        // At once: whoever falls behind from now on begins anew.
        isReading = false
        return
      }
      const from = behind.map((feed) => feed.readsAfter()!).reduce(earlier)
      const page = await eventsAfter(db, from, { through: place(), most: pageSize })
      for (const feed of behind) feed.tellPage(from, page)
    }
  }

  async function readOn(): Promise<void> {
    for (;;) {
      try {
        return await read()
      } catch (cause) {
        log.debug({ err: cause }, 'streams could not read on')
        await wait(againMs)
      }
    }
  }

  return () => {
    if (isReading) return
    isReading = true
    void readOn()
  }
}

const earlier = (one: EventCursor, other: EventCursor) => (compareCursors(one, other) <= 0 ? one : other)
