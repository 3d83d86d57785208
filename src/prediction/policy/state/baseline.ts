import { baselineInputs } from '../../forecaster/baseline/inputs.ts'
import { horizonCount, knots, knotWeights } from '../../forecaster/horizons.ts'

/**
 * The forecaster that a policy was trained with, which it carries: the baseline of `models/forecaster` as it was fitted on the days that the
 * policy learned from. Numbers are those of 32 bits that its file holds.
 */
export interface CarriedBaseline {
  /** The weights of `ln RV_h` by knots, a row each: the inputs, then the constant. */
  weights: Float32Array
  /** The usual values of the inputs, in place of those that are lacking. */
  usual: Float32Array
  /** The size of a move of one day, in standard moves, that nine in ten stayed within. */
  size90: number
}

const width = baselineInputs.length

/** Writes the standard move of the logarithm of the price to the horizons 1 to 100, from the inputs of a day. */
export function writeSigmas({ weights, usual }: CarriedBaseline, inputs: ArrayLike<number>, into: Float64Array): void {
  into.fill(0)
  for (let knot = 0; knot < knots.length; knot++) {
    const own = knot * (width + 1)
    let variance = weights[own + width]!
    for (let at = 0; at < width; at++) {
      const value = inputs[at]!
      variance += weights[own + at]! * (Number.isNaN(value) ? usual[at]! : value)
    }
    for (let at = 0; at < horizonCount; at++) into[at]! += variance * knotWeights[knot * horizonCount + at]!
  }
  for (let at = 0; at < horizonCount; at++) into[at] = Math.exp(into[at]! / 2) * Math.sqrt(at + 1)
}
