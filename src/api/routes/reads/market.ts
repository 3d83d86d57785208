import { Big } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import { currencyOf } from '../../../market/currency.ts'
import { instrumentNamed } from '../../../market/held-symbols.ts'
import { atr } from '../../../market/indicators/atr.ts'
import { macd } from '../../../market/indicators/macd.ts'
import { rsi } from '../../../market/indicators/rsi.ts'
import { relativeDayVolumes, relativeVolumes } from '../../../market/indicators/rvol.ts'
import { calendarFor, tradedAt } from '../../../market/indicators/sessions.ts'
import { vwap } from '../../../market/indicators/vwap.ts'
import type { Instrument, Market, Bar as MarketBar } from '../../../market/market.ts'
import { marksOf } from '../../../market/marks.ts'
import { instrumentsLike, nameOf } from '../../../market/names.ts'
import { barsToShow, quoteToShow } from '../../../market/to-show.ts'
import type { Bar } from '../../contract/market.ts'
import type { Handlers } from '../context.ts'
import { decimal } from './decimals.ts'
import { allOf } from './pages.ts'
import { priceItem } from './positions.ts'

const usualMinutes = 5
const usualCount = 200
const mostSymbols = 100
const mostLike = 25
const dayMinutes = 1440
/** Bars before the shown ones, so that averages have settled and sessions are whole. */
const before = 500

type Series = (number | undefined)[]

/** Indicators by their names; one may have several series. */
const studies: Record<string, (bars: MarketBar[], instrument: Instrument, minutes: number) => Record<string, Series>> =
  {
    vwap: (bars, instrument) => ({ vwap: vwap(bars, calendarFor(instrument)) }),
    rsi: (bars) => ({ rsi: rsi(bars) }),
    atr: (bars) => ({ atr: atr(bars) }),
    rvol: (bars, instrument, minutes) => ({
      rvol:
        minutes >= dayMinutes
          ? relativeDayVolumes(bars)
          : relativeVolumes(bars, calendarFor(instrument), minutes * 60_000),
    }),
    macd(bars) {
      const values = macd(bars)
      return {
        macd: values.map((value) => value?.macd),
        'macd.signal': values.map((value) => value?.signal),
        'macd.histogram': values.map((value) => value?.histogram),
      }
    },
  }

const currencyShown = (symbol: string) => currencyOf(symbol) ?? 'USD'

export const marketReads: Pick<Handlers, 'quotes' | 'bars' | 'indicators' | 'instruments'> = {
  async quotes({ parts: { market } }, { query }) {
    const marks = marksOf(market)
    const symbols = [...new Set(query.symbols.split(',').map((one) => one.trim()))].filter(Boolean)
    if (symbols.length > mostSymbols) return badQuery(`symbols: at most ${mostSymbols}`)
    const quotes = await Promise.all(
      symbols.map(async (symbol) => {
        const instrument = await instrumentNamed(market, symbol)
        const [quote, mark] = instrument
          ? await Promise.all([quoteToShow(market, symbol), marks.now(symbol).catch(() => undefined)])
          : []
        if (!instrument || !quote) return []
        const { lot, tick } = instrument
        return [
          {
            ...{ symbol: quote.symbol, name: nameOf(instrument), source: quote.source, ...priceItem(quote) },
            ...{
              mark: decimal(mark?.last),
              currency: currencyShown(quote.symbol),
              lot: lot.toFixed(),
              tick: tick.toFixed(),
            },
          },
        ]
      }),
    )
    return allOf(quotes.flat())
  },
  async bars({ parts: { market } }, { query }) {
    const instrument = await instrumentNamed(market, query.symbol)
    if (!instrument) return unknownSymbol(query.symbol, market)
    const { minutes = usualMinutes, count = usualCount } = query
    const { symbol } = instrument
    return {
      ...allOf((await barsToShow(market, symbol, minutes, count)).map(barItem)),
      currency: currencyShown(symbol),
    }
  },
  async indicators({ parts: { market } }, { query }) {
    const instrument = await instrumentNamed(market, query.symbol)
    if (!instrument) return unknownSymbol(query.symbol, market)
    const { minutes = usualMinutes, count = usualCount } = query
    const names = [...new Set((query.names ?? 'vwap').split(',').map((one) => one.trim()))]
    const strange = names.find((name) => !Object.hasOwn(studies, name))
    if (strange !== undefined) return badQuery(`names: there is no ${strange.slice(0, 20)}`)
    const bars = await barsToShow(market, instrument.symbol, minutes, count + before)
    const series = names.flatMap((name) => Object.entries(studies[name]!(bars, instrument, minutes)))
    return {
      symbol: instrument.symbol,
      minutes,
      at: bars.slice(-count).map((bar) => tradedAt(bar).toISOString()),
      values: Object.fromEntries(series.map(([name, values]) => [name, values.slice(-count).map(shown)])),
    }
  },
  instruments: async ({ parts: { market } }, { query }) => allOf(instrumentsLike(market, query.like ?? '', mostLike)),
}

function barItem(bar: MarketBar): Bar {
  const { open, high, low, close, volume } = bar
  return {
    ...{ at: tradedAt(bar).toISOString(), clockAt: bar.at.toISOString() },
    ...{ open: open.toFixed(), high: high.toFixed(), low: low.toFixed(), close: close.toFixed() },
    volume: volume.toFixed(),
  }
}

/** The value of an indicator to six decimals. It is only shown, and no amount is made of it. */
const shown = (value: number | undefined): string | null =>
  value === undefined || !Number.isFinite(value) ? null : new Big(value).round(6).toFixed()

function unknownSymbol(symbol: string, { name }: Market): Refusal {
  return new Refusal(
    'UNKNOWN_SYMBOL',
    `The market in use (${name}) does not know ${symbol}.`,
    'See /api/instruments?like=',
  )
}

const badQuery = (what: string) =>
  new Refusal('BAD_REQUEST', `The request is not understood: query.${what}.`, 'See /api/docs')
