import type { Big } from '../base/amounts.ts'
import { oncePerObject } from '../base/once-per-object.ts'
import { expecting, type GuardedMark, seePrint, withoutDoubt } from './guarded-mark.ts'
import type { Market, Quote } from './market.ts'
import { inTime } from './to-show.ts'

/**
 * The prices by which positions are watched, marked and closed: quotes whose `last` is the guarded mark (`guarded-mark.ts`),
 * so that one bad print has no effect. All users of a market in a process share one guard.
 */
export interface Marks {
  /**
   * The current quote. While its price is in doubt this waits, for half a second at most. Stale quotes are not guarded.
   * Throws the market's errors, and throws when the market does not answer for two seconds.
   */
  quote(symbol: string): Promise<Quote | undefined>
  /** The same without waiting: undefined while the price is in doubt. Subscribers get the quote when it is confirmed. */
  now(symbol: string): Promise<Quote | undefined>
  /** Calls back with every new quote whose price is confirmed, and with stale ones; returns a function that stops it. */
  subscribe(onQuote: (quote: Quote) => void): () => void
  /** Sets the expected price in dollars of a symbol that was never seen: a first print far from it is in doubt. */
  expect(symbol: string, price: Big): void
  /** The last moment at which the source confirmed a fresh quote that this process saw, in the clock's time. */
  freshAt(symbol: string): Date | undefined
  /** Resolves when no price is in doubt. */
  rest(): Promise<void>
}

/** A market that has not answered after this many milliseconds is given up for now, so that other symbols are still watched. */
const answerMs = 2000

/** The marks of a market, one object for the whole process. */
export const marksOf: (market: Market) => Marks = oncePerObject(createMarks)

interface Seen {
  state?: GuardedMark
  fresh?: Quote
  doubt?: Waiting
}

/** Callers that wait for the end of a doubt. */
interface Waiting {
  over: Promise<Quote | undefined>
  end(quote: Quote | undefined): void
  timer?: NodeJS.Timeout
}

function createMarks(market: Market): Marks {
  const bySymbol = new Map<string, Seen>()
  const listeners = new Set<{ onQuote: (quote: Quote) => void }>()
  let unsubscribe: (() => void) | undefined

  function seenOf(symbol: string): Seen {
    let seen = bySymbol.get(symbol)
    if (!seen) {
      seen = {}
      bySymbol.set(symbol, seen)
    }
    return seen
  }

  /** The quote at its guarded mark; undefined while the mark is in doubt. */
  function take(quote: Quote, isPushed: boolean): Quote | undefined {
    if (quote.stale) {
      if (isPushed) tell(quote)
      return quote
    }
    const seen = seenOf(quote.symbol)
    const before = seen.state
    const state = seePrint(before, quote, performance.now())
    seen.state = state
    seen.fresh = quote
    const hasMoved = state.mark !== before?.mark
    const isSure = !state.doubt
    const guarded =
      state.mark && (isSure || hasMoved)
        ? state.mark === quote.last
          ? quote
          : { ...quote, last: state.mark }
        : undefined
    if (guarded && seen.doubt) endDoubt(seen, guarded)
    if (!isSure) waitOn(quote.symbol, seen)
    // The end of a doubt is always announced, also when a plain request ends it.
    if (guarded && (isPushed || before?.doubt)) tell(guarded)
    return guarded
  }

  /** A listener that throws must not keep the quote from the others, nor the doubt from ending. */
  function tell(quote: Quote): void {
    for (const { onQuote } of listeners) {
      try {
        onQuote(quote)
      } catch (fault) {
        process.emitWarning(fault instanceof Error ? fault : String(fault))
      }
    }
  }

  function endDoubt(seen: Seen, quote: Quote | undefined): void {
    clearTimeout(seen.doubt?.timer)
    seen.doubt?.end(quote)
    seen.doubt = undefined
  }

  function waitOn(symbol: string, seen: Seen): void {
    if (!seen.doubt) {
      const { promise: over, resolve: end } = Promise.withResolvers<Quote | undefined>()
      seen.doubt = { over, end }
    }
    const forMs = Math.max(0, Math.ceil(seen.state!.doubt!.until - performance.now()))
    clearTimeout(seen.doubt.timer)
    seen.doubt.timer = setTimeout(() => void askAgain(symbol, seen), forMs)
  }

  /** Ends the wait for a second print: the current quote decides, and without one nothing has happened. */
  async function askAgain(symbol: string, seen: Seen): Promise<void> {
    const quote = await newest(symbol).catch(() => undefined)
    if (!seen.state?.doubt) return
    if (quote && !quote.stale) {
      take(quote, false)
      return
    }
    seen.state = withoutDoubt(seen.state)
    endDoubt(seen, quote)
  }

  /** The market's answer, unless a newer quote was pushed before it arrived. */
  async function newest(symbol: string): Promise<Quote | undefined> {
    const seen = seenOf(symbol.toUpperCase())
    const before = seen.fresh
    const quote = await inTime(market, 'the price', symbol, market.quote(symbol), answerMs)
    return seen.fresh === before ? quote : seen.fresh
  }

  async function asked(symbol: string): Promise<Quote | undefined> {
    const quote = await newest(symbol)
    return quote && take(quote, false)
  }

  return {
    now: asked,
    async quote(symbol) {
      const quote = await asked(symbol)
      return quote ?? (await bySymbol.get(symbol.toUpperCase())?.doubt?.over)
    },
    subscribe(onQuote) {
      const entry = { onQuote }
      listeners.add(entry)
      unsubscribe ??= market.subscribe((quote) => take(quote, true))
      return () => {
        listeners.delete(entry)
        if (listeners.size > 0) return
        unsubscribe?.()
        unsubscribe = undefined
      }
    },
    expect(symbol, price) {
      const seen = seenOf(symbol.toUpperCase())
      seen.state ??= expecting(price)
    },
    freshAt: (symbol) => bySymbol.get(symbol.toUpperCase())?.fresh?.at,
    async rest() {
      for (;;) {
        const doubts = [...bySymbol.values()].flatMap(({ doubt }) => doubt ?? [])
        if (doubts.length === 0) return
        await Promise.all(doubts.map(({ over }) => over))
      }
    },
  }
}
