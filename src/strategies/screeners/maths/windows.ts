/** Sums over the last bars of a column. `end` is exclusive; sums run from the oldest bar, so that they come out the same bit for bit. */

/** The mean of the `count` values before `end`. */
export function mean(values: Float64Array, end: number, count: number): number {
  return total(values, end, count) / count
}

/** The sum of the `count` values before `end`. */
export function total(values: Float64Array, end: number, count: number): number {
  let sum = 0
  for (let at = end - count; at < end; at++) sum += values[at]!
  return sum
}

/** The highest of the `count` values before `end`. */
export function highest(values: Float64Array, end: number, count: number): number {
  let most = values[end - count]!
  for (let at = end - count + 1; at < end; at++) if (values[at]! > most) most = values[at]!
  return most
}

/** The lowest of the `count` values before `end`. */
export function lowest(values: Float64Array, end: number, count: number): number {
  let least = values[end - count]!
  for (let at = end - count + 1; at < end; at++) if (values[at]! < least) least = values[at]!
  return least
}
