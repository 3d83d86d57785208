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

/** Gives the range of a symbol for some trading days; undefined where there is none. It never throws, and takes no longer than two seconds. */
export type RangeForecaster = (symbol: string, horizon: number) => Promise<ForecastRange | undefined>
