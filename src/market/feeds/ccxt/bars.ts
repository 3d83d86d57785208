import type { Exchange } from '../../../infra/exchanges/exchange.ts'
import type { BarSource } from '../../bars/bar-source.ts'
import type { Bar } from '../../market.ts'
import { amountIn, priceIn } from '../shared/prices.ts'

/** CCXT's words for the lengths of bars, by minutes. */
const words: Record<number, string> = { 1: '1m', 5: '5m', 15: '15m', 30: '30m', 1440: '1d' }
const minuteMs = 60_000
/** Bars of one answer, and answers to one question. */
const page = 500
const mostPages = 20
/** A trade may come into a bar so long after its end, in milliseconds. */
const lateMs = 5000
/** The most bars that Kraken shows of the past, whatever is asked. */
const mostOf: Record<string, number> = { kraken: 720 }
const usualMost = 10_000

/** An exchange's bars of its pairs, in the pair's own currency, around the clock. */
export function ccxtBars(
  id: string,
  pairOf: (symbol: string) => { exchange: Exchange; pair: string } | undefined,
  ask: <Value>(work: () => Promise<Value>) => Promise<Value>,
): BarSource {
  const most = mostOf[id] ?? usualMost
  return {
    ...{ name: id, adjustment: 'none', lengths: Object.keys(words).map(Number) },
    settleMs: () => lateMs,
    // The first one of those that are shown may be cut.
    earliest: (minutes, now) => new Date(now.getTime() - (most - 1) * minutes * minuteMs),
    async fetch(symbol, minutes, from, to) {
      const found = pairOf(symbol)
      if (!found) return []
      const all = new Map<number, Bar>()
      let since = from.getTime()
      for (let pages = 0; pages < mostPages && since < to.getTime(); pages++) {
        const rows = await ask(() => found.exchange.fetchOHLCV(found.pair, words[minutes]!, since, page))
        const before = all.size
        for (const bar of rows.flatMap((row) => barIn(row) ?? [])) all.set(bar.at.getTime(), bar)
        const last = Math.max(0, ...all.keys())
        if (all.size === before || rows.length < page || last < since) break
        since = last
      }
      return [...all.values()].filter(({ at }) => at >= from && at < to)
    },
  }
}

/** A row of CCXT: milliseconds, open, high, low, close, volume. */
function barIn([at, ...amounts]: unknown[]): Bar | undefined {
  const [open, high, low, close] = amounts.slice(0, 4).map(priceIn)
  if (typeof at !== 'number' || !open || !high || !low || !close) return undefined
  return { at: new Date(at), open, high, low, close, volume: amountIn(amounts[4]) ?? open.times(0) }
}
