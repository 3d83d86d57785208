import type { StrategyParts } from '../strategies/parts.ts'
import type { LazyForecaster } from './forecaster/lazy.ts'
import type { LazyPolicy } from './policy/lazy.ts'

/** The parts of the desk with forecasts. */
export interface PredictionParts extends StrategyParts {
  forecaster: LazyForecaster
  policy: LazyPolicy
}

/** What a forecast needs of the desk. */
export type ForecastParts = Pick<
  PredictionParts,
  'db' | 'clock' | 'log' | 'forecaster' | 'queues' | 'owners' | 'wording'
> & {
  runs: Pick<PredictionParts['runs'], 'bars' | 'isSimulated'>
}

/** The parts of the desk that a signal needs. */
export type SignalParts = ForecastParts & Pick<PredictionParts, 'policy'>
