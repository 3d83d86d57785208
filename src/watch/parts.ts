import type { Parts } from '../trading/parts.ts'
import type { RangeForecaster } from './forecast-range.ts'
import type { WatchWording } from './notices.ts'

/** The parts of the desk with the wording that also knows the notices of the watch. */
export interface WatchParts extends Parts {
  wording: WatchWording
  /** Ranges of the forecaster; absent where nothing forecasts. */
  forecastRange?: RangeForecaster
}
