import type { Columns } from '../../screeners/strategy.ts'

/** The last `count` bars up to and with a day, as views of the same columns. */
export function lastBars(columns: Columns, count: number, asOf: string): Columns {
  const to = barsUpTo(columns.days, asOf)
  const from = Math.max(0, to - count)
  return {
    days: columns.days.slice(from, to),
    open: columns.open.subarray(from, to),
    high: columns.high.subarray(from, to),
    low: columns.low.subarray(from, to),
    close: columns.close.subarray(from, to),
    volume: columns.volume.subarray(from, to),
  }
}

/** The number of days, of an ascending list, that are not after one. */
export function barsUpTo(days: readonly string[], asOf: string): number {
  let [from, to] = [0, days.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (days[middle]! <= asOf) from = middle + 1
    else to = middle
  }
  return from
}
