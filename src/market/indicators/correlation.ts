import type { FloatBar } from './structure.ts'
import { deviation, logReturns } from './volatility.ts'

/** The fewest returns for a meaningful correlation, and the most that are used. */
export const returnsCorrelated = { least: 20, most: 60 }

/**
 * Mean of Pearson's correlations of all pairs of series, over the log returns between the bars that all series have. For
 * standardized returns z it equals (|Σz|²/(T−1) − n) / (n(n−1)), with n series of T returns, so that no pair has to be
 * computed. Series with too few bars, or without movement, are left out; undefined with fewer than two left. A short position
 * gains when a long one loses, so its series counts with the opposite sign (`sign`).
 */
export function meanCorrelation(held: { bars: FloatBar[]; sign: 1 | -1 }[]): number | undefined {
  const long = held
    .map(({ bars, sign }) => ({ bars: bars.slice(-(returnsCorrelated.most + 1)), sign }))
    .filter(({ bars }) => bars.length > returnsCorrelated.least)
  if (long.length < 2) return undefined
  const [first, ...others] = long.map(({ bars }) => new Set(bars.map((bar) => bar.at)))
  const shared = new Set([...first!].filter((time) => others.every((times) => times.has(time))))
  if (shared.size <= returnsCorrelated.least) return undefined
  const series = long.flatMap(({ bars, sign }) => {
    const returns = logReturns(bars.flatMap((bar) => (shared.has(bar.at) ? [bar.close] : [])))
    const spread = deviation(returns)
    const mean = returns.reduce((total, value) => total + value, 0) / returns.length
    // A constant series has only the spread of rounding errors.
    return spread > 1e-12 ? [returns.map((value) => (sign * (value - mean)) / spread)] : []
  })
  if (series.length < 2) return undefined
  const length = shared.size - 1
  let square = 0
  for (let at = 0; at < length; at++) {
    let total = 0
    for (const returns of series) total += returns[at]!
    square += total * total
  }
  return (square / (length - 1) - series.length) / (series.length * (series.length - 1))
}
