import { baselineInputs } from '../../../src/prediction/forecaster/baseline/inputs.ts'
import { knots } from '../../../src/prediction/forecaster/horizons.ts'
import type { CarriedBaseline } from '../../../src/prediction/policy/state/baseline.ts'

const width = baselineInputs.length + 1

/** A baseline whose ranges lean on yesterday's at short horizons, and on the year's at long ones. */
export const someBaseline: CarriedBaseline = {
  weights: Float32Array.from({ length: knots.length * width }, (_, at) => {
    const [knot, input] = [Math.floor(at / width), at % width]
    return input === 0 ? 0.9 - 0.1 * knot : input === 2 ? 0.1 + 0.1 * knot : 0
  }),
  usual: new Float32Array(baselineInputs.length).fill(-8),
  size90: 1.6,
}
