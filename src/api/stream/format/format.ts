import type { ProgressEvent } from '../../contract/strategies.ts'
import type { StreamedEvent, StreamedQuote } from './streamed-event.ts'

/** The state of the stream, in its beats. */
export interface Beat {
  /** ISO 8601, UTC. */
  at: string
  /** The milliseconds for which committed events have waited, or for which the log could not be read; 0 when all is well. */
  behindMs: number
}

/** The reason why the desk ends a stream. */
export type EndReason = 'closing' | 'signed out'

/** A way to write what a reader is told, as text that goes out as it is. Times are ISO 8601; nothing is written without a method. */
export interface Format {
  /** The first message; `id` is the cursor from which the stream goes on, `retryMs` the time after which to come back. */
  opened(id: string, at: string, retryMs: number): string
  event(event: StreamedEvent): string
  quote?(quote: StreamedQuote): string
  run?(event: ProgressEvent): string
  /** Does the stream end after this event? It does not without the method. */
  isOver?(event: ProgressEvent): boolean
  beat(beat: Beat): string
  /** The cursor was too old: the reader fetches everything anew, and goes on from `id`. */
  reset(id: string, at: string): string
  ended(because: EndReason, retryMs: number, at: string): string
}

const block = (fields: Record<string, string | number>) =>
  `${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')}\n\n`

/** Server-sent events with the names of the desk's events. JSON has no line break, so a message is one `data` line. */
export const eventStream: Format = {
  opened: (id, at, retry) => block({ retry, id, event: 'connected', data: JSON.stringify({ id, at }) }),
  event: (event) => block({ id: event.id, event: event.type, data: JSON.stringify(event) }),
  quote: (quote) => block({ event: 'quote', data: JSON.stringify(quote) }),
  run: (event) => block({ event: 'run', data: JSON.stringify(event) }),
  beat: (beat) => block({ event: 'beat', data: JSON.stringify(beat) }),
  reset: (id, at) => block({ id, event: 'reset', data: JSON.stringify({ id, at }) }),
  ended: (because, retryMs, at) =>
    block({ retry: retryMs, event: 'end', data: JSON.stringify({ because, retryMs, at }) }),
}

/** The messages of a WebSocket: each in an object `event`, with the sentence as its `message`. */
export const socketMessages: Format = {
  opened: (id, at, retryMs) => wrapped({ type: 'connected', id, at, retryMs }),
  event: ({ type, text, ...event }) => wrapped({ type, message: text, ...event }),
  beat: (beat) => wrapped({ type: 'beat', ...beat }),
  reset: (id, at) => wrapped({ type: 'reset', id, at }),
  ended: (because, retryMs, at) => wrapped({ type: 'end', because, retryMs, at }),
}

const wrapped = (event: object) => JSON.stringify({ event })
