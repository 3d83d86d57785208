import { meanOf } from './returns.ts'

/** The falls of a curve below its peaks. Depths are negative ratios, durations days of the calendar. */
export interface Drawdowns {
  max: number
  /** The mean of the deepest points of all falls; undefined without a fall. */
  mean?: number
  maxDays?: number
  meanDays?: number
}

/**
 * The falls of an equity curve. A fall lasts from the day of its peak to the day on which that is reached again, or to the last
 * day. `dayNumbers` count days of the calendar.
 */
export function drawdownsOf(equity: ArrayLike<number>, dayNumbers: ArrayLike<number>): Drawdowns {
  const falls: { depth: number; days: number }[] = []
  let [peak, peakAt, depth, max] = [Number.NEGATIVE_INFINITY, 0, 0, 0]
  const end = (at: number) => {
    // A peak that is followed by a peak is no fall.
    if (depth < 0) falls.push({ depth, days: dayNumbers[at]! - dayNumbers[peakAt]! })
  }
  for (let at = 0; at < equity.length; at++) {
    const value = equity[at]!
    if (value >= peak) {
      end(at)
      ;[peak, peakAt, depth] = [value, at, 0]
      continue
    }
    depth = Math.min(depth, value / peak - 1)
    max = Math.min(max, depth)
  }
  end(equity.length - 1)
  if (falls.length === 0) return { max }
  const days = falls.map((fall) => fall.days)
  return {
    max,
    mean: meanOf(falls.map((fall) => fall.depth)),
    maxDays: Math.max(...days),
    meanDays: meanOf(days),
  }
}
