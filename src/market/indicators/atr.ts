import type { Bar } from '../market.ts'
import { candle } from './candle.ts'
import { library } from './library.ts'

/** Bars needed for the first value. */
export const atrBars = 14

/**
 * Average true range in dollars, for each bar (Wilder 1978): first the mean of 14 true ranges, then Wilder's moving average.
 * A true range reaches from the lower of low and previous close to the higher of high and previous close.
 */
export function atr(bars: Bar[], period = 14): (number | undefined)[] {
  const { ATR } = library()
  const range = new ATR(period)
  return bars.map((bar) => range.add(candle(bar)) ?? undefined)
}
