import { horizonCount } from '../../forecaster/horizons.ts'

/** A forecast as a state has it. Moves are logarithms of the price. */
export interface ForecastCurve {
  /** The expected moves to the horizons 1 to 100, and the standard moves. */
  mu: ArrayLike<number>
  sigma: ArrayLike<number>
  /** The share of the last year's days with a narrower range of 21 days; undefined with too few days. */
  risk: number | undefined
  /** 1 or −1 where a direction was shown, else 0. */
  direction: -1 | 0 | 1
}

/** The horizon in days at which a position without an expected peak is closed: a month. */
export const usualExit = 21
const slopeDays = 20

/** The exit of a forecast: the first horizon with 90% of its peak; a month where it has none. */
export function exitHorizon({ mu }: Pick<ForecastCurve, 'mu'>): number {
  const peak = mostOf(mu)
  if (!(peak > 0)) return usualExit
  for (let at = 0; at < horizonCount; at++) if (mu[at]! >= 0.9 * peak) return at + 1
  return horizonCount
}

/** Writes the 12 numbers of a forecast from `at` on; moves in units of the standard move of 21 days. */
export function writeForecast(curve: ForecastCurve, row: Float64Array, at: number): void {
  const { mu, sigma, risk, direction } = curve
  const unit = sigma[usualExit - 1]!
  const [peak, valley] = [mostOf(mu), leastOf(mu)]
  const exit = exitHorizon(curve)
  let bend = 0
  for (let day = 1; day < horizonCount - 1; day++) bend += mu[day + 1]! - 2 * mu[day]! + mu[day - 1]!
  const values = [
    peak / unit,
    peak > 0 ? (placeOfValue(mu, peak) + 1) / horizonCount : 0,
    valley / unit,
    valley < 0 ? (placeOfValue(mu, valley) + 1) / horizonCount : 0,
    (mu[slopeDays - 1]! - mu[0]!) / unit,
    (bend * 10) / unit,
    exit / horizonCount,
    mu[exit - 1]! / unit,
    Math.log(sigma[exit - 1]! / (sigma[0]! * Math.sqrt(exit))),
    mu[exit - 1]! / sigma[exit - 1]!,
    risk === undefined ? 0 : 2 * risk - 1,
    direction,
  ]
  for (let nth = 0; nth < values.length; nth++) row[at + nth] = values[nth]!
}

function mostOf(values: ArrayLike<number>): number {
  let most = values[0]!
  for (let at = 1; at < horizonCount; at++) if (values[at]! > most) most = values[at]!
  return most
}

function leastOf(values: ArrayLike<number>): number {
  let least = values[0]!
  for (let at = 1; at < horizonCount; at++) if (values[at]! < least) least = values[at]!
  return least
}

function placeOfValue(values: ArrayLike<number>, value: number): number {
  for (let at = 0; at < horizonCount; at++) if (values[at] === value) return at
  return 0
}
