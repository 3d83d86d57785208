import { Big } from '../../base/amounts.ts'
import { deviation, logReturns } from './volatility.ts'

/** What recent bars say: standard deviation of their logarithmic returns (close to close), and the move over all of them as a share of one. */
export interface BarStats {
  volatility: Big
  move: Big
}

/** Fewer bars than this say nothing. */
const fewest = 5

/** Sums up closing prices in dollars, oldest first; undefined when there are too few. */
export function barStats(closes: Big[]): BarStats | undefined {
  const [first, last] = [closes[0], closes.at(-1)]
  if (closes.length < fewest || !first || !last) return undefined
  const volatility = deviation(logReturns(closes.map(Number)))
  return Number.isFinite(volatility)
    ? { volatility: new Big(volatility.toFixed(8)), move: last.div(first).minus(1) }
    : undefined
}
