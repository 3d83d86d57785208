import type { Columns, Strength } from '../strategy.ts'
import { tradingDays } from './year.ts'

/** With fewer symbols a percentile says little, and each is compared with SPY instead. */
const leastToRankAmong = 50

/**
 * The strength of a symbol over the year: its price in terms of those 3, 6, 9 and 12 months ago, the last quarter counting
 * double (the formula that is commonly taken for the rating of Investor's Business Daily). 100 is unchanged. Undefined with
 * fewer than 253 bars.
 */
export function strengthFigure({ close }: Columns): number | undefined {
  const last = close.length - 1
  if (last < tradingDays) return undefined
  const ratio = (bars: number) => close[last]! / close[last - bars]!
  return 40 * ratio(63) + 20 * (ratio(126) + ratio(189) + ratio(252))
}

/**
 * Says how strong each symbol is among all: the percentage of the others whose figure is lower, ties having the same. Under
 * 50 symbols each is compared with SPY's figure, and is undefined without one.
 */
export function strengthsAmong(
  figures: Readonly<Record<string, number>>,
  spy: number | undefined,
): (symbol: string) => Strength | undefined {
  const sorted = Float64Array.from(Object.values(figures)).sort()
  const among = sorted.length
  return (symbol) => {
    const figure = figures[symbol]
    if (figure === undefined) return undefined
    if (among < leastToRankAmong) return spy === undefined ? undefined : { against: 'SPY', figure, theirs: spy }
    return { percentile: (100 * countBelow(sorted, figure)) / (among - 1), among }
  }
}

/** The number of values below one, in an ascending list. */
function countBelow(sorted: Float64Array, value: number): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (sorted[middle]! < value) from = middle + 1
    else to = middle
  }
  return from
}
