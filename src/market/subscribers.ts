import type { MarketLog } from './log.ts'
import type { Quote } from './market.ts'

/** The subscribers to new quotes. One that throws is logged and does not keep the quote from the others. */
export interface Subscribers {
  size(): number
  /** Adds a subscriber; returns a function that removes it. */
  add(onQuote: (quote: Quote) => void): () => void
  tell(quote: Quote): void
  clear(): void
}

/** Creates an empty set of subscribers. `onFirst` and `onNone` start and stop the source of the quotes. */
export function createSubscribers(log: MarketLog | undefined, onFirst?: () => void, onNone?: () => void): Subscribers {
  // Wrapped, so that the same function can be added twice and removed once.
  const all = new Set<{ onQuote: (quote: Quote) => void }>()

  return {
    size: () => all.size,
    add(onQuote) {
      const entry = { onQuote }
      all.add(entry)
      if (all.size === 1) onFirst?.()
      return () => {
        if (all.delete(entry) && all.size === 0) onNone?.()
      }
    },
    tell(quote) {
      for (const { onQuote } of all) {
        try {
          onQuote(quote)
        } catch (error) {
          log?.warn({ err: error, symbol: quote.symbol }, 'a subscriber of quotes threw')
        }
      }
    },
    clear() {
      all.clear()
      onNone?.()
    },
  }
}
