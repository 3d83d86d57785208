import type { Candle } from './candle.ts'

/**
 * Volume-weighted average price in dollars, for each candle, from the first candle on: the mean of the typical prices, (high
 * + low + close) / 3, weighted by volume. Undefined until the first volume.
 */
export function anchoredVwap(candles: Candle[]): (number | undefined)[] {
  let [worth, volume] = [0, 0]
  return candles.map((one) => {
    worth += ((one.high + one.low + one.close) / 3) * one.volume
    volume += one.volume
    return volume > 0 ? worth / volume : undefined
  })
}
