import { dayAfter } from '../../../src/base/zone.ts'
import { sessionOf } from '../../../src/market/calendar.ts'
import type { Columns } from '../../../src/strategies/screeners/strategy.ts'

/** The exchange's days up to and with the last one, so many of them. */
export function sessionsUpTo(last: string, count: number): string[] {
  const days: string[] = []
  for (let day = last; days.length < count; day = dayAfter(day, -1)) if (sessionOf(day)) days.unshift(day)
  return days
}

/** Bars with these closes on consecutive sessions; highs and lows are `wick` (a share) around them, opens at the closes. */
export function barsOf(closes: readonly number[], { wick = 0.005, volume = 1000, last = '2026-11-27' } = {}): Columns {
  return {
    days: sessionsUpTo(last, closes.length),
    open: Float64Array.from(closes),
    high: Float64Array.from(closes, (close) => close * (1 + wick)),
    low: Float64Array.from(closes, (close) => close * (1 - wick)),
    close: Float64Array.from(closes),
    volume: new Float64Array(closes.length).fill(volume),
  }
}

/** Closes from one price to another, by equal steps. */
export const line = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, at) => from + ((to - from) * at) / Math.max(1, count - 1))
