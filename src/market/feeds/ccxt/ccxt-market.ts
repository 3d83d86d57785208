import { together } from '../../../base/together.ts'
import { type Exchange, loadExchange, UnknownExchange } from '../../../infra/exchanges/exchange.ts'
import { keptBars } from '../../bars/kept-bars.ts'
import { checkBars } from '../../bars.ts'
import type { Instrument, Market, Quote } from '../../market.ts'
import { MarketError } from '../../spec.ts'
import { createSubscribers } from '../../subscribers.ts'
import { createBudget } from '../budget.ts'
import type { FeedOptions } from '../feed-options.ts'
import { createInterest } from '../shared/interest.ts'
import { createSourceHealth } from '../shared/source-health.ts'
import { within } from '../shared/within.ts'
import { ccxtBars } from './bars.ts'
import { pairsOf, quoteOf } from './pairs.ts'

/** Waits in milliseconds; tests have shorter ones. */
export interface CcxtMarketTimes {
  /** Between two questions for all pairs that somebody needs. */
  pollMs: number
  /** A quote that is younger is not asked for again. */
  freshMs: number
  /** Between two tries to read the list of pairs. */
  againMs: number
}

const usualTimes: CcxtMarketTimes = { pollMs: 2000, freshMs: 1000, againMs: 10_000 }
/** Public requests in a minute: what Kraken takes of one address, and less than the others do. */
const perMinute = 60
const patienceMs = 8000
/** A question for a quote waits no longer, in milliseconds, so that the next market has its turn. */
const answerMs = 2500
/** Pairs of one question. */
const mostPairs = 50

/** An exchange's prices of its pairs, by public requests and without a key. Prices are in the pair's own currency. */
export async function openCcxtMarket(
  options: FeedOptions & { exchange: string; urls?: string; times?: Partial<CcxtMarketTimes> },
): Promise<Market> {
  const { db, clock, log, exchange: id, urls } = options
  const times = { ...usualTimes, ...options.times }
  const exchange = await loadExchange(id, { urls }).catch((cause) => {
    throw cause instanceof UnknownExchange ? new MarketError(`MARKET=ccxt:${id}: ${cause.message}`) : cause
  })
  if (exchange.has.fetchTickers !== true || exchange.has.fetchOHLCV !== true)
    throw new MarketError(`MARKET=ccxt:${id}: ${exchange.name} does not show prices of several pairs and bars`)
  exchange.timeout = patienceMs
  const health = createSourceHealth(id, { clock, log })
  const budget = createBudget(perMinute, 60_000)
  const interest = createInterest()
  const held = new Map<string, { quote: Quote; heardAt: number }>()
  let pairs: ReturnType<typeof pairsOf> = new Map()
  let watched: ReadonlySet<string> = new Set()
  let isWatching = false
  const subscribers = createSubscribers(log)

  /** Asks once. Throws when the exchange does not answer, or the budget is used up. */
  async function ask<Value>(work: () => Promise<Value>): Promise<Value> {
    if (!budget.take()) throw new Error(`the budget of requests to ${id} is used up`)
    try {
      const value = await work()
      health.heard()
      return value
    } catch (cause) {
      health.failed(cause instanceof Error ? cause.message : 'no answer')
      throw cause
    }
  }

  let reading: Promise<void> | undefined
  /** Reads the list of pairs, unless it is being read. */
  function readPairs(): Promise<void> {
    reading ??= ask(() => exchange.loadMarkets(true))
      .then(() => {
        pairs = pairsOf(exchange)
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }

  const known = (text: string) => pairs.get(text.trim().toUpperCase().replace('/', '-'))

  async function fetchQuotes(symbols: string[]): Promise<void> {
    const wanted = symbols.flatMap((symbol) => known(symbol) ?? [])
    for (let from = 0; from < wanted.length; from += mostPairs) {
      const some = wanted.slice(from, from + mostPairs)
      const tickers = await ask(() => exchange.fetchTickers(some.map(({ pair }) => pair)))
      const [at, heardAt] = [clock.now(), performance.now()]
      for (const { pair, instrument } of some) {
        const quote = tickers[pair] && quoteOf(instrument, tickers[pair], id, at)
        if (!quote) continue
        held.set(quote.symbol, { quote, heardAt })
        subscribers.tell(quote)
      }
    }
  }

  const asked = together(
    async (symbols: string[]) => {
      await fetchQuotes([...new Set(symbols)])
      return symbols.map(() => true)
    },
    { most: mostPairs, atOnce: 1 },
  )

  async function newest(instrument: Instrument): Promise<Quote | undefined> {
    const { symbol } = instrument
    interest.note(symbol)
    const isFresh = performance.now() - (held.get(symbol)?.heardAt ?? Number.NEGATIVE_INFINITY) < times.freshMs
    if (!isFresh) await within(asked(symbol), answerMs)
    return held.get(symbol)?.quote
  }

  const bars = keptBars(
    db,
    ccxtBars(id, (symbol) => asExchange(exchange, known(symbol)?.pair), ask),
    { clock, log },
  )

  let polling = false
  const poller = setInterval(() => {
    if (polling || (!isWatching && subscribers.size() === 0)) return
    polling = true
    void fetchQuotes([...new Set([...watched, ...interest.symbols()])])
      .catch(() => undefined)
      .finally(() => {
        polling = false
      })
  }, times.pollMs).unref()
  const lister = setInterval(() => {
    if (pairs.size === 0) void readPairs().catch(() => undefined)
  }, times.againMs).unref()
  // Without an answer the desk opens all the same, and the list comes later.
  await within(readPairs(), patienceMs)

  return {
    name: id,
    instruments: () => [...pairs.values()].map(({ instrument }) => instrument),
    instrument: (text) => known(text)?.instrument,
    async quote(text) {
      const found = known(text)
      return found && newest(found.instrument)
    },
    async bars(text, minutes, count) {
      checkBars(minutes, count)
      const found = known(text)
      return found && count > 0 ? bars(found.instrument.symbol, minutes, count) : []
    },
    subscribe: (onQuote) => subscribers.add(onQuote),
    watch(symbols) {
      watched = symbols
      isWatching = true
    },
    providers: () => [{ ...health.status(), budget: budget.state() }],
    async close() {
      clearInterval(poller)
      clearInterval(lister)
      subscribers.clear()
    },
  }
}

const asExchange = (exchange: Exchange, pair: string | undefined) =>
  pair === undefined ? undefined : { exchange, pair }
