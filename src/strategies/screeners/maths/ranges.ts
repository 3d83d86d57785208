import type { Columns } from '../strategy.ts'
import { highest, lowest } from './windows.ts'

/**
 * The mean true range of the `count` bars before `end`, in dollars: the plain mean of the greatest of high - low and the
 * distances of both from the close before (Wilder 1978, whose own average would reach back to the first bar there is).
 */
export function meanTrueRange({ high, low, close }: Columns, end: number, count: number): number {
  let sum = 0
  for (let at = end - count; at < end; at++) {
    const before = close[at - 1]!
    sum += Math.max(high[at]!, before) - Math.min(low[at]!, before)
  }
  return sum / count
}

/** The depth of the `count` bars before `end`: from their highest high down to their lowest low, as a share of the high. */
export function depth({ high, low }: Columns, end: number, count: number): number {
  const top = highest(high, end, count)
  return (top - lowest(low, end, count)) / top
}
