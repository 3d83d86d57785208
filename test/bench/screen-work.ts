import * as peer from 'technicalindicators'
import { ATR, SMA } from 'trading-signals'
import type { Columns } from '../../src/strategies/screeners/strategy.ts'

/** The symbols of the benches, each with this many bars: five years of days. */
export const symbolCount = 500
export const barsEach = 1260
const used = 260

/**
 * One pass over the bars that a breakout reads: its sums, highs and lows, and nothing of points and words. Returns a checksum, so
 * that nothing is left out of the pass.
 */
export function bareLoop(all: readonly Columns[]): number {
  let checksum = 0
  for (const { high, low, close, volume } of all) {
    const end = close.length
    let [sum50, sum150, sum200, before200, volume50, volume10, range50, range10] = [0, 0, 0, 0, 0, 0, 0, 0]
    let [high20, high55, yearHigh, yearLow] = [0, 0, 0, Number.POSITIVE_INFINITY]
    for (let at = end - used + 1; at < end; at++) {
      const left = end - at
      const price = close[at]!
      if (left <= 50) sum50 += price
      if (left <= 150) sum150 += price
      if (left <= 200) sum200 += price
      if (left > 22 && left <= 222) before200 += price
      const top = high[at]!
      const bottom = low[at]!
      if (left <= 252) {
        if (top > yearHigh) yearHigh = top
        if (bottom < yearLow) yearLow = bottom
      }
      if (left === 1) continue
      if (left <= 56 && top > high55) high55 = top
      if (left <= 21 && top > high20) high20 = top
      if (left <= 51) {
        const last = close[at - 1]!
        const range = Math.max(top, last) - Math.min(bottom, last)
        volume50 += volume[at]!
        range50 += range
        if (left <= 11) {
          volume10 += volume[at]!
          range10 += range
        }
      }
    }
    checksum += sum50 + sum150 + sum200 + before200 + volume50 + volume10 + range50 + range10
    checksum += high20 + high55 + yearHigh + yearLow
  }
  return checksum
}

/** The same averages and ranges by `trading-signals`, which takes bar after bar. */
export function byTradingSignals(all: readonly Columns[]): number {
  let checksum = 0
  for (const { high, low, close, volume } of all) {
    const ofPrice = [50, 150, 200].map((length) => new SMA(length))
    const ofVolume = [10, 50].map((length) => new SMA(length))
    const ofRange = [10, 50].map((length) => new ATR(length, SMA))
    for (let at = close.length - used; at < close.length; at++) {
      for (const sma of ofPrice) sma.add(close[at]!)
      for (const sma of ofVolume) sma.add(volume[at]!)
      for (const atr of ofRange) atr.add({ high: high[at]!, low: low[at]!, close: close[at]! })
    }
    for (const one of [...ofPrice, ...ofVolume, ...ofRange]) checksum += Number(one.getResultOrThrow())
  }
  return checksum
}

/** The same averages, ranges, highs and lows by `technicalindicators`, which takes arrays. */
export function byTechnicalIndicators(all: readonly Columns[]): number {
  let checksum = 0
  for (const columns of all) {
    const plain = (name: 'high' | 'low' | 'close' | 'volume') => Array.from(columns[name].subarray(-used))
    const [high, low, close, volume] = [plain('high'), plain('low'), plain('close'), plain('volume')]
    for (const period of [50, 150, 200]) checksum += peer.SMA.calculate({ period, values: close }).at(-1)!
    for (const period of [10, 50]) checksum += peer.SMA.calculate({ period, values: volume }).at(-1)!
    for (const period of [10, 50]) checksum += peer.ATR.calculate({ period, high, low, close }).at(-1)!
    for (const period of [20, 55, 252]) checksum += peer.Highest.calculate({ period, values: high }).at(-1)!
    checksum += peer.Lowest.calculate({ period: 252, values: low }).at(-1)!
  }
  return checksum
}
