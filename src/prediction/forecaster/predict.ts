import { Refusal } from '../../base/refusal.ts'
import { NoBars } from '../../strategies/engine/bar-source.ts'
import { daysBetween } from '../../strategies/engine/bars/days.ts'
import type { Columns } from '../../strategies/screeners/strategy.ts'
import { crossSectionOf } from '../features/cross-section.ts'
import { featuresOf, lackingIn } from '../features/features.ts'
import { barsNeeded as featureBars } from '../features/history.ts'
import type { ForecastParts } from '../parts.ts'
import { barsNeeded, baselineInputs, baselineRows } from './baseline/inputs.ts'
import type { Card } from './card.ts'
import { type Allowed, type Forecast, farInputs, forecastFrom } from './forecast.ts'
import { horizonCount } from './horizons.ts'
import { allowedNow } from './live/allowed.ts'
import { endIfUnfit, type WatchedModel } from './live/fitness.ts'
import { keepTold, toldBy } from './live/rows.ts'
import { forecasterName, type OffReason, stateOf } from './live/state.ts'
import type { ForecastModel } from './model.ts'

/** Days of the last year among which the risk of today is ranked. */
const rankedDays = 252
/** The symbol whose bars stand for the market. */
export const marketSymbol = 'SPY'
/** Calendar days that the bars of a symbol may be behind those of SPY. */
const mostDaysBehind = 10

/**
 * The forecast of a symbol after its last finished day, kept so that its ranges can be counted later. It refuses when
 * the model is off or refused, and when bars are too few, too old or not sound.
 */
export async function predict(parts: ForecastParts, symbol: string): Promise<Forecast | Refusal> {
  const model = await parts.forecaster.open()
  if (typeof model === 'string') return modelRefused()
  const off = await stateOf(parts.db, model.card.hash)
  if (off) return modelOff(off)
  const found = await barsFor(parts, symbol)
  if (found instanceof Refusal) return found
  const { bars, market, day } = found
  const ended = await endIfUnfit(parts, watchedForecaster(model.card), day)
  if (ended) return modelOff(ended)
  const allowed = await allowedNow(parts.db, model.card.hash, parts.runs.bars.name)
  const forecast = await forecastOf(model, symbol, bars, market, allowed)
  if (forecast instanceof Refusal) return forecast
  await keepTold(parts.db, parts.runs.bars.name, toldBy(forecast), parts.clock.now())
  return forecast
}

/** The forecaster as its fitness is watched. Horizons longer than a month have too few windows that do not overlap. */
export const watchedForecaster = ({ hash, expires, data }: Card): WatchedModel => ({
  ...{ name: forecasterName, hash, expires, learnedTo: data.to },
  ...{ horizons: [1, 5, 21], tells: 'forecasts' },
})

/** The forecast from bars: it reads nothing else. */
export async function forecastOf(
  model: ForecastModel,
  symbol: string,
  bars: Columns,
  market: Columns | undefined,
  allowed: Allowed,
): Promise<Forecast | Refusal> {
  const count = bars.days.length
  if (count < barsNeeded) return tooFewBars(symbol, count)
  const { rows, values } = baselineRows(bars, market, { from: count - rankedDays })
  const width = baselineInputs.length
  const today = values.subarray((rows - 1) * width)
  const { card } = model
  const missing = today.some(Number.isNaN) ? ['bars of SPY'] : []
  const whole = Float32Array.from(values, (value, at) => (Number.isNaN(value) ? card.usual[at % width]!.mean : value))
  if (!whole.every(Number.isFinite)) return unsoundBars(symbol)
  let features: Float32Array | undefined
  if (card.layout !== null) {
    const own = featuresOf(
      { symbol, bars, cross: crossSectionOf(new Map([[symbol, bars]])), spy: market },
      { from: count - rows, to: count },
    )
    if (own.days.length < rows) return tooFewBars(symbol, count)
    missing.push(...lackingIn(own, rows - 1))
    features = own.values
  }
  const { mu, sigma } = await model.run(rows, whole, features)
  const of = (results: Float32Array) => results.subarray((rows - 1) * horizonCount)
  const monthly = Array.from({ length: rows }, (_, row) => sigma[row * horizonCount + 20]!)
  return {
    symbol,
    day: bars.days.at(-1)!,
    close: bars.close.at(-1)!,
    ...forecastFrom(card, { mu: of(mu), sigma: of(sigma) }, allowed, monthly),
    far: farInputs(card, today),
    missing,
    card,
  }
}

/** Finished bars of the symbol and of SPY: `most` of them, and at least `least`. A market is asked for these two alone. */
export async function barsFor(
  { runs: { bars: source }, clock, log }: ForecastParts,
  symbol: string,
  { most, least, what }: { most: number; least: number; what: string } = {
    most: Math.max(barsNeeded, featureBars) + rankedDays,
    least: barsNeeded,
    what: 'A forecast',
  },
): Promise<{ bars: Columns; market?: Columns; day: string } | Refusal> {
  try {
    const today = clock.now().toISOString().slice(0, 10)
    const bars = await source.daily(symbol, most, today)
    if (!bars || bars.days.length < least) return tooFewBars(symbol, bars?.days.length ?? 0, least, what)
    const market = await source.daily(marketSymbol, most, today).catch((cause) => {
      log.warn({ err: cause }, 'there is a forecast without the bars of SPY')
      return undefined
    })
    const own = bars.days.at(-1)!
    const day = market?.days.at(-1) ?? own
    if (daysBetween(own, day) > mostDaysBehind) {
      const sentence = `The last daily bar of ${symbol} is of ${own}, and that of ${marketSymbol} of ${day}.`
      return new Refusal(
        'BARS_TOO_OLD',
        sentence,
        `${what} from there would be an old one; \`chart ${symbol} 1d\` shows the bars`,
      )
    }
    return { bars, market, day: own > day ? own : day }
  } catch (cause) {
    if (cause instanceof NoBars) return new Refusal('NO_BARS', cause.message, `${what} needs daily bars`)
    throw cause
  }
}

function tooFewBars(symbol: string, count: number, least = barsNeeded, what = 'A forecast'): Refusal {
  const sentence = `${what} needs ${least} daily bars of ${symbol}, and the market in use has ${count}.`
  return new Refusal('TOO_FEW_BARS', sentence, 'Nothing is guessed from fewer')
}

function unsoundBars(symbol: string): Refusal {
  return new Refusal(
    'TOO_FEW_BARS',
    `The last daily bars of ${symbol} have prices of zero or none, so nothing follows from them.`,
  )
}

function modelRefused(): Refusal {
  const sentence = 'The forecaster on this machine does not match its card, so it is not used.'
  return new Refusal(
    'MODEL_REFUSED',
    sentence,
    'The log says what differs; `npm run train:forecaster -- --bars FOLDER` makes it anew',
  )
}

function modelOff({ code, because }: OffReason): Refusal {
  return new Refusal(
    'MODEL_OFF',
    `The forecaster is switched off (${code}): ${because}.`,
    'An owner switches it on again with `model on forecaster`',
  )
}
