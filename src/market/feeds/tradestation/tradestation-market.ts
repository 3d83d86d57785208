import { z } from 'zod'
import { Big } from '../../../base/amounts.ts'
import type { ProviderStatus } from '../../../base/provider-status.ts'
import { slices } from '../../../base/slices.ts'
import { together } from '../../../base/together.ts'
import { keptBars } from '../../bars/kept-bars.ts'
import { checkBars } from '../../bars.ts'
import { calendarOf } from '../../calendar.ts'
import type { Instrument, Market, Quote } from '../../market.ts'
import { createSubscribers } from '../../subscribers.ts'
import { symbolOf } from '../../symbol.ts'
import { createBudget } from '../budget.ts'
import type { FeedOptions, TradeStationSettings } from '../feed-options.ts'
import { createInterest } from '../shared/interest.ts'
import { openLearned } from '../shared/learned.ts'
import { tickAt } from '../shared/prices.ts'
import { createSourceHealth } from '../shared/source-health.ts'
import { within } from '../shared/within.ts'
import { tradeStationBars } from './bars.ts'
import { createDataClient } from './client.ts'
import { tradeStationDepth } from './depth.ts'
import { tradeStationOptions } from './options.ts'
import { createQuoteStreams, usualStreamTimes } from './quote-stream.ts'
import { delayMs, type Prices, quoteOf, quotesPayload, withFrame } from './quotes.ts'
import { createStreamReader } from './stream-reader.ts'
import { createToken } from './token.ts'

/** Waits in milliseconds; tests have shorter ones. */
export interface TradeStationTimes {
  /** Between two looks at the symbols that somebody needs. */
  planMs: number
  stream: typeof usualStreamTimes
}

const name = 'tradestation'
const usualTimes: TradeStationTimes = { planMs: 1000, stream: usualStreamTimes }
/** Snapshots of quotes in a minute, and other questions in five minutes, as published. */
const snapshots = { of: 30, perMs: 60_000 }
const questions = { of: 250, perMs: 300_000 }
/** Symbols of one snapshot. */
const mostSymbols = 100
/** A snapshot that is younger is not asked for again, in milliseconds. */
const freshMs = 3000
/** A question for a quote waits no longer, in milliseconds, so that the next market has its turn. */
const answerMs = 2500
/** A book that only a stream shows is waited for no longer, in milliseconds. */
const depthMs = 5000
/** A chain of options, likewise. */
const chainMs = 10_000
/** A symbol that TradeStation did not know is not asked for again in this time. */
const missedMs = 600_000
/** The desk's own symbols for shares; TradeStation's other instruments have other forms. */
const share = /^[A-Z]{1,6}(\.[A-Z]{1,2})?$/

const symbolsPayload = z.object({
  Symbols: z
    .array(z.object({ Symbol: z.string(), AssetType: z.string().nullish(), Description: z.string().nullish() }))
    .nullish(),
})

/** A symbol as far as this process knows it. */
interface Held {
  prices: Prices
  /** The last sign of life of these prices, by the clock and by the process's own clock in milliseconds. */
  confirmedAt: Date
  heardAt: number
}

/**
 * TradeStation's prices of US shares, read with the desk's own sign-in. Symbols that somebody needs come by streams in a process that watches or
 * is listened to; others by snapshots. A stream that is open and silent but for its heartbeats confirms its prices.
 */
export async function openTradeStationMarket(
  given: FeedOptions & { settings: TradeStationSettings; times?: TradeStationTimes },
): Promise<Market> {
  const { db, clock, log, settings, times = usualTimes } = given
  const { api, signIn, clientId, clientSecret, refreshToken } = settings
  const secrets = [clientSecret, refreshToken]
  const health = createSourceHealth(name, { clock, log, secrets })
  const streamHealth = createSourceHealth(`${name} stream`, { clock, log, secrets })
  const token = createToken({ title: 'TradeStation', clientId, clientSecret, api: signIn }, refreshToken)
  const budgets = {
    quotes: createBudget(snapshots.of, snapshots.perMs),
    others: createBudget(questions.of, questions.perMs),
  }
  const budgetOf = (path: string) => (path.startsWith('/quotes/') ? budgets.quotes : budgets.others)
  const client = createDataClient({ api, token, budgetOf, health })
  const learned = await openLearned(given)
  const bars = keptBars(db, tradeStationBars(client), { clock, log })
  const readerWithin = (withinMs: number) =>
    createStreamReader({ client, token, budget: budgets.others, health, withinMs })
  const depthOf = tradeStationDepth(readerWithin(depthMs), clock)
  const options = tradeStationOptions(client, readerWithin(chainMs))
  const interest = createInterest()
  const held = new Map<string, Held>()
  const missedAt = new Map<string, number>()
  let watched: ReadonlySet<string> = new Set()
  let isWatching = false
  const subscribers = createSubscribers(log)

  function take(symbol: string, prices: Prices): void {
    held.set(symbol, { prices, confirmedAt: clock.now(), heardAt: performance.now() })
    missedAt.delete(symbol)
    if (subscribers.size() === 0) return
    const quote = quoteNow(symbol)
    if (quote) subscribers.tell(quote)
  }

  const streams = createQuoteStreams({
    ...{ client, token, times: times.stream, health: streamHealth },
    onQuote(written, isWhole) {
      const symbol = written.Symbol
      if (written.Error != null) return void missedAt.set(symbol, performance.now())
      const before = isWhole ? {} : (held.get(symbol)?.prices ?? {})
      take(symbol, withFrame(before, written, clock.now()))
    },
    onAlive(symbols) {
      const [confirmedAt, heardAt] = [clock.now(), performance.now()]
      for (const symbol of symbols) {
        const one = held.get(symbol)
        if (one) Object.assign(one, { confirmedAt, heardAt })
      }
    },
  })

  function quoteNow(symbol: string): Quote | undefined {
    const one = held.get(symbol)
    const isOpen = calendarOf(symbol).sessionAt(clock.now()) !== undefined
    return one && quoteOf(symbol, one.prices, { confirmedAt: one.confirmedAt, isOpen })
  }

  async function snapshot(symbols: string[]): Promise<void> {
    for (const some of slices(symbols, mostSymbols)) {
      const path = `/quotes/${some.map(encodeURIComponent).join(',')}`
      const { Quotes, Errors } = await client.get(path, {}, quotesPayload, answerMs)
      for (const written of Quotes ?? [])
        if (some.includes(written.Symbol)) take(written.Symbol, withFrame({}, written, clock.now()))
      for (const fault of Errors ?? []) if (fault.Symbol != null) missedAt.set(fault.Symbol, performance.now())
    }
  }

  const ask = together(
    async (symbols: string[]) => {
      await snapshot([...new Set(symbols)])
      return symbols.map(() => true)
    },
    { most: mostSymbols, atOnce: 1 },
  )

  const isMissed = (symbol: string) => performance.now() - (missedAt.get(symbol) ?? Number.NEGATIVE_INFINITY) < missedMs
  const isFresh = (symbol: string) =>
    performance.now() - (held.get(symbol)?.heardAt ?? Number.NEGATIVE_INFINITY) < freshMs

  function symbolIn(text: string): string | undefined {
    const symbol = symbolOf(text)
    return symbol !== undefined && share.test(symbol) ? symbol : undefined
  }

  async function newest(symbol: string): Promise<Quote | undefined> {
    interest.note(symbol)
    if (!streams.has(symbol) && !isFresh(symbol) && !isMissed(symbol)) await within(ask(symbol), answerMs)
    return quoteNow(symbol)
  }

  async function lookUp(text: string): Promise<Instrument | undefined> {
    const symbol = symbolIn(text)
    if (!symbol || isMissed(symbol)) return undefined
    const { Symbols } = await client.get(`/symbols/${encodeURIComponent(symbol)}`, {}, symbolsPayload)
    const found = Symbols?.find((one) => one.Symbol === symbol)
    if (!found || (found.AssetType ?? 'STOCK').toUpperCase() !== 'STOCK') return undefined
    const quote = await newest(symbol)
    if (!quote) return undefined
    const before = learned.of(symbol)
    const said = before && before.name !== symbol ? before.name : (found.Description ?? symbol)
    await learned.keep({ symbol, name: said, lot: new Big(1), tick: tickAt(quote.last) }, name)
    return learned.of(symbol)
  }

  const timer = setInterval(() => {
    if (!isWatching && subscribers.size() === 0) return
    const needed = [...new Set([...watched, ...interest.symbols()])].filter(
      (symbol) => share.test(symbol) && !isMissed(symbol),
    )
    streams.want(new Set(needed))
  }, times.planMs).unref()

  return {
    name,
    instruments: () => learned.all().filter(({ symbol }) => share.test(symbol)),
    instrument: (text) => (symbolIn(text) === undefined ? undefined : learned.of(text)),
    lookUp,
    async quote(text) {
      const symbol = symbolIn(text)
      return symbol === undefined ? undefined : newest(symbol)
    },
    async bars(text, minutes, count) {
      checkBars(minutes, count)
      const symbol = symbolIn(text)
      return symbol && count > 0 ? bars(symbol, minutes, count) : []
    },
    async depth(text, levels) {
      const symbol = symbolIn(text)
      return symbol === undefined || isMissed(symbol) ? undefined : depthOf(symbol, levels)
    },
    options,
    subscribe: (onQuote) => subscribers.add(onQuote),
    watch(symbols) {
      watched = symbols
      isWatching = true
    },
    providers() {
      const isDelayed = [...held.values()].some(({ prices }) => prices.isDelayed)
      const until = token.expiresAt()
      const expiresAt = until === undefined ? undefined : new Date(clock.now().getTime() + until - performance.now())
      const shared = { ...(isDelayed && { delayMs }), ...(expiresAt && { expiresAt }) }
      const isStreaming = (isWatching || subscribers.size() > 0) && streams.isUsed()
      const status = isStreaming ? withStream(health.status(), streamHealth.status()) : health.status()
      return [{ ...status, ...shared, budget: budgets.quotes.state() }]
    },
    async close() {
      clearInterval(timer)
      streams.close()
      subscribers.clear()
      await learned.close()
    },
  }
}

/** One row for the questions and the stream, so that an outage of both is one. */
function withStream(asked: ProviderStatus, stream: ProviderStatus): ProviderStatus {
  const last = (one: Date | undefined, other: Date | undefined) => (Number(one ?? 0) > Number(other ?? 0) ? one : other)
  const heardAt = last(asked.heardAt, stream.heardAt)
  const isAskedLast = Number(asked.lastFault?.at ?? 0) > Number(stream.lastFault?.at ?? 0)
  const lastFault = isAskedLast ? asked.lastFault : stream.lastFault
  return {
    ...asked,
    isConnected: stream.isConnected,
    isAnswering: !stream.isConnected && asked.isConnected,
    faults: asked.faults + stream.faults,
    ...(heardAt && { heardAt }),
    ...(lastFault && { lastFault }),
  }
}
