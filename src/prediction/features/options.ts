/** Figures of the options on a symbol at the close of a day. */
export interface OptionFigures {
  /** Contracts traded on the day. */
  putVolume: number
  callVolume: number
  /** Contracts open. */
  putOpenInterest: number
  callOpenInterest: number
  /** Annual implied volatility at the money, 30 days to the end: .25 is 25%. */
  impliedVolatility30: number
  /** The implied volatility of the put with a delta of −.25, less that of the call with .25. */
  skew25: number
}

export const optionNames = ['put_call_volume', 'put_call_open_interest', 'implied_less_realized', 'skew_25', 'options']

/**
 * Writes the five values: logs of puts over calls (one contract added to each), the implied volatility less the realized one of 21 days, the skew,
 * and 1. All are 0 without figures, or with one that is no number.
 */
export function writeOptions(
  figures: OptionFigures | undefined,
  returns: Float64Array,
  bar: number,
  row: Float64Array,
  at: number,
): boolean {
  row.fill(0, at, at + optionNames.length)
  if (!figures || !Object.values(figures).every(Number.isFinite)) return false
  let squares = 0
  for (let on = bar - 20; on <= bar; on++) squares += returns[on]! ** 2
  row[at] = Math.log((figures.putVolume + 1) / (figures.callVolume + 1))
  row[at + 1] = Math.log((figures.putOpenInterest + 1) / (figures.callOpenInterest + 1))
  row[at + 2] = figures.impliedVolatility30 - Math.sqrt((squares / 21) * 252)
  row[at + 3] = figures.skew25
  row[at + 4] = 1
  return true
}
