import { setTimeout as wait } from 'node:timers/promises'
import { Refusal } from '../../base/refusal.ts'
import type { ForecastRange, RangeForecaster } from '../../watch/forecast-range.ts'
import type { ForecastParts } from '../parts.ts'
import { type Forecast, rangeAt } from './forecast.ts'
import { knots } from './horizons.ts'
import { predict } from './predict.ts'

/** Nobody who judges a position waits longer for a range, in milliseconds. */
const withinMs = 2_000

/** Ranges for those who judge positions: they go on without one when there is none. */
export function rangeForecaster(parts: ForecastParts): RangeForecaster {
  return async (symbol, horizon) => {
    const given = new AbortController()
    try {
      const asked = predict(parts, symbol)
      // Of a forecast that comes too late nobody hears.
      asked.catch(() => {})
      const forecast = await Promise.race([asked, wait(withinMs, undefined, { signal: given.signal })])
      if (forecast === undefined || forecast instanceof Refusal) return undefined
      return rangeOf(forecast, horizon, parts.runs.isSimulated)
    } catch (cause) {
      parts.log.warn({ err: cause, symbol }, 'a position is judged without a forecast')
      return undefined
    } finally {
      given.abort()
    }
  }
}

/** The 68% range of a forecast at a horizon. */
export function rangeOf(forecast: Forecast, horizon: number, isSimulated: boolean): ForecastRange {
  const { close, day, card } = forecast
  return {
    horizon,
    share: 0.68,
    ...rangeAt(forecast, 0.68, horizon),
    close,
    day,
    isShown: isShown(card, horizon),
    isSimulated,
  }
}

/** Was the range better than a constant volatility at the tested horizons on both sides of this one? */
export function isShown({ verdicts }: Forecast['card'], horizon: number): boolean {
  const above = knots.findIndex((knot) => knot >= horizon)
  const near = knots[above] === horizon ? [above] : [Math.max(0, above - 1), above]
  return near.every((at) => verdicts[at]!.isRangeShown)
}
