import { slices } from '../../../base/slices.ts'
import { together } from '../../../base/together.ts'
import type { BarSource } from '../../bars/bar-source.ts'
import { type KeptBars, keptBars } from '../../bars/kept-bars.ts'
import { checkBars } from '../../bars.ts'
import { calendarOf } from '../../calendar.ts'
import { calendarFor } from '../../indicators/sessions.ts'
import type { Bar, Instrument, Market } from '../../market.ts'
import { createSubscribers } from '../../subscribers.ts'
import { symbolOf } from '../../symbol.ts'
import type { FeedOptions, ProviderSettings } from '../feed-options.ts'
import { createInterest } from '../shared/interest.ts'
import { openLearned } from '../shared/learned.ts'
import { createSourceHealth } from '../shared/source-health.ts'
import { within } from '../shared/within.ts'
import { barsIn, settleMs, yahooLengths } from './yahoo-bars.ts'
import { createYahooClient, mostSymbols, type YahooClientOptions, YahooFault, yahooApi } from './yahoo-client.ts'
import { yahooNews } from './yahoo-news.ts'
import { deskSymbol, quoteIn, type YahooQuote, yahooSymbol } from './yahoo-quotes.ts'

const name = 'yahoo'
/** Milliseconds between two questions for all symbols that somebody needs: twelve of the sixty requests in a minute. */
const usualPollMs = 5000
/** The same while every exchange of these symbols is closed. */
const pollClosedMs = 60_000
/** A quote that is younger is not asked for again, in milliseconds. */
const usualFreshMs = 3000
/** A question for a quote waits no longer for Yahoo, in milliseconds, so that the next market has its turn. */
const answerMs = 1200
/** A symbol that Yahoo did not know is not asked for again in this time; one that it has known before, in the shorter one. */
const missedMs = { unknown: 600_000, known: 60_000 }
const dayMs = 86_400_000
/** The most days of bars of a minute in one answer. */
const daysOfMinutes = 7
/** The delay that counts where Yahoo has said none, in milliseconds. */
const usualDelayMs = 900_000

/** Settings of the feed that tests change. */
export interface YahooOptions extends FeedOptions {
  client?: Partial<YahooClientOptions>
  /** Milliseconds between polls, and until a quote is asked for again. */
  pollEveryMs?: number
  freshMs?: number
}

/** The price of a symbol as it arrived. */
interface Held extends YahooQuote {
  /** By the process's own clock, in milliseconds. */
  heardAt: number
}

/**
 * Yahoo's prices as a market: quotes are polled, in one request for all symbols that somebody needs; bars come from charts. Yahoo
 * documents none of it and promises nothing.
 */
export async function openYahoo(options: YahooOptions, settings: Pick<ProviderSettings, 'yahoo'>): Promise<Market> {
  const { clock, log, pollEveryMs = usualPollMs, freshMs = usualFreshMs } = options
  const health = createSourceHealth(name, { clock, log })
  const client = createYahooClient({ api: settings.yahoo.api ?? yahooApi, health, ...options.client })
  const learned = await openLearned(options)
  const interest = createInterest()
  const held = new Map<string, Held>()
  const missedAt = new Map<string, number>()
  let watched: ReadonlySet<string> = new Set()
  let timer: NodeJS.Timeout | undefined
  let polling: Promise<void> | undefined
  let polledAt = Number.NEGATIVE_INFINITY
  const subscribers = createSubscribers(log, startPolling, () => clearInterval(timer))

  /** Asks for quotes and takes those that came. Throws `YahooFault`. */
  async function fetchQuotes(symbols: string[]): Promise<void> {
    for (const some of slices(symbols, mostSymbols)) {
      const answers = await client.quotes(some.map(yahooSymbol))
      const at = clock.now()
      const heardAt = performance.now()
      const found = answers.flatMap((one) => quoteIn(one, at) ?? [])
      for (const one of found) {
        held.set(one.quote.symbol, { ...one, heardAt })
        missedAt.delete(one.quote.symbol)
        await learned
          .keep(namedAs(one.instrument), name)
          .catch((cause) => log?.warn({ err: cause }, 'a symbol was not kept'))
        subscribers.tell(one.quote)
      }
      for (const symbol of some) if (held.get(symbol)?.heardAt !== heardAt) missedAt.set(symbol, heardAt)
    }
  }

  /** The name that people use stays. */
  const namedAs = (instrument: Instrument): Instrument => {
    const before = learned.of(instrument.symbol)
    return before && before.name !== before.symbol ? { ...instrument, name: before.name } : instrument
  }

  const ask = together(
    async (symbols: string[]) => {
      await fetchQuotes([...new Set(symbols)])
      return symbols.map((symbol) => held.get(symbol))
    },
    { most: mostSymbols, atOnce: 1 },
  )

  function startPolling(): void {
    timer = setInterval(() => {
      const symbols = [...new Set([...interest.symbols(), ...watched])].filter((symbol) => !isMissed(symbol))
      if (symbols.length === 0) return
      const isOpen = symbols.some((symbol) => calendarFor(learned.of(symbol) ?? { symbol }).sessionAt(clock.now()))
      if (!isOpen && performance.now() - polledAt < pollClosedMs) return
      polledAt = performance.now()
      // A fault is in the health of the source; the quotes that are held age.
      polling ??= fetchQuotes(symbols)
        .catch(() => undefined)
        .finally(() => {
          polling = undefined
        })
    }, pollEveryMs).unref()
  }

  function isMissed(symbol: string): boolean {
    const at = missedAt.get(symbol)
    if (at === undefined) return false
    const isKnown = held.has(symbol) || learned.of(symbol) !== undefined
    return performance.now() - at < (isKnown ? missedMs.known : missedMs.unknown)
  }

  async function newest(symbol: string): Promise<Held | undefined> {
    const before = held.get(symbol)
    const isFresh = before !== undefined && performance.now() - before.heardAt < freshMs
    if (!isFresh && !isMissed(symbol)) await within(ask(symbol), answerMs)
    return held.get(symbol)
  }

  async function lookUp(text: string): Promise<Instrument | undefined> {
    const symbol = symbolOf(text)
    if (!symbol) return undefined
    return (await newest(deskSymbol(symbol)))?.instrument && learned.of(deskSymbol(symbol))
  }

  /** Bars in [from, to); none where Yahoo says that it has none. Throws `YahooFault`. */
  async function fetchBars(symbol: string, minutes: number, from: Date, to: Date): Promise<Bar[]> {
    const { interval } = yahooLengths.get(minutes)!
    const bars: Bar[] = []
    const most = minutes === 1 ? daysOfMinutes * dayMs : Number.POSITIVE_INFINITY
    for (const [begin, end] of spans(from.getTime(), to.getTime(), most)) {
      const query = { interval, from: Math.floor(begin / 1000), to: Math.ceil(end / 1000) }
      const chart = await client.chart(yahooSymbol(symbol), query)
      const some = chart === undefined ? [] : barsIn(chart, { minutes, calendar: calendarOf(symbol) })
      if (some === 'unreadable') throw new YahooFault(`Yahoo's bars of ${symbol} cannot be read`)
      if (some === 'unapplied') throw new YahooFault(`Yahoo has not applied the split of ${symbol} to its bars yet`)
      bars.push(...some)
    }
    return bars
  }

  const keptByDelay = new Map<number, KeptBars>()
  /** Kept bars of symbols whose prices are late by so much: their bars are final later. */
  function kept(delayMs: number): KeptBars {
    const source: BarSource = {
      ...{ name, adjustment: 'split', lengths: [...yahooLengths.keys()], fetch: fetchBars },
      settleMs: (minutes) => settleMs(minutes) + delayMs,
      earliest: (minutes, now) => new Date(now.getTime() - yahooLengths.get(minutes)!.days * dayMs),
    }
    const known = keptByDelay.get(delayMs) ?? keptBars(options.db, source, { clock, log })
    keptByDelay.set(delayMs, known)
    return known
  }

  return {
    name,
    instruments: () => learned.all(),
    instrument: (symbol) => learned.of(symbol),
    lookUp,
    async quote(text) {
      const symbol = symbolOf(text)
      if (!symbol) return undefined
      interest.note(symbol)
      return (await newest(symbol))?.quote
    },
    async bars(text, minutes, count) {
      checkBars(minutes, count)
      const symbol = symbolOf(text)
      if (!symbol || count === 0) return []
      return kept((await newest(symbol))?.delayMs ?? usualDelayMs)(symbol, minutes, count)
    },
    async barsRoom(symbols) {
      const lists = Map.groupBy(symbols, (symbol) => held.get(symbol)?.delayMs ?? usualDelayMs)
      const missing = await Promise.all([...lists].map(([delayMs, some]) => kept(delayMs).missing(some)))
      // The delays of the symbols are asked for with their quotes, and with a pass.
      const others = Math.ceil(symbols.length / mostSymbols) + passRequests
      return { missing: missing.flat(), fits: Math.max(0, client.budget().left - others) }
    },
    hasOnlyOutside: (symbol) => [...keptByDelay.values()].some((bars) => bars.isOutside(symbol)),
    subscribe: (onQuote) => subscribers.add(onQuote),
    watch(symbols) {
      watched = symbols
    },
    newsSources: () => [yahooNews(client)],
    providers: () => [{ ...health.status(), ...delayOf(held.values()), budget: client.budget() }],
    async close() {
      subscribers.clear()
      await polling
      await learned.close()
    },
  }
}

/** Requests for the cookie and the crumb, without which no quotes come. */
const passRequests = 2

/** Parts of a time span in milliseconds, oldest first, none longer than `most`. */
function spans(from: number, to: number, most: number): [number, number][] {
  const all: [number, number][] = []
  for (let begin = from; begin < to; begin += most) all.push([begin, Math.min(to, begin + most)])
  return all
}

/** The longest delay among the prices in use. */
function delayOf(held: Iterable<Held>): { delayMs?: number } {
  const delayMs = Math.max(0, ...[...held].map((one) => one.delayMs))
  return delayMs > 0 ? { delayMs } : {}
}
