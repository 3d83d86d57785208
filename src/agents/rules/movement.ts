import { deviationOf, yearDays } from '../../backtest/figures/returns.ts'
import { Big } from '../../base/amounts.ts'
import type { Columns } from '../../strategies/screeners/strategy.ts'
import type { Facts } from './facts.ts'

/** Bars that the checks look at: those of a year, and one before them. */
export const checkedBars = yearDays + 1
/** Days of the mean range, and of a volatility. */
const [rangeDays, volatilityDays] = [14, 21]

/** The returns of days by day. */
export function returnsOf({ days, close }: Columns): ReadonlyMap<string, number> {
  return new Map(days.slice(1).map((day, at) => [day, close[at + 1]! / close[at]! - 1]))
}

/** The mean true range of 14 days, in dollars a unit; undefined with fewer. */
export function rangeOf({ days, high, low, close }: Columns): Big | undefined {
  if (days.length <= rangeDays) return undefined
  let sum = 0
  for (let at = days.length - rangeDays; at < days.length; at++)
    sum += Math.max(high[at]!, close[at - 1]!) - Math.min(low[at]!, close[at - 1]!)
  return Number.isFinite(sum) ? new Big((sum / rangeDays).toFixed(8)) : undefined
}

/** The volatility a year of the last 21 days, and the median of all such spans of the year; undefined with too few days. */
export function volatilityOf(bars: Columns): Facts['volatility'] {
  const returns = [...returnsOf(bars).values()].slice(-yearDays)
  const spans = Array.from({ length: Math.max(0, returns.length - volatilityDays + 1) }, (_, from) =>
    deviationOf(returns.slice(from, from + volatilityDays)),
  )
  const now = spans.at(-1)
  if (now === undefined) return undefined
  const sorted = spans.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2
  return { now: now * Math.sqrt(yearDays), median: median * Math.sqrt(yearDays) }
}
