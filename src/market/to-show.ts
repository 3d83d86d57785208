import { setTimeout as wait } from 'node:timers/promises'
import type { Bar, Market, Quote } from './market.ts'

// A command that only shows something does not wait for a source that hangs.

/** The longest waits in milliseconds. A source may read much history before it has the bars. */
const patienceMs = { quote: 4000, bars: 8000 }

/** The quote to show; undefined when the market has none, gives an error, or does not answer for four seconds. Never throws. */
export async function quoteToShow(market: Pick<Market, 'name' | 'quote'>, symbol: string): Promise<Quote | undefined> {
  return inTime(market, 'the price', symbol, market.quote(symbol), patienceMs.quote).catch(() => undefined)
}

/** The same after every source was asked at once, so that it tells when they differ. */
export async function confirmedToShow(market: Market, symbol: string): Promise<Quote | undefined> {
  const confirmed = market.confirmed?.(symbol) ?? market.quote(symbol)
  return inTime(market, 'the price', symbol, confirmed, patienceMs.quote).catch(() => undefined)
}

/** The bars to show. Throws the market's errors, and throws when it does not answer for eight seconds. */
export function barsToShow(market: Market, symbol: string, minutes: number, count: number): Promise<Bar[]> {
  return inTime(market, 'the bars', symbol, market.bars(symbol, minutes, count), patienceMs.bars)
}

/** The answer of a market, or an error when it takes longer than so many milliseconds. */
export async function inTime<Answer>(
  { name }: Pick<Market, 'name'>,
  what: string,
  symbol: string,
  answer: Promise<Answer>,
  withinMs: number,
): Promise<Answer> {
  const over = new AbortController()
  const late = wait(withinMs, undefined, { signal: over.signal, ref: false }).then(
    () => {
      throw new Error(`${name} has not said ${what} of ${symbol} within ${withinMs} ms`)
    },
    () => undefined as never,
  )
  return await Promise.race([answer, late]).finally(() => over.abort())
}
