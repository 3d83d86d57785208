import { dayIn, exchangeZone } from '../../../base/zone.ts'
import { keptBars } from '../../bars/kept-bars.ts'
import { openingBack, sessionsFor } from '../../bars/slots.ts'
import { checkBars } from '../../bars.ts'
import { nyse } from '../../calendar.ts'
import type { Bar, Instrument, Market, Quote } from '../../market.ts'
import { MarketError } from '../../spec.ts'
import { symbolOf } from '../../symbol.ts'
import type { FeedOptions, ProviderSettings } from '../feed-options.ts'
import { openLearned } from '../shared/learned.ts'
import { assumedAround, priceIn, tickAt } from '../shared/prices.ts'
import { createSourceHealth } from '../shared/source-health.ts'
import { within } from '../shared/within.ts'
import { barsIn, inForce, type Split, settleMs, splitsIn } from './alphavantage-bars.ts'
import { AlphaVantageFault, createAlphaVantageClient } from './alphavantage-client.ts'
import { alphaVantageNews } from './alphavantage-news.ts'
import type { RequestBudget } from './request-budget.ts'

const name = 'alphavantage'
/** The price of a free key changes once a day, so it is not asked for again within this time, in milliseconds. */
const quotedMs = 3_600_000
/** A question for a quote waits no longer, in milliseconds: the answer is there for the next one. */
const quoteWaitMs = 1200
/** The splits of a symbol are asked for once in this time. */
const splitsMs = 43_200_000
/** A function that needs a paid plan is tried again after this time. */
const premiumMs = 86_400_000
/** Requests of the day that quotes leave for bars. */
const keptForBars = 10
/** The bars in a short answer; a long one has twenty years. */
const shortAnswer = 100
const dayMinutes = 1440
/** The splits of a symbol and its series. */
const requestsOfBars = 2
const slackMs = 5 * 86_400_000
/** An answer serves questions for older bars for this long, in milliseconds, and so many answers are held. */
const answerMs = 600_000
const mostAnswers = 50
/** The delay that Alpha Vantage has by exchange rules where it does not tell the time of a price. */
const assumedDelayMs = 900_000

type Size = 'full' | 'compact'

/** The bars of an answer, which reach up to `to`. */
interface Answered {
  bars: Bar[]
  size: Size
  to: Date
  at: number
}

interface Kept<Value> {
  value: Value
  at: number
}

/** Settings of the feed that tests change. */
export interface AlphaVantageOptions extends FeedOptions {
  budget?: RequestBudget
  spacingMs?: number
  timeoutMs?: number
}

/**
 * Alpha Vantage as a market: prices to look at, and bars. A free key has few requests a day, so nothing is polled and nothing is
 * asked for twice in an hour. Its prices carry no time, so they are never fresh. Throws `MarketError` without a key.
 */
export async function openAlphaVantage(
  options: AlphaVantageOptions,
  settings: Pick<ProviderSettings, 'alphavantage'>,
): Promise<Market> {
  const { db, clock, log } = options
  const { api, key } = settings.alphavantage
  if (!key) throw new MarketError('MARKET=alphavantage needs ALPHAVANTAGE_KEY, a key from alphavantage.co')
  const health = createSourceHealth(name, { clock, log, secrets: [key] })
  const client = await createAlphaVantageClient({ ...options, api, key, db, health })
  const learned = await openLearned(options)
  const quotes = new Map<string, Kept<Quote | undefined>>()
  const splits = new Map<string, Kept<Split[] | undefined>>()
  const needsPlan = new Map<string, number>()
  const asked = new Map<string, Promise<Quote | undefined>>()

  async function fetchQuote(symbol: string): Promise<Quote | undefined> {
    const answer = await client.ask({ function: 'GLOBAL_QUOTE', symbol }, keptForBars)
    const said = (answer?.['Global Quote'] ?? {}) as Record<string, unknown>
    const last = priceIn(said['05. price'])
    const day = said['07. latest trading day']
    if (!last || typeof day !== 'string' || said['01. symbol'] !== symbol) return undefined
    const before = learned.of(symbol)
    const tick = tickAt(last)
    await learned.keep({ symbol, name: before?.name ?? symbol, lot: last.div(last), tick }, name)
    const { at, weak } = timeOf(day, clock.now())
    return { symbol, ...assumedAround(last, tick), last, at, source: name, isAssumed: true, weak }
  }

  /** The quote, asked for once in an hour at most; who asks meanwhile gets the one before. */
  async function quoteOf(symbol: string): Promise<Quote | undefined> {
    const kept = quotes.get(symbol)
    if (kept && performance.now() - kept.at < quotedMs) return kept.value
    const running = asked.get(symbol)
    if (running) return running
    const fetching = fetchQuote(symbol)
      .then((value) => value ?? kept?.value)
      .catch((cause) => {
        if (!(cause instanceof AlphaVantageFault)) log?.warn({ err: cause, symbol }, 'no price of Alpha Vantage')
        return kept?.value
      })
      .then((value) => {
        // Without a price it is asked again as late as with one: it is no source for a hot loop.
        quotes.set(symbol, { value, at: performance.now() })
        return value
      })
      .finally(() => asked.delete(symbol))
    asked.set(symbol, fetching)
    return fetching
  }

  /** The splits of a symbol; undefined when Alpha Vantage has none that can be read. Throws `AlphaVantageFault`. */
  async function splitsOf(symbol: string): Promise<Split[] | undefined> {
    const kept = splits.get(symbol)
    if (kept && performance.now() - kept.at < splitsMs) return kept.value
    const answer = await client.ask({ function: 'SPLITS', symbol }, 0)
    const value = answer && splitsIn(answer)
    splits.set(symbol, { value, at: performance.now() })
    return value
  }

  /** The answer for a series, as traded; undefined where Alpha Vantage does not know the symbol. Throws `AlphaVantageFault`. */
  async function series(symbol: string, minutes: number, size: Size) {
    const kind: Record<string, string> =
      minutes >= dayMinutes
        ? { function: 'TIME_SERIES_DAILY' }
        : { function: 'TIME_SERIES_INTRADAY', interval: `${minutes}min`, adjusted: 'false', extended_hours: 'false' }
    try {
      return await client.ask({ ...kind, symbol, outputsize: size }, 0)
    } catch (cause) {
      if (cause instanceof AlphaVantageFault && cause.isForPremium) {
        needsPlan.set(planOf(minutes, size), performance.now())
        log?.info({ minutes, size }, 'Alpha Vantage has these bars in a paid plan only')
      }
      throw cause
    }
  }

  function isBeyondPlan(minutes: number, size: Size): boolean {
    const refusedAt = needsPlan.get(planOf(minutes, size))
    return refusedAt !== undefined && performance.now() - refusedAt < premiumMs
  }

  /** The beginning of the bars in a short answer, which has a hundred of them. */
  function shortAnswerSince(minutes: number, now: Date): Date {
    return openingBack(now, sessionsFor(shortAnswer, minutes, nyse, now) - 1, nyse)
  }

  const answers = new Map<string, Answered>()

  /** Bars in [from, to). An answer has more than was asked for, so it also serves who asks for older ones soon after. */
  async function fetchBars(symbol: string, minutes: number, from: Date, to: Date): Promise<Bar[]> {
    // A question for all bars of the short answer begins a few days earlier, over a weekend or holidays.
    const since = shortAnswerSince(minutes, clock.now()).getTime() - slackMs
    const size = from.getTime() < since ? 'full' : 'compact'
    const key = `${symbol} ${minutes}`
    const before = answers.get(key)
    const isEnough = before && before.to >= to && (before.size === 'full' || size === 'compact')
    const isNew = isEnough && performance.now() - before.at < answerMs
    const { bars } = isNew ? before : await fetchAnswer(symbol, minutes, size, to)
    return bars.filter(({ at }) => at >= from && at < to)
  }

  async function fetchAnswer(symbol: string, minutes: number, size: Size, to: Date): Promise<Answered> {
    const own = await splitsOf(symbol)
    if (!own) throw new AlphaVantageFault(`Alpha Vantage's splits of ${symbol} cannot be read`)
    const answer = await series(symbol, minutes, size)
    const splits = inForce(own, dayIn(clock.now(), exchangeZone))
    const bars = answer === undefined ? [] : barsIn(answer, { minutes, splits })
    if (!bars) throw new AlphaVantageFault(`Alpha Vantage's bars of ${symbol} cannot be read`)
    const answered = { bars, size, to, at: performance.now() }
    answers.set(`${symbol} ${minutes}`, answered)
    if (answers.size > mostAnswers) answers.delete(answers.keys().next().value!)
    return answered
  }

  const kept = keptBars(
    db,
    {
      ...{ name, adjustment: 'split', lengths: [1, 5, 15, 30, dayMinutes], settleMs, fetch: fetchBars },
      earliest: (minutes, now) =>
        isBeyondPlan(minutes, 'full') ? shortAnswerSince(minutes, now) : new Date(now.getTime() - longestMs(minutes)),
      rescaled: async (symbol) =>
        ((await splitsOf(symbol)) ?? []).flatMap(({ day }) => nyse.sessionOf(day)?.open ?? []),
    },
    { clock, log },
  )

  async function lookUp(text: string): Promise<Instrument | undefined> {
    const symbol = symbolOf(text)
    if (!symbol) return undefined
    await quoteOf(symbol)
    return quotes.get(symbol)?.value && learned.of(symbol)
  }

  return {
    name,
    instruments: () => learned.all(),
    instrument: (symbol) => learned.of(symbol),
    lookUp,
    async quote(text) {
      const symbol = symbolOf(text)
      if (!symbol || !nyseTraded(symbol, learned.of(symbol))) return undefined
      return (await within(quoteOf(symbol), quoteWaitMs)) ?? quotes.get(symbol)?.value
    },
    hasOnlyOutside: kept.isOutside,
    async bars(text, minutes, count): Promise<Bar[]> {
      checkBars(minutes, count)
      const symbol = symbolOf(text)
      if (!symbol || count === 0 || !nyseTraded(symbol, learned.of(symbol))) return []
      // A plan may have no long answers: then the short one is asked for. It may have no minutes at all.
      for (const _ of ['long', 'short']) {
        if (isBeyondPlan(minutes, 'compact')) break
        try {
          return await kept(symbol, minutes, count)
        } catch (cause) {
          if (!(cause instanceof AlphaVantageFault && cause.isForPremium)) throw cause
        }
      }
      return []
    },
    async barsRoom(symbols) {
      const missing = await kept.missing(symbols)
      return { missing, fits: Math.floor((await client.free()) / requestsOfBars) }
    },
    // Nothing is polled, so nothing is pushed.
    subscribe: () => () => undefined,
    newsSources: () => [alphaVantageNews(client, keptForBars)],
    providers: () => [{ ...health.status(), delayMs: assumedDelayMs, budget: client.budget() }],
    close: () => learned.close(),
  }
}

/** A plan is for all lengths of minutes, or for days. */
const planOf = (minutes: number, size: string) => `${minutes >= dayMinutes ? 'days' : 'minutes'} ${size}`

/** A long answer has a month of minutes, or twenty years of days. */
const longestMs = (minutes: number) => (minutes >= dayMinutes ? 20 * 365 : 30) * 86_400_000

const nyseTraded = (symbol: string, instrument: Instrument | undefined) =>
  !instrument?.isAroundTheClock && !/[=^]|-USD$/.test(symbol)

/**
 * The time of a price of which only the day is known. After the close of that day it is the close; before, nobody can tell, and
 * the longest usual delay counts.
 */
function timeOf(day: string, now: Date): { at: Date; weak: string } {
  const session = nyse.sessionOf(day)
  const latest = new Date(now.getTime() - assumedDelayMs)
  const at = session && session.close < latest ? session.close : session ? latest : new Date(0)
  return { at, weak: 'Alpha Vantage does not say when its price was traded' }
}
