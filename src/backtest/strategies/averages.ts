/**
 * The plain mean of the last `length` values at each place; NaN before there are so many. Every window is summed anew: a running
 * sum would remember in its last bits how long the history was.
 */
export function sma(values: Float64Array, length: number): Float64Array {
  const means = new Float64Array(values.length).fill(Number.NaN)
  for (let at = length - 1; at < values.length; at++) {
    let sum = 0
    for (let back = at - length + 1; back <= at; back++) sum += values[back]!
    means[at] = sum / length
  }
  return means
}
