import { deviationOf, meanOf } from '../../../backtest/figures/returns.ts'
import { normalBelow, normalQuantile } from './normal.ts'

/** The shape of returns: the Sharpe ratio of a day (not of a year), and what its error depends on. */
export interface Shape {
  count: number
  /** The mean by the deviation (ddof 1). */
  sharpe: number
  /** The third and the fourth moment, the latter raw: 0 and 3 of normal returns. */
  skewness: number
  kurtosis: number
}

/** The shape of returns of days; undefined where they do not move, or are fewer than three. */
export function shapeOf(returns: readonly number[]): Shape | undefined {
  const count = returns.length
  const mean = meanOf(returns)
  const moment = (power: number) => meanOf(returns.map((one) => (one - mean) ** power))
  const variance = moment(2)
  // Equal returns have only the spread of rounding errors.
  if (count < 3 || !(variance > 1e-24)) return undefined
  return {
    ...{ count, sharpe: mean / deviationOf(returns) },
    ...{ skewness: moment(3) / variance ** 1.5, kurtosis: moment(4) / variance ** 2 },
  }
}

/**
 * The shape as gates count it: a skewness above zero counts as zero, and a kurtosis below three as three. Over ten days, what looks kinder
 * than normal is chance: with the measured moments, 6.6% of agents without an edge (returns of five degrees of freedom) reach 95%.
 */
export function cautious(shape: Shape): Shape {
  return { ...shape, skewness: Math.min(0, shape.skewness), kurtosis: Math.max(3, shape.kurtosis) }
}

/** The variance of a Sharpe ratio, times the count less one. */
const spread = ({ sharpe, skewness, kurtosis }: Shape) => 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe ** 2

/** The deviations by which a Sharpe ratio exceeds another one; NaN where the moments contradict each other. */
export function deviationsAbove(shape: Shape, other = 0): number {
  return ((shape.sharpe - other) * Math.sqrt(shape.count - 1)) / Math.sqrt(spread(shape))
}

/**
 * The probabilistic Sharpe ratio: the chance that the true Sharpe ratio of a day is above another one. D. Bailey and M. López de Prado, “The
 * Sharpe Ratio Efficient Frontier”, Journal of Risk 15(2), 2012.
 */
export function probabilisticSharpe(shape: Shape, other = 0): number {
  return normalBelow(deviationsAbove(shape, other))
}

const eulerMascheroni = 0.5772156649015329

/**
 * The Sharpe ratio that the best of so many trials without an edge is expected to have, when theirs have this deviation. With it in the place
 * of the other one, the probabilistic Sharpe ratio is the deflated one. D. Bailey and M. López de Prado, “The Deflated Sharpe Ratio”, Journal of
 * Portfolio Management 40(5), 2014.
 */
export function expectedBest(trials: number, deviation: number): number {
  if (trials < 2) return 0
  const above = (chance: number) => normalQuantile(1 - chance)
  return deviation * ((1 - eulerMascheroni) * above(1 / trials) + eulerMascheroni * above(1 / (trials * Math.E)))
}

/** The fewest returns by which a Sharpe ratio is shown to be above another one; infinite when it is not above it (the source of PSR). */
export function daysToShow(shape: Shape, chance: number, other = 0): number {
  if (!(shape.sharpe > other)) return Infinity
  return 1 + spread(shape) * (normalQuantile(chance) / (shape.sharpe - other)) ** 2
}
