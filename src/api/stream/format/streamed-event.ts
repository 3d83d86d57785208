import { z } from 'zod'
import type { Quote } from '../../../market/market.ts'
import type { OrderedEvent } from '../../../trading/events/rows/event-stream.ts'
import { cursorText } from '../../../trading/events/rules/event-cursor.ts'
import type { Parts } from '../../../trading/parts.ts'

/** An event as programs and the page get it, from the stream and from `/api/events` alike. */
export const streamedEvent = z.object({
  /** Its cursor: `epoch.xid.id`. */
  id: z.string(),
  type: z.string(),
  urgency: z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']),
  /** Null when the event concerns a whole account. */
  symbol: z.string().nullable(),
  /** Null when the event concerns the whole desk. */
  account: z.number().int().nullable(),
  scaleout: z.number().int().nullable(),
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
  /** The sentence that chat has for it. */
  text: z.string(),
  /** Quantities, prices and dollars are decimal strings. */
  data: z.unknown(),
})
export type StreamedEvent = z.infer<typeof streamedEvent>

/** A price as the stream has it: dollars in decimal strings. */
export const streamedQuote = z.object({
  symbol: z.string(),
  bid: z.string(),
  ask: z.string(),
  last: z.string(),
  at: z.iso.datetime(),
  /** The reason why nobody trades on it; absent when it is fresh. */
  stale: z.string().optional(),
})
export type StreamedQuote = z.infer<typeof streamedQuote>

/** Makes the object of an event. */
export function toStreamed({ wording }: Pick<Parts, 'wording'>, event: OrderedEvent): StreamedEvent {
  return {
    id: cursorText(event.cursor),
    type: event.type,
    urgency: event.urgency,
    symbol: event.symbol ?? null,
    account: event.accountId,
    scaleout: event.scaleoutId ?? null,
    at: event.at.toISOString(),
    text: wording({ kind: 'event.listed', event }).text,
    data: event.data,
  }
}

/** Makes the object of a quote. */
export function toStreamedQuote({ symbol, bid, ask, last, at, stale }: Quote): StreamedQuote {
  return {
    ...{ symbol, bid: bid.toFixed(), ask: ask.toFixed(), last: last.toFixed(), at: at.toISOString() },
    ...(stale !== undefined && { stale }),
  }
}
