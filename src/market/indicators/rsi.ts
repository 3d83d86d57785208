import type { Bar } from '../market.ts'
import { library } from './library.ts'

/** Bars needed for the first value: fourteen changes. */
export const rsiBars = 15

/**
 * Relative strength index, 0 to 100, for each bar (J. Welles Wilder, "New Concepts in Technical Trading Systems", 1978): 100
 * - 100 / (1 + average gain / average loss) over 14 bars, smoothed by Wilder's moving average, which begins with the plain
 * mean of the first 14 changes. 50 while the price has not moved at all, since the formula has no value then.
 */
export function rsi(bars: Bar[], period = 14): (number | undefined)[] {
  const { RSI } = library()
  const index = new RSI(period)
  let hasMoved = false
  return bars.map(({ close }, at) => {
    hasMoved ||= at > 0 && !close.eq(bars[at - 1]!.close)
    const value = index.add(close.toNumber())
    if (value === null) return undefined
    return hasMoved ? value : 50
  })
}
