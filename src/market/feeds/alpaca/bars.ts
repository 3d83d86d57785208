import { together } from '../../../base/together.ts'
import { dayAfter, dayIn, exchangeZone, momentOn } from '../../../base/zone.ts'
import type { BarSource } from '../../bars/bar-source.ts'
import type { Bar } from '../../market.ts'
import type { AlpacaFeed } from '../feed-options.ts'
import { NoData } from '../shared/no-data.ts'
import type { DataClient } from './client.ts'
import { barPayload, barsPayload, fitting, splitsPayload } from './payloads.ts'
import { delayMs } from './prices.ts'

const hourMs = 3_600_000
const timeframes: Record<number, string> = { 1: '1Min', 5: '5Min', 15: '15Min', 30: '30Min', 1440: '1Day' }
const dayMinutes = 1440
const perPage = '10000'
/** The bars of so many symbols are asked for in one request. */
export const barsAtOnce = 50
/** Trades that are reported late change a bar for about half a minute. */
const lateMs = 40_000
/** Late trading ends four hours after the session; its volume counts in the bar of the day. */
const lateTradingMs = 4 * hourMs
/** The history of the provider begins in 2016; minutes are looked at for no longer than this. */
const begins = new Date('2016-01-01T05:00:00Z')
const minutesForDays = 400
/** Splits are read anew after this time, those of the last days each time, since they are told late. */
const splitsForMs = hourMs
const splitsBackDays = { first: 400, later: 10 }

/** A question for the bars of a symbol that begin in [from, to). */
interface Wanted {
  symbol: string
  minutes: number
  from: Date
  to: Date
}

type Answer = { bars: Bar[] } | { fault: unknown }

const spanOf = ({ minutes, from, to }: Wanted) => `${minutes} ${from.getTime()} ${to.getTime()}`

/** Alpaca's bars: those of a feed, adjusted for splits and nothing else, so that days and minutes have the same prices. */
export function alpacaBars(options: { client: DataClient; dataApi: string; feed: AlpacaFeed; now(): Date }): BarSource {
  const { client, dataApi, now } = options
  const feed = options.feed === 'delayed_sip' ? 'sip' : options.feed
  const extraMs = options.feed === 'delayed_sip' ? delayMs + 60_000 : 0
  const splits = new Map<string, Date[]>()
  let splitsAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined

  /** A split changes the bars in the night before its day; the provider may be late by a day. */
  function noteSplit(symbol: string, day: string): void {
    const moments = [
      momentOn(day, '04:00', exchangeZone),
      momentOn(day, '09:30', exchangeZone),
      momentOn(dayAfter(day, 1), '04:00', exchangeZone),
    ]
    splits.set(symbol, [...(splits.get(symbol) ?? []), ...moments])
  }

  async function readSplits(): Promise<void> {
    const back = splitsAt === Number.NEGATIVE_INFINITY ? splitsBackDays.first : splitsBackDays.later
    const today = dayIn(now(), exchangeZone)
    let page: string | undefined
    do {
      const { corporate_actions: actions, next_page_token } = await client.get(
        `${dataApi}/v1/corporate-actions`,
        {
          types: 'forward_split,reverse_split,unit_split',
          start: dayAfter(today, -back),
          end: dayAfter(today, 1),
          limit: '1000',
          page_token: page,
        },
        splitsPayload,
        'spare',
      )
      for (const kind of [actions.forward_splits, actions.reverse_splits, actions.unit_splits]) {
        for (const { symbol, old_symbol, ex_date, process_date } of kind ?? []) {
          const day = ex_date ?? process_date
          for (const one of [symbol, old_symbol]) if (one && day) noteSplit(one, day)
        }
      }
      page = next_page_token ?? undefined
    } while (page)
    splitsAt = performance.now()
  }

  /** The bars of several symbols over the same span, in as many pages as they fill. */
  async function ask(symbols: string[], { minutes, from, to }: Wanted): Promise<Map<string, Bar[]>> {
    const found = new Map<string, Bar[]>(symbols.map((symbol) => [symbol, []]))
    let page: string | undefined
    do {
      const answer = await client.get(
        `${dataApi}/v2/stocks/bars`,
        {
          symbols: symbols.join(','),
          timeframe: timeframes[minutes],
          start: from.toISOString(),
          // The end is inclusive.
          end: new Date(to.getTime() - 1).toISOString(),
          limit: perPage,
          adjustment: 'split',
          feed,
          sort: 'asc',
          page_token: page,
        },
        barsPayload,
        'spare',
      )
      for (const [symbol, bars] of found) {
        for (const { t, o, h, l, c, v } of fitting(answer.bars?.[symbol] ?? [], barPayload)) {
          bars.push({ at: t, open: o, high: h, low: l, close: c, volume: v })
        }
      }
      page = answer.next_page_token ?? undefined
    } while (page)
    return found
  }

  /** The same, where each symbol has its own fault: one that Alpaca refuses is looked for by halves, so that the others have their bars. */
  async function askEach(symbols: string[], span: Wanted): Promise<Map<string, Answer>> {
    try {
      return new Map([...(await ask(symbols, span))].map(([symbol, bars]) => [symbol, { bars }]))
    } catch (fault) {
      const isOfSymbols = fault instanceof NoData && (fault.status === 400 || fault.status === 422)
      if (!isOfSymbols || symbols.length === 1) return new Map(symbols.map((symbol) => [symbol, { fault }]))
      const half = Math.ceil(symbols.length / 2)
      const [one, other] = [symbols.slice(0, half), symbols.slice(half)]
      return new Map([...(await askEach(one, span)), ...(await askEach(other, span))])
    }
  }

  /** Questions of the same moment over the same span share a request. */
  const asked = together(
    async (wanted: Wanted[]): Promise<Answer[]> => {
      const spans = [...Map.groupBy(wanted, spanOf)].map(async ([span, some]) => {
        const symbols = [...new Set(some.map(({ symbol }) => symbol))]
        return [span, await askEach(symbols, some[0]!)] as const
      })
      const bySpan = new Map(await Promise.all(spans))
      return wanted.map((one) => bySpan.get(spanOf(one))!.get(one.symbol)!)
    },
    { most: barsAtOnce, atOnce: 4 },
  )

  return {
    name: `alpaca:${feed}`,
    adjustment: 'split',
    lengths: Object.keys(timeframes).map(Number),
    settleMs: (minutes) => extraMs + (minutes >= dayMinutes ? lateTradingMs : lateMs),
    earliest: (minutes, at) =>
      minutes >= dayMinutes
        ? begins
        : momentOn(dayAfter(dayIn(at, exchangeZone), -minutesForDays), '00:00', exchangeZone),
    async fetch(symbol, minutes, from, to) {
      const answer = await asked({ symbol, minutes, from, to })
      if ('fault' in answer) throw answer.fault
      return answer.bars
    },
    async rescaled(symbol) {
      if (performance.now() - splitsAt > splitsForMs) {
        reading ??= readSplits()
          // Without an answer the bars themselves still tell a change of scale.
          .catch(() => {})
          .finally(() => {
            reading = undefined
          })
        await reading
      }
      return splits.get(symbol) ?? []
    },
  }
}
