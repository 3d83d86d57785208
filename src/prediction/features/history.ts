import type { Columns } from '../../strategies/screeners/strategy.ts'

/**
 * Every feature of a bar is a function of so many bars up to it, and of no others: indicators that look back without end begin
 * anew with the first of them. A longer history therefore changes nothing, bit for bit.
 */
export const barsNeeded = 280

/** Nothing is calmer, as a standard deviation of daily log returns: a price that stands still has no scale of its own. */
export const leastSigma = 1e-4

/** The bars of a symbol with what the features share. Index 0 is the oldest bar; `sigma` is NaN where bars are too few or not sound. */
export interface History {
  bars: Columns
  logOpen: Float64Array
  logHigh: Float64Array
  logLow: Float64Array
  logClose: Float64Array
  /** The log return into each close; 0 for the first bar. */
  returns: Float64Array
  /** The standard deviation of a day's log return: its squares with weights that fall by .94 a day. At least `leastSigma`. */
  sigma: Float64Array
  /** The same with .985. */
  slowSigma: Float64Array
  /** (High + low + close)/3. */
  typical: Float64Array
  /** The true range of a bar in dollars; that of the first one is high − low. */
  trueRange: Float64Array
  /** The width of Bollinger's bands of 20 days and two deviations, over their middle; NaN for the first 19 bars. */
  bandWidth: Float64Array
  /** The number of bars that end with this one and are sound. */
  soundRun: Int32Array
}

/** Works out what features share, once for a series. Each value depends on its own last bars alone. */
export function historyOf(bars: Columns): History {
  const { open, high, low, close } = bars
  const count = close.length
  const logClose = close.map(Math.log)
  const returns = new Float64Array(count)
  const trueRange = new Float64Array(count)
  const bandWidth = new Float64Array(count).fill(Number.NaN)
  const typical = new Float64Array(count)
  const soundRun = new Int32Array(count)
  for (let bar = 0; bar < count; bar++) {
    const before = close[bar - 1]
    soundRun[bar] = isSound(bars, bar) ? (soundRun[bar - 1] ?? 0) + 1 : 0
    returns[bar] = bar === 0 ? 0 : logClose[bar]! - logClose[bar - 1]!
    trueRange[bar] =
      before === undefined
        ? high[bar]! - low[bar]!
        : Math.max(high[bar]! - low[bar]!, Math.abs(high[bar]! - before), Math.abs(low[bar]! - before))
    typical[bar] = (high[bar]! + low[bar]! + close[bar]!) / 3
    if (bar >= 19) bandWidth[bar] = (4 * deviation(close, bar, 20)) / mean(close, bar, 20)
  }
  return {
    ...{ bars, logClose, returns, trueRange, bandWidth, typical, soundRun },
    logOpen: open.map(Math.log),
    logHigh: high.map(Math.log),
    logLow: low.map(Math.log),
    sigma: weightedDeviations(returns, soundRun, 0.94),
    slowSigma: weightedDeviations(returns, soundRun, 0.985),
  }
}

/** Has this bar a row of features: are it and the `barsNeeded − 1` before it sound? */
export const hasRow = ({ soundRun }: History, bar: number): boolean => soundRun[bar]! >= barsNeeded

function isSound({ days, open, high, low, close, volume }: Columns, bar: number): boolean {
  const [o, h, l, c, v] = [open[bar]!, high[bar]!, low[bar]!, close[bar]!, volume[bar]!]
  const isInOrder = bar === 0 || days[bar]! > days[bar - 1]!
  const isBounded = h < Number.POSITIVE_INFINITY && v < Number.POSITIVE_INFINITY
  return isInOrder && isBounded && l > 0 && l <= Math.min(o, c) && h >= Math.max(o, c) && v >= 0
}

/** Roots of the weighted means of the squared returns within the window of each bar. Its first bar has no return of its own. */
function weightedDeviations(returns: Float64Array, soundRun: Int32Array, decay: number): Float64Array {
  const weights = decayingWeights(decay, barsNeeded - 1)
  return returns.map((_, bar) => {
    if (soundRun[bar]! < barsNeeded) return Number.NaN
    let sum = 0
    for (let ago = 0; ago < weights.length; ago++) sum += weights[ago]! * returns[bar - ago]! ** 2
    return Math.max(leastSigma, Math.sqrt(sum))
  })
}

/** Weights of the values of 0, 1, 2, … days ago, each `decay` times the one before, with the sum of 1. */
export function decayingWeights(decay: number, count: number): Float64Array {
  const sum = (1 - decay ** count) / (1 - decay)
  return Float64Array.from({ length: count }, (_, ago) => decay ** ago / sum)
}

/** The mean of the `count` values that end with `last`. */
export function mean(values: Float64Array, last: number, count: number): number {
  let sum = 0
  for (let at = last - count + 1; at <= last; at++) sum += values[at]!
  return sum / count
}

/** Their standard deviation, as of a whole population. */
export function deviation(values: Float64Array, last: number, count: number): number {
  const middle = mean(values, last, count)
  let squares = 0
  for (let at = last - count + 1; at <= last; at++) squares += (values[at]! - middle) ** 2
  return Math.sqrt(squares / count)
}
