import { strengthsAmong } from '../screeners/maths/relative-strength.ts'
import { resultOf } from '../screeners/result.ts'
import type { Columns, Strategy } from '../screeners/strategy.ts'

/** Recorded days of many stocks, by symbol, and of SPY beside them. */
export interface Recording {
  stocks: ReadonlyMap<string, Columns>
  spy: Columns
}

/** The result of a stock on a day of the past, and how it went on. */
export interface Observation {
  day: string
  symbol: string
  passed: boolean
  /** The return from that close to the close so many bars later; undefined where the recording ends before. */
  later: number | undefined
  /** The same, less the return of SPY between the same two days. */
  excess: number | undefined
}

/** Bars before the last that a score may look at: more than any strategy uses. */
const window = 320

/**
 * Screens every `every`-th day of a recording as a run on that day would have, with the default parameters, and looks `horizon`
 * bars ahead. Stocks that are skipped on a day have no observation then.
 */
export function* observationsOf(
  strategy: Strategy,
  { stocks, spy }: Recording,
  { horizon, every }: { horizon: number; every: number },
): Generator<Observation> {
  const parameters = strategy.parameters.parse({})
  const places = new Map([...stocks].map(([symbol, { days }]) => [symbol, placesOf(days)]))
  const spyPlaces = placesOf(spy.days)
  for (let at = 0; at < spy.days.length; at += every) {
    const day = spy.days[at]!
    const bars = new Map<string, Columns>()
    for (const [symbol, all] of stocks) {
      const place = places.get(symbol)!.get(day)
      if (place !== undefined && place + 1 >= strategy.barsNeeded) bars.set(symbol, upTo(all, place))
    }
    if (bars.size === 0) continue
    const index = upTo(spy, at)
    const figures: Record<string, number> = {}
    if (strategy.strength) {
      for (const [symbol, each] of bars) figures[symbol] = strategy.strength(each)!
    }
    const strengthOf = strengthsAmong(figures, strategy.strength?.(index))
    for (const [symbol, each] of bars) {
      const result = resultOf(strategy, symbol, each, day, parameters, { strength: strengthOf(symbol), index })
      if (result.outcome === 'skipped' || result.outcome === 'error') continue
      const all = stocks.get(symbol)!
      const place = places.get(symbol)!.get(day)!
      const later = returnOf(all, place, place + horizon)
      const spyLater = later === undefined ? undefined : returnOf(spy, at, spyPlaces.get(all.days[place + horizon]!))
      const excess = later === undefined || spyLater === undefined ? undefined : later - spyLater
      yield { day, symbol, passed: result.outcome === 'passed', later, excess }
    }
  }
}

const placesOf = (days: readonly string[]) => new Map(days.map((day, place) => [day, place]))

function upTo({ days, open, high, low, close, volume }: Columns, place: number): Columns {
  const [from, to] = [Math.max(0, place + 1 - window), place + 1]
  const part = (column: Float64Array) => column.subarray(from, to)
  return {
    days: days.slice(from, to),
    open: part(open),
    high: part(high),
    low: part(low),
    close: part(close),
    volume: part(volume),
  }
}

function returnOf({ close }: Columns, from: number, to: number | undefined): number | undefined {
  const end = to === undefined ? undefined : close[to]
  return end === undefined ? undefined : end / close[from]! - 1
}
