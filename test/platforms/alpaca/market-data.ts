import { Big } from '../../../src/base/amounts.ts'
import { dayIn, exchangeZone } from '../../../src/base/zone.ts'
import { type Bar, combined, plain, readTimeframe, scaled, type Timeframe } from './bars.ts'
import type { CorporateAction } from './by-hand.ts'
import type { Quote, World } from './world.ts'

/** The feeds of stock data. */
export type Feed = 'iex' | 'sip' | 'delayed_sip'

export interface BarQuery {
  timeframe: Timeframe
  adjustment: string
  start: Date
  end: Date
}

/** The prices and bars as the feeds show them. */
export interface MarketData {
  /** The newest quote of a feed; undefined before there is one. */
  latest(symbol: string, feed: Feed): Quote | undefined
  /** A quote that only this feed has, from now until the market moves. */
  setFeedQuote(symbol: string, feed: 'iex' | 'sip', bid: string, ask: string): Quote
  /** The market moved. */
  moved(symbol: string): void
  /** Raw bars of a minute or a day, oldest first; later ones replace those with the same start. */
  giveBars(
    symbol: string,
    timeframe: '1Min' | '1Day',
    bars: (Pick<Bar, 't' | 'o' | 'h' | 'l' | 'c' | 'v'> & Partial<Bar>)[],
  ): void
  bars(symbol: string, query: BarQuery): Bar[]
  /** The last raw bar that is shown. */
  newest(symbol: string, timeframe: '1Min' | '1Day'): Bar | undefined
  rename(symbol: string, newSymbol: string): void
}

const delayMs = 15 * 60_000

/** Data of a world without prices and bars. */
export function createMarketData(world: World, corporateActions: CorporateAction[]): MarketData {
  const history = new Map<string, { at: number; quote: Quote }[]>()
  const own = new Map<string, Quote>()
  const given = { '1Min': new Map<string, Map<number, Bar>>(), '1Day': new Map<string, Map<number, Bar>>() }

  const rawOf = (symbol: string, timeframe: '1Min' | '1Day'): Bar[] => {
    const now = world.now().getTime()
    const bars = [...(given[timeframe].get(symbol)?.entries() ?? [])].sort(([one], [other]) => one - other)
    // A minute is shown once it is over, a day from its beginning.
    const lag = timeframe === '1Min' ? 60_000 : 0
    return bars.filter(([at]) => at + lag <= now).map(([, bar]) => bar)
  }

  /** A bar on the scale of today, as far as the adjustment asks for it. */
  function adjusted(symbol: string, bar: Bar, adjustment: string): Bar {
    const kinds = adjustment.split(',')
    const wants = (kind: string) => kinds.includes('all') || kinds.includes(kind)
    const day = dayIn(new Date(bar.t), exchangeZone)
    let made = bar
    for (const { list, shown } of corporateActions) {
      if (shown.symbol !== symbol || day >= String(shown.ex_date)) continue
      if (list.endsWith('splits') && wants('split')) {
        const ratio = Number(shown.new_rate) / Number(shown.old_rate)
        made = scaled(made, 1 / ratio, 1 / ratio)
      }
      if (list === 'cash_dividends' && wants('dividend')) {
        const before = lastBefore(symbol, String(shown.ex_date))
        if (before) made = scaled(made, 1 - Number(shown.rate) / before.c, 1)
      }
    }
    return made
  }

  const lastBefore = (symbol: string, day: string) =>
    [...rawOf(symbol, '1Day'), ...rawOf(symbol, '1Min')].findLast((bar) => dayIn(new Date(bar.t), exchangeZone) < day)

  return {
    latest(symbol, feed) {
      if (feed !== 'delayed_sip') return own.get(`${feed} ${symbol}`) ?? world.quotes.get(symbol)
      const until = world.now().getTime() - delayMs
      return history.get(symbol)?.findLast(({ at }) => at <= until)?.quote
    },
    setFeedQuote(symbol, feed, bid, ask) {
      const quote = { bid: new Big(bid), ask: new Big(ask), last: new Big(bid), at: world.stamp() }
      own.set(`${feed} ${symbol}`, quote)
      return quote
    },
    moved(symbol) {
      const quote = world.quotes.get(symbol)!
      for (const feed of ['iex', 'sip']) own.delete(`${feed} ${symbol}`)
      const all = history.get(symbol) ?? []
      history.set(symbol, [...all.slice(-500), { at: world.now().getTime(), quote: { ...quote } }])
    },
    giveBars(symbol, timeframe, bars) {
      const all = given[timeframe].get(symbol) ?? new Map<number, Bar>()
      given[timeframe].set(symbol, all)
      for (const bar of bars) {
        const at = new Date(bar.t)
        all.set(at.getTime(), { n: 1, vw: (bar.h + bar.l + bar.c) / 3, ...bar, t: plain(at) })
      }
    },
    bars(symbol, { timeframe, adjustment, start, end }) {
      const isLong = timeframe.unit === 'Day' || timeframe.unit === 'Week' || timeframe.unit === 'Month'
      const base = isLong && given['1Day'].has(symbol) ? '1Day' : '1Min'
      const raw = rawOf(symbol, base).map((bar) => adjusted(symbol, bar, adjustment))
      const isBase = base === `${timeframe.count}${timeframe.unit}`
      const made = isBase ? raw : combined(raw, timeframe)
      return made.filter(({ t }) => new Date(t) >= start && new Date(t) <= end)
    },
    newest: (symbol, timeframe) => rawOf(symbol, timeframe).at(-1),
    rename(symbol, newSymbol) {
      for (const all of Object.values(given)) {
        const bars = all.get(symbol)
        if (bars) all.set(newSymbol, bars)
        all.delete(symbol)
      }
      const known = history.get(symbol)
      if (known) history.set(newSymbol, known)
      history.delete(symbol)
    },
  }
}

/** The last minute, day and day before, for a snapshot. */
export function recentBars(data: MarketData, symbol: string, now: Date): { minute?: Bar; day?: Bar; previous?: Bar } {
  const look = (timeframe: string) =>
    data.bars(symbol, { timeframe: readTimeframe(timeframe)!, adjustment: 'raw', start: new Date(0), end: now })
  const days = look('1Day')
  return { minute: look('1Min').at(-1), day: days.at(-1), previous: days.at(-2) }
}
