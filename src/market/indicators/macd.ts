import type { Bar } from '../market.ts'
import { library } from './library.ts'

/** Bars needed for the first value: 26 for the slow average, 8 more for the signal. */
export const macdBars = 34
const [fast, slow, smoothed] = [12, 26, 9]

/** In dollars. */
export interface Macd {
  /** The average over 12 bars minus the one over 26. */
  macd: number
  /** The average of `macd` over 9 bars. */
  signal: number
  /** `macd` minus `signal`. */
  histogram: number
}

/**
 * Moving average convergence divergence, for each bar (Gerald Appel, "The Moving Average Convergence Trading Method", 1979):
 * exponential averages of the close over 12 and 26 bars, and of their difference over 9. Each average begins at its first
 * value; after a few times its length this makes no difference.
 */
export function macd(bars: Bar[]): (Macd | undefined)[] {
  const { EMA, MACD } = library()
  const indicator = new MACD(new EMA(fast), new EMA(slow), new EMA(smoothed))
  return bars.map(({ close }, at) => {
    const value = indicator.add(close.toNumber())
    return value === null || at + 1 < macdBars ? undefined : value
  })
}
