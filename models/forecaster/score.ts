/** The levels of the 19 quantiles by which forecasts are learned and judged: .05, .10, … .95. */
export const levels: readonly number[] = Array.from({ length: 19 }, (_, at) => (at + 1) / 20)

/**
 * The continuous ranked probability score of a forecast with these quantiles: twice the mean of their pinball losses (Gneiting
 * and Ranjan 2011), in the unit of the outcome. Less is better.
 */
export function crps(quantile: (level: number) => number, outcome: number): number {
  let sum = 0
  for (let at = 0; at < levels.length; at++) {
    const miss = outcome - quantile(at)
    sum += Math.max(levels[at]! * miss, (levels[at]! - 1) * miss)
  }
  return (2 * sum) / levels.length
}

/** The quantile of sorted values at a level from 0 to 1, joined by lines. */
export function quantileOf(sorted: Float64Array, level: number): number {
  if (sorted.length === 0) return Number.NaN
  const place = Math.min(1, Math.max(0, level)) * (sorted.length - 1)
  const low = Math.floor(place)
  const high = Math.min(sorted.length - 1, low + 1)
  return sorted[low]! + (place - low) * (sorted[high]! - sorted[low]!)
}

/** The correlation of the ranks of two lists (Spearman); equal values share their mean rank, and a constant list gives 0. */
export function rankCorrelation(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const [left, right] = [ranksOf(one), ranksOf(other)]
  const middle = (left.length - 1) / 2
  let [both, ones, others] = [0, 0, 0]
  for (let at = 0; at < left.length; at++) {
    const [a, b] = [left[at]! - middle, right[at]! - middle]
    both += a * b
    ones += a * a
    others += b * b
  }
  return ones === 0 || others === 0 ? 0 : both / Math.sqrt(ones * others)
}

function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, at) => at).sort((a, b) => values[a]! - values[b]! || a - b)
  const ranks = new Float64Array(values.length)
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++
    for (let at = from; at < to; at++) ranks[order[at]!] = (from + to - 1) / 2
    from = to
  }
  return ranks
}
