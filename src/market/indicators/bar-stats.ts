import { Big } from '../../base/amounts.ts'
import { deviation, logReturns } from './volatility.ts'

/**
 * Statistics of recent bars: the standard deviation of their log returns (close to close), and the move over all of them as a
 * ratio.
 */
export interface BarStats {
  volatility: Big
  move: Big
}

/** Fewer bars than this are not meaningful. */
const fewest = 5

/** The statistics of closing prices in dollars, oldest first; undefined when there are too few. */
export function barStats(closes: Big[]): BarStats | undefined {
  const [first, last] = [closes[0], closes.at(-1)]
  if (closes.length < fewest || !first || !last) return undefined
  const volatility = deviation(logReturns(closes.map(Number)))
  return Number.isFinite(volatility)
    ? { volatility: new Big(volatility.toFixed(8)), move: last.div(first).minus(1) }
    : undefined
}
