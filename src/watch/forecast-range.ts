/** The range in which a price is expected, without a direction: returns from a close, as shares of it. */
export interface ForecastRange {
  /** Trading days ahead. */
  horizon: number
  /** The share of outcomes that it shall hold. */
  share: number
  lower: number
  upper: number
  /** Dollars, at the close of this day: `2026-11-30`. */
  close: number
  day: string
  /** Was it better than a constant volatility in the tests? */
  isShown: boolean
  /** The prices are made up, so it is a demonstration. */
  isSimulated: boolean
}

/** The trading days ahead of which a position is judged. */
export const judgedDays = 5

/** Gives the range of a symbol for some trading days; undefined where there is none. It never throws, and takes no longer than two seconds. */
export type RangeForecaster = (symbol: string, horizon: number) => Promise<ForecastRange | undefined>

/** A range as data for a model, in plain digits: shares of the close. */
export function rangeData(range: ForecastRange | undefined) {
  if (!range) return undefined
  const { horizon, share, lower, upper, close, day, isShown, isSimulated } = range
  return {
    ...{ tradingDays: horizon, share, lower: lower.toFixed(6), upper: upper.toFixed(6), close: String(close), day },
    betterThanConstantVolatility: isShown,
    direction: 'none shown',
    ...(isSimulated && { note: 'simulated prices' }),
  }
}
