import { baselineInputs } from '../../src/prediction/forecaster/baseline/inputs.ts'
import { knots } from '../../src/prediction/forecaster/horizons.ts'
import { sizeSteps } from '../../src/prediction/forecaster/ranges/sizes.ts'
import { leastSquares } from './least-squares.ts'
import type { Samples } from './samples.ts'
import { levels, quantileOf } from './score.ts'

/** A scale of moves: the size of one standard move to each knot, as a logarithm of the return. */
export type Scale = (sample: number, knot: number) => number

/** A scale with the quantiles of moves in its units, as they were among the samples of its training, by knots. */
export interface Scaled {
  scale: Scale
  /** The 19 quantiles of score.ts. */
  quantiles: Float64Array[]
  /** Quantiles of the sizes of moves: those of symmetric ranges. */
  sizes: Float64Array[]
}

/** The values that were fitted on the samples of a training. */
export interface Fitted {
  /** The weights of `ln RV_h` by knots, a row each: the inputs, then the constant (HAR, after Corsi 2009). */
  weights: Float64Array[]
  har: Scaled
  /** The variance of each symbol in the training, the same for all days; that of all symbols for one without a history in it. */
  constant: Scaled
  /** EWMA .94 times the root of time. */
  ewma: Scaled
}

/** The standard move of the baseline to each knot. */
export function harScale(samples: Samples, weights: Float64Array[]): Scale {
  const width = baselineInputs.length
  return (sample, knot) => {
    const own = weights[knot]!
    let sum = own[width]!
    for (let at = 0; at < width; at++) sum += own[at]! * samples.inputs[sample * width + at]!
    return Math.exp(sum / 2) * Math.sqrt(knots[knot]!)
  }
}

/** Fits all baselines on some samples. */
export function fitBaselines(samples: Samples, rows: Int32Array): Fitted {
  const width = baselineInputs.length
  const weights = knots.map((_, knot) =>
    leastSquares(samples.inputs, width, (row) => samples.variances[row * knots.length + knot]!, rows),
  )
  const usual = constantVariances(samples, rows)
  return {
    weights,
    har: scaled(samples, rows, harScale(samples, weights)),
    constant: scaled(samples, rows, (sample, knot) => Math.sqrt(usual(samples.symbol[sample]!) * knots[knot]!)),
    ewma: scaled(
      samples,
      rows,
      (sample, knot) => Math.exp(samples.inputs[sample * width]! / 2) * Math.sqrt(knots[knot]!),
    ),
  }
}

function constantVariances(samples: Samples, rows: Int32Array): (symbol: number) => number {
  const sums = new Float64Array(samples.symbols.length)
  const counts = new Int32Array(samples.symbols.length)
  for (const row of rows) {
    const square = samples.moves[row * knots.length]! ** 2
    if (Number.isNaN(square)) continue
    sums[samples.symbol[row]!]! += square
    counts[samples.symbol[row]!]!++
  }
  const all =
    sums.reduce((a, b) => a + b, 0) /
    Math.max(
      1,
      counts.reduce((a, b) => a + b, 0),
    )
  return (symbol) => Math.max(1e-8, counts[symbol]! < 20 ? all : sums[symbol]! / counts[symbol]!)
}

function scaled(samples: Samples, rows: Int32Array, scale: Scale): Scaled {
  const quantiles: Float64Array[] = []
  const sizes: Float64Array[] = []
  for (let knot = 0; knot < knots.length; knot++) {
    const units = new Float64Array(rows.length)
    let count = 0
    for (const row of rows) {
      const move = samples.moves[row * knots.length + knot]!
      if (!Number.isNaN(move)) units[count++] = move / scale(row, knot)
    }
    const known = units.slice(0, count)
    const sorted = known.toSorted()
    quantiles.push(Float64Array.from(levels, (level) => quantileOf(sorted, level)))
    const lengths = known.map(Math.abs).sort()
    sizes.push(Float64Array.from({ length: sizeSteps + 1 }, (_, at) => quantileOf(lengths, at / sizeSteps)))
  }
  return { scale, quantiles, sizes }
}
