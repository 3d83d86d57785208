/** The parts into which the days are cut; half of them choose, and the other half judges. */
const parts = 16

/**
 * The probability of backtest overfitting, by combinatorially symmetric cross-validation: the share of all ways to choose half of 16 parts of
 * the days by which the trial with the best Sharpe ratio in the chosen half is not above the median in the other. D. Bailey, J. Borwein,
 * M. López de Prado and Q. Zhu, “The Probability of Backtest Overfitting”, Journal of Computational Finance 20(4), 2017.
 *
 * `trials` holds the returns of the same days for each trial, oldest first; days that fill no part are left out at the beginning. Undefined
 * with fewer than two trials, or fewer than two days a part.
 */
export function overfitting(trials: readonly (readonly number[])[]): number | undefined {
  const days = Math.min(...trials.map((returns) => returns.length))
  const size = Math.floor(days / parts)
  if (trials.length < 2 || size < 2) return undefined
  const sums = trials.map((returns) => sumsOf(returns.slice(-size * parts), size))
  const sharpes = (half: number) => sums.map((of) => sharpeOf(of, half, (size * parts) / 2))
  let overfit = 0
  for (const half of halves) {
    const best = indexOfMost(sharpes(half))
    const judged = sharpes(everything - half)
    // Ties share their ranks. The logit of rank / (n + 1) is zero in the middle of the ranks from 1 to n.
    let doubled = 1
    for (const one of judged) doubled += one < judged[best]! ? 2 : one === judged[best]! ? 1 : 0
    if (doubled <= trials.length + 1) overfit++
  }
  return overfit / halves.length
}

/** The bits of a byte: eight of the parts. */
const byte = 256
const everything = byte * byte - 1
const bitsOf = (number: number) => number.toString(2).replaceAll('0', '').length
/** Every way to choose half of the parts, as bits: 12,870. */
const halves = Array.from({ length: everything + 1 }, (_, half) => half).filter((half) => bitsOf(half) === parts / 2)

/** The sums of returns, and of their squares, over every choice from the first eight parts and from the last eight. */
type Sums = Record<'sum' | 'square', { low: Float64Array; high: Float64Array }>

function sumsOf(returns: readonly number[], size: number): Sums {
  const over = (amountOf: (one: number) => number) => {
    const each = Array.from({ length: parts }, (_, part) =>
      returns.slice(part * size, (part + 1) * size).reduce((sum, one) => sum + amountOf(one), 0),
    )
    const choices = (from: number) =>
      Float64Array.from({ length: byte }, (_, choice) =>
        each.slice(from, from + 8).reduce((sum, one, at) => sum + ((choice >> at) & 1) * one, 0),
      )
    return { low: choices(0), high: choices(8) }
  }
  return { sum: over((one) => one), square: over((one) => one * one) }
}

/** The Sharpe ratio over a half. A trial that does not move has none, which counts as zero. */
function sharpeOf({ sum, square }: Sums, half: number, count: number): number {
  const [low, high] = [half % byte, Math.floor(half / byte)]
  const total = sum.low[low]! + sum.high[high]!
  const variance = (square.low[low]! + square.high[high]! - (total * total) / count) / (count - 1)
  return variance > 1e-24 ? total / count / Math.sqrt(variance) : 0
}

function indexOfMost(values: readonly number[]): number {
  let best = 0
  for (let at = 1; at < values.length; at++) if (values[at]! > values[best]!) best = at
  return best
}
