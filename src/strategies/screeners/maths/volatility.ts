import { mean } from './windows.ts'
import { tradingDays } from './year.ts'

/** The log return into each close but the first. */
export function logReturns(close: Float64Array): Float64Array {
  const returns = new Float64Array(close.length - 1)
  for (let at = 0; at < returns.length; at++) returns[at] = Math.log(close[at + 1]! / close[at]!)
  return returns
}

/**
 * The annual volatility of the `count` daily log returns before `end`: their standard deviation, of a sample, times the root of
 * 252. .25 is 25%.
 */
export function volatilityOf(returns: Float64Array, end: number, count: number): number {
  const middle = mean(returns, end, count)
  let squares = 0
  for (let at = end - count; at < end; at++) squares += (returns[at]! - middle) ** 2
  return Math.sqrt((squares / (count - 1)) * tradingDays)
}

/** The percentage of values that lie below the last one, 0..100: its percentile among those before it. */
export function percentileOfLast(values: ArrayLike<number>): number {
  const before = values.length - 1
  const last = values[before]!
  let below = 0
  for (let at = 0; at < before; at++) if (values[at]! < last) below++
  return (100 * below) / before
}

/** The volatility of 20 days on each of the last 252 days, oldest first. It needs 271 returns. */
export function yearOfVolatilities(returns: Float64Array): Float64Array {
  const first = returns.length - tradingDays
  return Float64Array.from({ length: tradingDays }, (_, day) => volatilityOf(returns, first + day + 1, 20))
}
