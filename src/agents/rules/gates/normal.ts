/**
 * The chance that a standard normal number is below `x`, to 15 decimals: the series of G. Marsaglia, “Evaluating the Normal Distribution”,
 * Journal of Statistical Software 11(4), 2004. Libraries for this are a table of two decimals, or bring 150 packages.
 */
export function normalBelow(x: number): number {
  if (Number.isNaN(x)) return Number.NaN
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0
  let [sum, before, term] = [x, 0, x]
  for (let odd = 3; sum !== before; odd += 2) {
    term *= (x * x) / odd
    before = sum
    sum += term
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI)
}

/** The number below which a standard normal one is with this chance; infinite at 0 and 1. */
export function normalQuantile(chance: number): number {
  if (!(chance > 0 && chance < 1)) return chance === 0 ? -Infinity : chance === 1 ? Infinity : Number.NaN
  let [low, high] = [-8, 8]
  // Each step halves the interval; 60 steps leave less than a float can tell apart.
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (normalBelow(middle) < chance) low = middle
    else high = middle
  }
  return (low + high) / 2
}
