import type { Quote } from '../../../market/market.ts'
import { marksOf } from '../../../market/marks.ts'
import type { Parts } from '../../../trading/parts.ts'
import { openSymbols } from '../../../trading/positions/rows/open-symbols.ts'
import type { Feed } from './feed.ts'

/** Prices of a symbol go out this far apart at least, in milliseconds: four times a second. */
const apartMs = 250
/**
 * Changed prices are looked at this often, in milliseconds, so that one that may go waits for no more. Prices of one look arrive
 * together, and a page draws them in one frame.
 */
const lookEveryMs = 125
const none: ReadonlySet<string> = new Set()

/**
 * Brings prices to the feeds: those of their symbols, and of what their accounts hold. They are the guarded marks by which
 * positions are marked, so that a page and its positions never differ by a bad print.
 */
export interface QuoteTicks {
  /** Prices flow while there are feeds; a new one gets the present prices at once. */
  follow(): void
  /** The holdings of accounts may have changed. */
  lookAgain(): void
  stop(): void
}

/** Creates the flow of prices. It subscribes to the marks of the market while there are feeds. */
export function createQuoteTicks(
  { market, db, log }: Pick<Parts, 'market' | 'db' | 'log'>,
  feeds: Iterable<Feed>,
): QuoteTicks {
  const marks = marksOf(market)
  let held = new Map<number, string[]>()
  let isHeldOld = true
  let isReading = false
  const changed = new Map<string, Quote>()
  /** When the price of a symbol went out, in milliseconds of a monotonic clock. */
  const wentAt = new Map<string, number>()
  let stopListening: (() => void) | undefined
  let timer: NodeJS.Timeout | undefined
  /** The symbols whose prices a feed gets. */
  const told = new WeakMap<Feed, ReadonlySet<string>>()

  function symbolsOf({ topics, reader }: Feed): Set<string> {
    return new Set([...topics.symbols, ...accountsOf({ topics, reader }).flatMap((id) => held.get(id) ?? [])])
  }

  /** Reads what the accounts hold, and tells the present prices of what is new to a feed. */
  async function readHeld(): Promise<void> {
    isHeldOld = false
    const accounts = new Set([...feeds].flatMap(accountsOf))
    const now = await openSymbols(db, [...accounts])
    const before = new Map([...feeds].map((feed) => [feed, told.get(feed)]))
    held = now
    for (const [feed, symbols] of before) {
      const all = symbolsOf(feed)
      const fresh = [...all].filter((symbol) => !symbols?.has(symbol))
      told.set(feed, all)
      // A price in doubt is told when it is confirmed.
      const quotes = await Promise.all(fresh.map((symbol) => marks.now(symbol)))
      feed.tellQuotes(quotes.filter((quote) => quote !== undefined))
    }
  }

  function lookAtHeld(): void {
    if (!isHeldOld || isReading) return
    isReading = true
    readHeld()
      .catch((cause) => {
        isHeldOld = true
        log.debug({ err: cause }, 'the holdings of streamed accounts could not be read')
      })
      .finally(() => {
        isReading = false
      })
  }

  /** Takes the changed prices that may go out now. */
  function due(): Map<string, Quote> {
    const now = performance.now()
    const quotes = new Map([...changed].filter(([symbol]) => now - (wentAt.get(symbol) ?? 0) >= apartMs))
    for (const symbol of quotes.keys()) {
      changed.delete(symbol)
      wentAt.set(symbol, now)
    }
    return quotes
  }

  function tick(): void {
    lookAtHeld()
    const quotes = due()
    if (quotes.size === 0) return
    for (const feed of feeds) {
      feed.tellQuotes([...(told.get(feed) ?? none)].flatMap((symbol) => quotes.get(symbol) ?? []))
    }
  }

  return {
    follow() {
      isHeldOld = true
      stopListening ??= marks.subscribe((quote) => changed.set(quote.symbol, quote))
      timer ??= setInterval(tick, lookEveryMs)
      lookAtHeld()
    },
    lookAgain() {
      isHeldOld = true
    },
    stop() {
      stopListening?.()
      clearInterval(timer)
      stopListening = timer = undefined
      changed.clear()
      wentAt.clear()
      held = new Map()
    },
  }
}

function accountsOf({ topics, reader }: Pick<Feed, 'topics' | 'reader'>): number[] {
  const own = [...reader.accountIds]
  const { accounts } = topics
  return accounts === 'own' ? own : own.filter((id) => accounts.has(id))
}
