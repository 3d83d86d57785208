/** The horizons in trading days at which forecasts are learned and judged. Between them they are joined by lines. */
export const knots = [1, 5, 10, 21, 63, 100] as const

/** The number of horizons of a forecast: 1 to 100 trading days. */
export const horizonCount = 100

/**
 * The weights that join knots by lines: `knots.length` rows of `horizonCount`, row-major. A row of values at the knots times
 * this matrix gives the values at all horizons.
 */
export const knotWeights: Float64Array = weightsBetween(knots)

function weightsBetween(places: readonly number[]): Float64Array {
  const weights = new Float64Array(places.length * horizonCount)
  for (let horizon = 1; horizon <= horizonCount; horizon++) {
    const above = places.findIndex((place) => place >= horizon)
    const high = places[above]!
    const low = places[above - 1] ?? high
    const share = high === low ? 1 : (horizon - low) / (high - low)
    weights[above * horizonCount + horizon - 1] = share
    if (share < 1) weights[(above - 1) * horizonCount + horizon - 1] = 1 - share
  }
  return weights
}

/** The values at all horizons, from those at the knots. */
export function betweenKnots(values: ArrayLike<number>): Float64Array {
  const all = new Float64Array(horizonCount)
  for (let knot = 0; knot < knots.length; knot++)
    for (let at = 0; at < horizonCount; at++) all[at]! += values[knot]! * knotWeights[knot * horizonCount + at]!
  return all
}
