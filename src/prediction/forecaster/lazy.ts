import type { Logger } from 'pino'
import type { ForecastModel } from './model.ts'

/** A forecaster that opens at the first question. */
export interface LazyForecaster {
  /** The model, or the reason why it is refused. */
  open(): Promise<ForecastModel | string>
  close(): Promise<void>
}

/** Creates a forecaster that opens at the first question. An invalid model is logged once, and the desk continues without one. */
export function lazyForecaster(folder: string, log: Pick<Logger, 'error'>): LazyForecaster {
  let opening: Promise<ForecastModel | string> | undefined
  const load = async () => {
    try {
      return await (await import('./model.ts')).loadForecaster(folder)
    } catch (cause) {
      log.error({ err: cause }, 'the forecaster is refused; there are no forecasts')
      return cause instanceof Error ? cause.message : String(cause)
    }
  }
  return {
    open: () => (opening ??= load()),
    async close() {
      const model = await opening
      if (typeof model === 'object') await model.close()
    },
  }
}
