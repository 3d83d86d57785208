import { baselineInputs, baselineRows, leastVariance } from '../../src/prediction/forecaster/baseline/inputs.ts'
import { knots } from '../../src/prediction/forecaster/horizons.ts'
import type { Columns } from '../../src/strategies/screeners/strategy.ts'

/** The rows of features of a symbol: 336 values for each bar from `first` on. */
export interface FeatureRows {
  first: number
  values: Float32Array
}

/** All days of all symbols that can be learned from or judged, in order of symbol and day. */
export interface Samples {
  count: number
  symbols: string[]
  /** All days of the recording, in order: `2014-01-02`. */
  calendar: string[]
  /** The symbol and the day of each sample, as places in the two lists. */
  symbol: Int32Array
  day: Int32Array
  /** Rows of `baselineInputs.length`. */
  inputs: Float64Array
  /** Rows of `width` features; none without a source of them. */
  features: Float32Array
  width: number
  /** The logarithm of the return to each knot, a row a sample; NaN where the recording ends before. */
  moves: Float64Array
  /** The logarithm of the mean variance of the days up to each knot. */
  variances: Float64Array
  /** The place in the calendar of the day on which the label of each knot is known; the length of the calendar, if never. */
  known: Int32Array
}

/** Features of a symbol from its bars; undefined where there are none. */
export type FeatureSource = (symbol: string, bars: Columns) => FeatureRows | undefined

/** Reads samples from bars. SPY is the market and no sample; days with an unknown input are left out. */
export function samplesOf(
  bars: ReadonlyMap<string, Columns>,
  market: Columns | undefined,
  features?: { width: number; of: FeatureSource },
): Samples {
  const calendar = [...new Set([...bars.values()].flatMap(({ days }) => days))].sort()
  const places = new Map(calendar.map((day, at) => [day, at]))
  const symbols = [...bars.keys()].sort()
  const width = features?.width ?? 0
  const parts = symbols.map((name, symbol) =>
    partOf(symbol, bars.get(name)!, market, places, features?.of(name, bars.get(name)!), width),
  )
  const count = parts.reduce((sum, part) => sum + part.days.length, 0)
  const wide = baselineInputs.length
  const all: Samples = {
    count,
    symbols,
    calendar,
    symbol: new Int32Array(count),
    day: new Int32Array(count),
    inputs: new Float64Array(count * wide),
    features: new Float32Array(count * width),
    width,
    moves: new Float64Array(count * knots.length),
    variances: new Float64Array(count * knots.length),
    known: new Int32Array(count * knots.length),
  }
  let at = 0
  for (const part of parts) {
    all.symbol.fill(part.symbol, at, at + part.days.length)
    all.day.set(part.days, at)
    all.inputs.set(part.inputs, at * wide)
    all.features.set(part.features, at * width)
    all.moves.set(part.moves, at * knots.length)
    all.variances.set(part.variances, at * knots.length)
    all.known.set(part.known, at * knots.length)
    at += part.days.length
  }
  return all
}

function partOf(
  symbol: number,
  bars: Columns,
  market: Columns | undefined,
  places: Map<string, number>,
  features: FeatureRows | undefined,
  width: number,
) {
  const rows = baselineRows(bars, market)
  const wide = baselineInputs.length
  const from = Math.max(rows.first, width > 0 ? (features?.first ?? bars.days.length) : 0)
  const kept: number[] = []
  for (let at = from; at < rows.first + rows.rows; at++) {
    const own = rows.values.subarray((at - rows.first) * wide, (at - rows.first + 1) * wide)
    if (own.every((value) => Number.isFinite(value))) kept.push(at)
  }
  const squares = new Float64Array(bars.days.length + 1)
  for (let at = 1; at < bars.days.length; at++)
    squares[at + 1] = squares[at]! + Math.log(bars.close[at]! / bars.close[at - 1]!) ** 2
  const count = kept.length
  const part = {
    symbol,
    days: Int32Array.from(kept, (at) => places.get(bars.days[at]!)!),
    inputs: new Float64Array(count * wide),
    features: new Float32Array(count * width),
    moves: new Float64Array(count * knots.length).fill(Number.NaN),
    variances: new Float64Array(count * knots.length).fill(Number.NaN),
    known: new Int32Array(count * knots.length).fill(places.size),
  }
  for (const [row, at] of kept.entries()) {
    const own = rows.values.subarray((at - rows.first) * wide, (at - rows.first + 1) * wide)
    part.inputs.set(own, row * wide)
    if (features)
      part.features.set(
        features.values.subarray((at - features.first) * width, (at - features.first + 1) * width),
        row * width,
      )
    // A day without a move has no logarithm; a hundredth of the usual variance stands for it.
    const least = Math.max(leastVariance, Math.exp(own[0]!) / 100)
    for (const [knot, horizon] of knots.entries()) {
      const end = at + horizon
      if (end >= bars.days.length) continue
      const place = row * knots.length + knot
      part.moves[place] = Math.log(bars.close[end]! / bars.close[at]!)
      part.variances[place] = Math.log(Math.max(least, (squares[end + 1]! - squares[at + 1]!) / horizon))
      part.known[place] = places.get(bars.days[end]!)!
    }
  }
  return part
}
