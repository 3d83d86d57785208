/**
 * The weights of a linear fit by least squares, the last one for the constant. Rows are `width` inputs each, one after the
 * other; `isIn` chooses rows, and rows with an unknown (NaN) input or target are left out. A small penalty on the weights keeps
 * inputs that move together from having weights without bounds. Throws when fewer rows than weights are left.
 */
export function leastSquares(
  inputs: Float64Array,
  width: number,
  target: (row: number) => number,
  rows: Int32Array,
  penalty = 1e-6,
): Float64Array {
  const size = width + 1
  const sums = new Float64Array(size * size)
  const right = new Float64Array(size)
  const values = new Float64Array(size)
  values[width] = 1
  let used = 0
  for (const row of rows) {
    const wanted = target(row)
    if (Number.isNaN(wanted)) continue
    let isWhole = true
    for (let at = 0; at < width; at++) {
      values[at] = inputs[row * width + at]!
      if (Number.isNaN(values[at])) isWhole = false
    }
    if (!isWhole) continue
    used++
    for (let one = 0; one < size; one++) {
      right[one]! += values[one]! * wanted
      for (let other = 0; other <= one; other++) sums[one * size + other]! += values[one]! * values[other]!
    }
  }
  if (used <= size) throw new Error(`a fit of ${size} weights has only ${used} rows`)
  for (let at = 0; at < width; at++) sums[at * size + at]! += penalty * used
  return solved(sums, right, size)
}

/** Solves a symmetric positive system, of which the lower half is read, by Cholesky's method. */
function solved(sums: Float64Array, right: Float64Array, size: number): Float64Array {
  const root = new Float64Array(size * size)
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = sums[row * size + column]!
      for (let at = 0; at < column; at++) sum -= root[row * size + at]! * root[column * size + at]!
      root[row * size + column] = row === column ? Math.sqrt(Math.max(sum, 1e-12)) : sum / root[column * size + column]!
    }
  const out = Float64Array.from(right)
  for (let row = 0; row < size; row++) {
    for (let at = 0; at < row; at++) out[row]! -= root[row * size + at]! * out[at]!
    out[row]! /= root[row * size + row]!
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let at = row + 1; at < size; at++) out[row]! -= root[at * size + row]! * out[at]!
    out[row]! /= root[row * size + row]!
  }
  return out
}
