import { Big } from '../../../base/amounts.ts'
import { priceText } from '../../../base/format.ts'
import type { ForecastRange } from '../../../watch/forecast-range.ts'
import { daysText } from './forecast.ts'

/** `Range of 5 days (68%): $46.10 to $50.70, from the close of 2026-11-30; no direction`. */
export function expectedLine({
  horizon,
  share,
  lower,
  upper,
  close,
  day,
  isShown,
  isSimulated,
}: ForecastRange): string {
  const price = (at: number) => priceText(new Big((close * (1 + at)).toFixed(close < 1 ? 4 : 2)))
  const weak = isShown ? '' : ', no better than a constant volatility in the tests'
  const made = isSimulated ? ' (simulated prices: a demonstration)' : ''
  return `Range of ${daysText(horizon)} (${Math.round(100 * share)}%): ${price(lower)} to ${price(upper)}, from the close of ${day}; no direction${weak}${made}`
}
