import { Big } from '../../../base/amounts.ts'
import { percentText, priceText } from '../../../base/format.ts'
import type { Card } from '../../../prediction/forecaster/card.ts'
import { type Forecast, rangeAt } from '../../../prediction/forecaster/forecast.ts'
import { knots } from '../../../prediction/forecaster/horizons.ts'
import type { Coverage } from '../../../prediction/forecaster/live/rows.ts'

/** The horizon of the sentence: a month of trading days. */
export const usualHorizon = 21

/** A share without a sign: `6.1%`. */
export const shareText = (share: number): string =>
  percentText(new Big(Math.abs(share).toFixed(6))).replace(/^[+−-]/, '')

/** A forecast in words, complete without its picture. */
export function forecastText(forecast: Forecast, coverage: readonly Coverage[], isSimulated: boolean): string {
  const { symbol, day, close, card, risk, far, missing } = forecast
  const [wide] = [rangeAt(forecast, 0.9, usualHorizon)]
  return [
    `🔮 FORECAST — ${symbol}, from ${dollars(close)} at the close of ${day}`,
    `${rangeLine(forecast)}; 90%: ${dollars(close * (1 + wide.lower))} to ${dollars(close * (1 + wide.upper))}`,
    otherHorizons(forecast),
    coverageLine(coverage, card),
    directionLine(forecast),
    ...(risk === undefined
      ? []
      : [`Risk: the range is wider than on ${Math.round(100 * risk)}% of the days of the last year`]),
    weakLine(card),
    ...(far.length > 0 ? [`⚠️ Unlike anything that the model learned from: ${far.join(', ')}`] : []),
    ...(missing.length > 0 ? [`Without: ${missing.join(', ')}`] : []),
    ...(isSimulated ? [demonstration] : []),
  ].join('\n')
}

/** Said of every forecast on made-up prices. */
export const demonstration = '⚠️ These prices are simulated: a demonstration, which says nothing about stocks'

/** `Range: ±6.1% in 21 days (68%), $179.00 to $202.10`. */
export function rangeLine(forecast: Forecast): string {
  const { close, uncertainty } = forecast
  const { lower, upper } = rangeAt(forecast, 0.68, usualHorizon)
  return `Range: ±${shareText(uncertainty[usualHorizon - 1]!)} in ${usualHorizon} days (68%), ${dollars(close * (1 + lower))} to ${dollars(close * (1 + upper))}`
}

function otherHorizons({ uncertainty }: Forecast): string {
  const each = knots
    .filter((horizon) => horizon !== usualHorizon)
    .map((horizon) => `${daysText(horizon)} ±${shareText(uncertainty[horizon - 1]!)}`)
  return each.join(' · ')
}

/** How often the 90% range held: here, or in the tests while nothing has come due. */
export function coverageLine(coverage: readonly Coverage[], card: Card): string {
  const live = coverage.find(({ horizon }) => horizon === usualHorizon)
  if (live) return `The 90% range of ${usualHorizon} days held ${live.held90} of the last ${live.of} times here`
  const { testFrom } = card.split.folds[0]!
  const { testTo } = card.split.folds.at(-1)!
  const tested = card.verdicts.find(({ horizon }) => horizon === usualHorizon)!
  return `No outcome of ${usualHorizon} days is due here yet; in the tests (${testFrom} to ${testTo}) the 90% range held ${shareText(tested.coverage.adaptive[1]!)}`
}

/** `Direction: no edge shown (IC 0.005, 95% −0.007 … 0.017)`. */
export function directionLine({ direction, optimal, card }: Pick<Forecast, 'direction' | 'optimal' | 'card'>): string {
  if (direction !== 'NEUTRAL' && optimal)
    return `Direction: ${direction}, ${percentText(new Big(optimal.return.toFixed(6)))} in ${daysText(optimal.horizon)}`
  const tested = card.verdicts.find(({ horizon }) => horizon === usualHorizon)?.rankCorrelation
  if (!tested) return 'Direction: no edge shown'
  const { mean, low, high } = tested
  return `Direction: no edge shown (IC ${decimal(mean)} at ${usualHorizon} days, 95% ${decimal(low)} … ${decimal(high)})`
}

const decimal = (value: number) => value.toFixed(3)

/** The horizons at which the range was no better than the simplest one. */
export function weakLine({ verdicts }: Card): string {
  const weak = verdicts.filter(({ isRangeShown }) => !isRangeShown).map(({ horizon }) => String(horizon))
  if (weak.length === 0) return 'In the tests the range was better than a constant volatility at all horizons'
  return `At ${weak.join(' and ')} days the range was no better than a constant volatility in the tests`
}

/** `1 day`, `21 days`. */
export const daysText = (days: number): string => `${days} ${days === 1 ? 'day' : 'days'}`

const dollars = (price: number) => priceText(new Big(price.toFixed(price < 1 ? 4 : 2)))
