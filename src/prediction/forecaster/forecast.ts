import { baselineInputs } from './baseline/inputs.ts'
import type { Card } from './card.ts'
import { betweenKnots, horizonCount, knots } from './horizons.ts'
import { shares } from './ranges/adaptive.ts'
import { sizeOf } from './ranges/sizes.ts'

/** A range that shall hold a share of the outcomes: returns as shares of the close, at the horizons 1 to 100. */
export interface Range {
  share: number
  lower: Float64Array
  upper: Float64Array
}

/** A forecast of a symbol after the close of a day. */
export interface Forecast {
  symbol: string
  /** The day of the last bar that it knows: `2026-11-30`. */
  day: string
  /** Dollars. */
  close: number
  /** Expected returns at the horizons 1 to 100 days, as shares of the close; 0 where no direction is shown. */
  returns: Float64Array
  /** Half of the 68% range, as a share of the close. */
  uncertainty: Float64Array
  ranges: Range[]
  direction: 'LONG' | 'SHORT' | 'NEUTRAL'
  /** The horizon in days whose return stands out most over its error, and that return; absent where none does. */
  optimal?: { horizon: number; return: number }
  /** The share of the last year's days on which the range of 21 days was narrower; absent with less than a quarter of a year. */
  risk?: number
  /** Inputs further than five deviations from all that the model has seen. */
  far: string[]
  /** Data that it did without. */
  missing: string[]
  card: Card
}

/** The shares of misses that ranges allow for, by knots and shares. */
export type Allowed = readonly (readonly number[])[]

/** Ranges that allow for as many misses as they promise. */
export const plainAllowed: Allowed = knots.map(() => shares.map((share) => 1 - share))

/** The fewest days among which a risk is ranked. */
const fewestDays = 63
const farDeviations = 5
/** One in twenty lies beyond so many errors on one side. */
const oneSided = 1.64

/** The parts of a forecast that follow from the model's results. `sigmas` of 21 days are those of the last year, today's last. */
export function forecastFrom(
  card: Card,
  { mu, sigma }: { mu: ArrayLike<number>; sigma: ArrayLike<number> },
  allowed: Allowed,
  sigmas: readonly number[],
): Pick<Forecast, 'returns' | 'uncertainty' | 'ranges' | 'direction' | 'optimal' | 'risk'> {
  const each = (of: (at: number) => number) => Float64Array.from({ length: horizonCount }, (_, at) => of(at))
  const ranges = shares.map((share, nth) => {
    const sizes = betweenKnots(knots.map((_, knot) => sizeOf(card.sizes[knot]!, 1 - allowed[knot]![nth]!)))
    return {
      share,
      lower: each((at) => Math.expm1(mu[at]! - sizes[at]! * sigma[at]!)),
      upper: each((at) => Math.expm1(mu[at]! + sizes[at]! * sigma[at]!)),
    }
  })
  const [half] = ranges
  const returns = each((at) => Math.expm1(mu[at]!))
  const best = bestHorizon(card, mu)
  const risk = riskOf(sigmas)
  return {
    returns,
    uncertainty: each((at) => (half!.upper[at]! - half!.lower[at]!) / 2),
    ranges,
    direction: best === undefined ? 'NEUTRAL' : mu[best]! > 0 ? 'LONG' : 'SHORT',
    ...(best !== undefined && { optimal: { horizon: best + 1, return: returns[best]! } }),
    ...(risk !== undefined && { risk }),
  }
}

/**
 * The horizon with the largest `(|μ| − 1.64 se)/√h`, from zero, if one is above zero: the peak of 100 noisy values by itself would be luck
 * more often than not. The error of a direction is as large, relative to it, as that of its rank correlation in the tests.
 */
function bestHorizon(card: Card, mu: ArrayLike<number>): number | undefined {
  const errors = betweenKnots(
    card.verdicts.map(({ isDirectionShown, rankCorrelation: own }) =>
      isDirectionShown && own ? (own.mean - own.low) / 1.96 / own.mean : 1,
    ),
  )
  let best: number | undefined
  let most = 0
  for (let at = 0; at < horizonCount; at++) {
    const value = (Math.abs(mu[at]!) * (1 - oneSided * errors[at]!)) / Math.sqrt(at + 1)
    if (value > most) [best, most] = [at, value]
  }
  return best
}

/** The share of the days before the last whose range was narrower than its; undefined with too few days. */
export function riskOf(sigmas: ArrayLike<number>): number | undefined {
  const days = sigmas.length
  if (days < fewestDays) return undefined
  const today = sigmas[days - 1]!
  let below = 0
  for (let at = 0; at < days; at++) if (sigmas[at]! < today) below++
  return below / (days - 1)
}

/** The inputs that lie further than five deviations from their mean in the training. */
export function farInputs(card: Card, inputs: ArrayLike<number>): string[] {
  return baselineInputs.filter((_, at) => {
    const { mean, deviation } = card.usual[at]!
    return Math.abs(inputs[at]! - mean) > farDeviations * deviation
  })
}

/** The range of a share at a horizon of 1 to 100 days. */
export function rangeAt(
  { ranges }: Pick<Forecast, 'ranges'>,
  share: 0.68 | 0.9,
  horizon: number,
): { lower: number; upper: number } {
  const range = ranges.find((one) => one.share === share)!
  return { lower: range.lower[horizon - 1]!, upper: range.upper[horizon - 1]! }
}
