/**
 * A network whose results are worked out here, without a runtime: a decision takes microseconds. The list is its own, and is written
 * over by the next call.
 */
export type Network = (input: ArrayLike<number>) => Float64Array

/**
 * A network with tanh between its layers, from a flat list of weights that begins at `from`: the matrix of each layer, row by row
 * of its inputs, then its constants. It reads the weights anew at each call.
 */
export function networkOf(widths: readonly number[], weights: ArrayLike<number>, from = 0): Network {
  const layers = widths.slice(1).map((to) => new Float64Array(to))
  return (input) => {
    let values = input
    let place = from
    for (let at = 0; at < layers.length; at++) {
      const results = layers[at]!
      const [rows, columns] = [widths[at]!, results.length]
      const constants = place + rows * columns
      for (let one = 0; one < columns; one++) results[one] = weights[constants + one]!
      for (let row = 0; row < rows; row++) {
        const value = values[row]!
        if (value === 0) continue
        const start = place + row * columns
        for (let one = 0; one < columns; one++) results[one]! += value * weights[start + one]!
      }
      if (at < layers.length - 1) for (let one = 0; one < columns; one++) results[one] = Math.tanh(results[one]!)
      values = results
      place = constants + columns
    }
    return values as Float64Array
  }
}

/** Replaces the results of a head, `from` up to but not including `to`, by the logarithms of the chances of its choices. */
export function logChances(results: Float64Array, from: number, to: number): void {
  let most = Number.NEGATIVE_INFINITY
  for (let at = from; at < to; at++) most = Math.max(most, results[at]!)
  let sum = 0
  for (let at = from; at < to; at++) sum += Math.exp(results[at]! - most)
  const whole = most + Math.log(sum)
  for (let at = from; at < to; at++) results[at]! -= whole
}
