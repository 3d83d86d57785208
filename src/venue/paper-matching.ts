import type Big from 'big.js'
import type { Clock } from '../clock.ts'
import type { Market, Quote } from '../market/market.ts'
import type { PaperBook } from './paper-book.ts'
import type { FillListener } from './venue.ts'

/** Between two looks into the book at least so many milliseconds pass, however fast prices come; each look takes the newest. */
const restMs = 10
/** So often orders of other processes are looked for, and all held against current prices that did not come by themselves. */
const lookAroundMs = 1000

/** What fills the resting orders of the paper venue. */
export interface MatchingParts {
  book: PaperBook
  market: Market
  clock: Clock
  /** Dollars per unit. */
  commissionPerUnit: Big
}

/**
 * Holds resting orders against the market's quotes as they come, and tells the listener what was filled. Any number of
 * processes may do so; the book lets each order be filled once. Only a price of now fills: what passed while nobody looked
 * has passed. Answers with what ends it.
 */
export function startMatching(
  { book, market, clock, commissionPerUnit }: MatchingParts,
  listener: FillListener,
): () => void {
  const newest = new Map<string, Quote>()
  let isLooking = false
  let isOver = false

  async function look(): Promise<void> {
    const quotes = [...newest.values()]
    newest.clear()
    for (const fill of await book.fillReached(quotes, commissionPerUnit, clock.now())) listener.filled(fill)
  }

  async function lookWhileThereAreQuotes(): Promise<void> {
    if (isLooking) return
    isLooking = true
    while (newest.size > 0 && !isOver) {
      await look().catch(listener.failed)
      await new Promise((resolve) => setTimeout(resolve, restMs))
    }
    isLooking = false
  }

  function take(quote: Quote | undefined): void {
    if (!quote || quote.stale || isOver || !book.mayRestIn(quote.symbol)) return
    newest.set(quote.symbol, quote)
    void lookWhileThereAreQuotes()
  }

  async function lookAround(): Promise<void> {
    try {
      for (const symbol of await book.symbols()) take(await market.quote(symbol))
    } catch (cause) {
      if (!isOver) listener.failed(cause)
    }
  }

  const unsubscribe = market.subscribe(take)
  const timer = setInterval(lookAround, lookAroundMs)
  void lookAround()
  return () => {
    isOver = true
    unsubscribe()
    clearInterval(timer)
  }
}
