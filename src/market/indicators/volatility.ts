/** The number of returns in one volatility, and of volatilities in their mean. */
export const periods = { returns: 10, mean: 20 }

/** Log returns from each close to the next. */
export function logReturns(closes: number[]): number[] {
  return closes.slice(1).map((close, index) => Math.log(close / closes[index]!))
}

/** Sample standard deviation. */
export function deviation(values: number[]): number {
  const mean = values.reduce((total, value) => total + value, 0) / values.length
  return Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1))
}

/**
 * Realized volatility relative to its usual value: the standard deviation of the last 10 log returns (close to close) over
 * the mean of the 20 such deviations before it. Undefined with fewer than 31 closes, or without any movement.
 */
export function volatilityRatio(closes: number[]): number | undefined {
  const returns = logReturns(closes.slice(-(periods.returns + periods.mean + 1)))
  if (returns.length < periods.returns + periods.mean) return undefined
  const deviations = Array.from({ length: periods.mean + 1 }, (_, first) =>
    deviation(returns.slice(first, first + periods.returns)),
  )
  const now = deviations.pop()!
  const usual = deviations.reduce((total, value) => total + value, 0) / deviations.length
  return usual > 0 ? now / usual : undefined
}
