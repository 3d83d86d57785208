/** Trading days of a year, by which figures of days become figures of a year. */
export const yearDays = 252

/**
 * Figures of simple returns (.01 is one percent), one a day, with a risk-free rate of zero. The formulas are those of empyrical
 * (`empyrical/stats.py`). A day without a return is NaN: it is left out of means, and counts as a day of the year.
 */
export function empyrical(
  returns: readonly number[],
): Record<'sharpe' | 'sortino' | 'calmar', number | undefined> &
  Record<'annualReturn' | 'annualVolatility' | 'maxDrawdown', number> {
  const known = returns.filter((one) => !Number.isNaN(one))
  const annualReturn = annualReturnOf(returns)
  const maxDrawdown = maxDrawdownOf(known)
  const mean = meanOf(known)
  const deviation = deviationOf(known)
  const downside = Math.sqrt(meanOf(known.map((one) => Math.min(one, 0) ** 2)))
  return {
    sharpe: ratio(mean * Math.sqrt(yearDays), deviation),
    sortino: ratio(mean * yearDays, downside * Math.sqrt(yearDays)),
    calmar: maxDrawdown < 0 ? annualReturn / -maxDrawdown : undefined,
    annualReturn,
    annualVolatility: deviation * Math.sqrt(yearDays),
    maxDrawdown,
  }
}

/** The yearly growth that compounds to the same whole. */
function annualReturnOf(returns: readonly number[]): number {
  const whole = returns.reduce((product, one) => product * (Number.isNaN(one) ? 1 : 1 + one), 1)
  return returns.length === 0 ? 0 : whole ** (yearDays / returns.length) - 1
}

/** The deepest fall from a peak, as a negative ratio; the start is a peak, too. */
function maxDrawdownOf(returns: readonly number[]): number {
  let [value, peak, deepest] = [1, 1, 0]
  for (const one of returns) {
    value *= 1 + one
    peak = Math.max(peak, value)
    deepest = Math.min(deepest, value / peak - 1)
  }
  return deepest
}

/** The mean; NaN of nothing. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length
}

/** The return of each that compounds to the same whole; zero when one lost everything. */
export function geometricMean(returns: readonly number[]): number {
  if (returns.some((one) => one <= -1)) return 0
  return Math.exp(meanOf(returns.map((one) => Math.log1p(one)))) - 1
}

/** The sum of squares around the mean by the count less one. */
export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values)
  return values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1)
}

/** The standard deviation of a sample; NaN of fewer than two values. */
export function deviationOf(values: readonly number[]): number {
  return Math.sqrt(varianceOf(values))
}

/** A quotient; undefined where it is not a finite number. */
export function ratio(over: number, under: number): number | undefined {
  const quotient = over / under
  return Number.isFinite(quotient) ? quotient : undefined
}
