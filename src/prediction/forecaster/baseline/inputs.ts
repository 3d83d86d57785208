import type { Columns } from '../../../strategies/screeners/strategy.ts'

/** The names of the inputs of the baseline, in their order; its model carries them, and is refused with others. */
export const baselineInputs = [
  'ln of the variance, averaged with .94 a day',
  'ln of the variance, averaged with .985 a day',
  'ln of the mean variance of 252 days',
  'ln of the variance from high and low (Parkinson), averaged with .94 a day',
  'ln of the variance of SPY, averaged with .94 a day',
  'ln of the variance of SPY, averaged with .985 a day',
  'the move of 5 days over its usual size, if down',
] as const

/**
 * The returns before a day on which its inputs depend. Averages begin anew at the first of them and their weights are scaled to
 * one, so a longer history changes no bit.
 */
export const returnsNeeded = 252
/** The bars up to and with the day itself. */
export const barsNeeded = returnsNeeded + 1

/** The least variance of a day: prices that stand still for a year would have the logarithm of zero. */
export const leastVariance = 1e-8

/** A series by days, each value from the last `barsNeeded` bars alone; NaN where there are fewer. */
interface Variances {
  fast: Float64Array
  slow: Float64Array
  year: Float64Array
  /** From high and low. */
  range: Float64Array
}

/** The inputs by days: rows of `baselineInputs.length`, from the bar `first` on. */
export interface BaselineRows {
  first: number
  rows: number
  values: Float64Array
  /** Days without SPY, whose two inputs are NaN there. */
  withoutMarket: number
}

/**
 * The inputs of each day in `from … to` (bars, by default all with history enough). SPY counts up to the same day; a day of
 * which it lacks bars has NaN in its two places.
 */
export function baselineRows(
  bars: Columns,
  market: Columns | undefined,
  { from = 0, to = bars.days.length }: { from?: number; to?: number } = {},
): BaselineRows {
  const width = baselineInputs.length
  const first = Math.max(from, returnsNeeded)
  const rows = Math.max(0, to - first)
  const own = variancesOf(bars, first, to)
  const places = market ? placesIn(market.days, bars.days, first, to) : undefined
  const theirs = market && variancesOf(market, Math.max(returnsNeeded, Math.min(...(places ?? []))), market.days.length)
  const values = new Float64Array(rows * width)
  let withoutMarket = 0
  for (let row = 0; row < rows; row++) {
    const at = first + row
    const place = places?.[row] ?? -1
    const isThere = theirs !== undefined && place >= returnsNeeded
    if (!isThere) withoutMarket++
    const move = Math.log(bars.close[at]! / bars.close[at - 5]!) / Math.sqrt(5 * own.fast[at]!)
    values.set(
      [
        Math.log(own.fast[at]!),
        Math.log(own.slow[at]!),
        Math.log(own.year[at]!),
        Math.log(own.range[at]!),
        isThere ? Math.log(theirs.fast[place]!) : Number.NaN,
        isThere ? Math.log(theirs.slow[place]!) : Number.NaN,
        Math.max(-10, Math.min(0, move)),
      ],
      row * width,
    )
  }
  return { first, rows, values, withoutMarket }
}

function variancesOf({ open, high, low, close }: Columns, from: number, to: number): Variances {
  const count = close.length
  const squares = new Float64Array(count)
  const ranges = new Float64Array(count)
  for (let at = Math.max(1, from - returnsNeeded + 1); at < to; at++) {
    squares[at] = Math.log(close[at]! / close[at - 1]!) ** 2
    const [top, bottom] = [Math.max(high[at]!, open[at]!, close[at]!), Math.min(low[at]!, open[at]!, close[at]!)]
    ranges[at] = Math.log(top / bottom) ** 2 / (4 * Math.LN2)
  }
  return {
    fast: averaged(squares, 0.94, from, to),
    slow: averaged(squares, 0.985, from, to),
    year: averaged(squares, 1, from, to),
    range: averaged(ranges, 0.94, from, to),
  }
}

/** The mean of the last `returnsNeeded` values with weights that fall by this factor a day. */
function averaged(values: Float64Array, factor: number, from: number, to: number): Float64Array {
  const weights = Float64Array.from({ length: returnsNeeded }, (_, age) => factor ** age)
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const out = new Float64Array(values.length).fill(Number.NaN)
  for (let at = Math.max(from, returnsNeeded); at < to; at++) {
    let sum = 0
    for (let age = 0; age < returnsNeeded; age++) sum += weights[age]! * values[at - age]!
    out[at] = Math.max(leastVariance, sum / whole)
  }
  return out
}

/** The last bar of SPY on or before each day; −1 when its last one is more than a week of bars behind. */
function placesIn(theirDays: string[], ourDays: string[], from: number, to: number): Int32Array {
  const places = new Int32Array(Math.max(0, to - from)).fill(-1)
  let place = -1
  for (let at = from; at < to; at++) {
    while (place + 1 < theirDays.length && theirDays[place + 1]! <= ourDays[at]!) place++
    if (place >= 0 && theirDays[place]! >= ourDays[Math.max(0, at - 5)]!) places[at - from] = place
  }
  return places
}
