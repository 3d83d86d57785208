/** Means of values by days. */
export interface DailyMeans {
  add(day: number, value: number): void
  /** The means of the days that have values, in order of the days. */
  series(): Float64Array
  /** The mean of all values; NaN without one. */
  mean(): number
  count(): number
}

/** Means by days, which are places in a calendar of this length. */
export function dailyMeans(days: number): DailyMeans {
  const sums = new Float64Array(days)
  const counts = new Float64Array(days)
  const total = (list: Float64Array) => list.reduce((a, b) => a + b, 0)
  return {
    add(day, value) {
      sums[day]! += value
      counts[day]!++
    },
    series: () => sums.map((sum, day) => sum / counts[day]!).filter((_, day) => counts[day]! > 0),
    mean: () => total(sums) / total(counts),
    count: () => total(counts),
  }
}
