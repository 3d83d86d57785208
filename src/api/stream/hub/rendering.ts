import { oncePerObject } from '../../../base/once-per-object.ts'
import type { Quote } from '../../../market/market.ts'
import type { OrderedEvent } from '../../../trading/events/rows/event-stream.ts'
import type { Parts } from '../../../trading/parts.ts'
import type { Format } from '../format/format.ts'
import { toStreamed, toStreamedQuote } from '../format/streamed-event.ts'

/** Makes the text of what is told, once for all readers with the same format. */
export interface Rendering {
  event(format: Format, event: OrderedEvent): string
  /** Undefined when the format has no prices. */
  quote(format: Format, quote: Quote): string | undefined
}

export function createRendering(parts: Pick<Parts, 'wording'>): Rendering {
  const streamedOf = oncePerObject((event: OrderedEvent) => toStreamed(parts, event))
  const eventTexts = oncePerObject((_: OrderedEvent) => new Map<Format, string>())
  const quoteTexts = oncePerObject((_: Quote) => new Map<Format, string>())
  return {
    event(format, event) {
      const texts = eventTexts(event)
      const text = texts.get(format) ?? format.event(streamedOf(event))
      texts.set(format, text)
      return text
    },
    quote(format, quote) {
      const texts = quoteTexts(quote)
      const text = texts.get(format) ?? format.quote?.(toStreamedQuote(quote))
      if (text !== undefined) texts.set(format, text)
      return text
    },
  }
}
