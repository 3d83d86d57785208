import { chanceOf } from '../random.ts'

/** The mean of a series of days, and what could as well have been its mean. */
export interface Interval {
  mean: number
  low: number
  high: number
  /** The share of the drawn means that are not below zero, counted so that it is never 0. */
  notBelow: number
  /** The number of blocks of that length in the series: with few of them the interval says little. */
  blocks: number
}

/**
 * The 95% interval of the mean of a series of days by the circular block bootstrap (Politis and Romano 1992): days near each
 * other share outcomes, so whole blocks are drawn.
 */
export function blockInterval(series: ArrayLike<number>, block: number, { draws = 2000, seed = 1 } = {}): Interval {
  const count = series.length
  if (count === 0) return { mean: Number.NaN, low: Number.NaN, high: Number.NaN, notBelow: 1, blocks: 0 }
  const length = Math.max(1, Math.min(block, count))
  const sums = new Float64Array(2 * count + 1)
  for (let at = 0; at < 2 * count; at++) sums[at + 1] = sums[at]! + series[at % count]!
  const chance = chanceOf(seed)
  const pieces = Math.ceil(count / length)
  const last = count - (pieces - 1) * length
  const means = new Float64Array(draws)
  let notBelow = 1
  for (let draw = 0; draw < draws; draw++) {
    let sum = 0
    for (let piece = 0; piece < pieces; piece++) {
      const from = chance.below(count)
      sum += sums[from + (piece === pieces - 1 ? last : length)]! - sums[from]!
    }
    means[draw] = sum / count
    if (means[draw]! >= 0) notBelow++
  }
  means.sort()
  return {
    mean: sums[count]! / count,
    low: means[Math.floor(0.025 * (draws - 1))]!,
    high: means[Math.ceil(0.975 * (draws - 1))]!,
    notBelow: notBelow / (draws + 1),
    blocks: Math.floor(count / length),
  }
}

/** Tells of several questions which their p-values answer at this level together (Holm 1979). */
export function holm(values: readonly number[], level = 0.05): boolean[] {
  const order = values.map((_, at) => at).sort((a, b) => values[a]! - values[b]!)
  const shown = values.map(() => false)
  for (const [rank, at] of order.entries()) {
    if (values[at]! > level / (values.length - rank)) break
    shown[at] = true
  }
  return shown
}
