import { Big } from '../../../base/amounts.ts'
import { priceText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { drawLines, type NamedLine } from '../../../charts/index.ts'
import type { Forecast, Range } from '../../../prediction/forecaster/forecast.ts'
import { coverageOf } from '../../../prediction/forecaster/live/rows.ts'
import { predict } from '../../../prediction/forecaster/predict.ts'
import type { Columns } from '../../../strategies/screeners/strategy.ts'
import { forecastText, shareText, usualHorizon } from '../../wording/prediction/forecast.ts'
import type { Command, Hearing, Outcome } from '../command.ts'
import { show } from '../picture.ts'
import { symbolMeant } from '../symbol.ts'

/** Days of the past beside the forecast. */
const pastDays = 60
const dayMs = 24 * 60 * 60_000

export const showForecast: Command = {
  name: 'forecast',
  aliases: ['price forecast', 'expected range'],
  phrases: [
    { full: 'show forecast, forecast of, forecast for, price forecast for, expected range of, expected range for' },
  ],
  description: 'The range of the next 100 days, as a picture, and how often such ranges held',
  category: 'Models',
  position: 151,
  effect: 'reads',
  usage: 'forecast [SYMBOL]',
  example: 'forecast AAPL',
  detail:
    'Ranges that hold 68% and 90% of the outcomes in 1 to 100 trading days, from daily bars. It says how often its ranges held here, at which horizons they were better than a constant volatility in the tests, and of a direction only what was shown: none, at present. `models` shows its card.',
  needs: 'viewer',
  account: 'none',
  options: [{ name: 'symbol', type: 'symbol', description: 'Of what' }],
  async run(hearing, slots) {
    const symbol = await symbolMeant(hearing, slots)
    return typeof symbol === 'string' ? forecastFor(hearing, symbol) : symbol
  },
}

async function forecastFor({ parts }: Hearing, symbol: string): Promise<Outcome> {
  const forecast = await predict(parts, symbol)
  if (forecast instanceof Refusal) return forecast
  const { runs, db } = parts
  const [coverage, past] = await Promise.all([
    coverageOf(db, forecast.card.hash, runs.bars.name),
    runs.bars.daily(symbol, pastDays, forecast.day),
  ])
  const text = forecastText(forecast, coverage, runs.isSimulated)
  const alt = `Closes of ${symbol} and its ranges of the next 100 trading days. ${text.split('\n').slice(1, 5).join('. ')}.`
  const course = past ? [...past.close] : [forecast.close]
  return show(parts, text, { name: `${symbol}-forecast.png`, alt, course }, () =>
    draw(forecast, past, runs.isSimulated),
  )
}

function draw(forecast: Forecast, past: Columns | undefined, isSimulated: boolean): Promise<Uint8Array> {
  const { symbol, close, day, ranges, uncertainty } = forecast
  const closes = past ? [...past.close] : [close]
  const days = past?.days ?? [day]
  const times = [...days.map((own) => new Date(`${own}T00:00:00Z`)), ...weekdaysAfter(day, uncertainty.length)]
  const blank = (count: number) => Array.from({ length: count }, () => undefined)
  const ahead = (returns: Float64Array) => [
    ...blank(closes.length - 1),
    close,
    ...Array.from(returns, (own) => close * (1 + own)),
  ]
  const text = (price: number) => priceText(new Big(price.toFixed(price < 1 ? 4 : 2)))
  const edges = (range: Range) => {
    const share = `${Math.round(100 * range.share)}%`
    const look: Partial<NamedLine> = range.share === 0.9 ? { colour: 'axis', dash: [2, 3] } : { colour: 'target' }
    return [
      { name: share, values: ahead(range.upper), text: text(close * (1 + range.upper.at(-1)!)), ...look },
      { values: ahead(range.lower), text: text(close * (1 + range.lower.at(-1)!)), ...look },
    ]
  }
  return drawLines({
    title: `${symbol} · range of 100 days`,
    headline: { text: text(close) },
    note: `±${shareText(uncertainty[usualHorizon - 1]!)} in ${usualHorizon} days · from the close of ${day}${isSimulated ? ' · simulated prices' : ''}`,
    times,
    timeZone: 'UTC',
    name: 'Ranges',
    lines: [
      { name: 'Close', values: [...closes, ...blank(uncertainty.length)], colour: 'up' },
      ...ranges.toReversed().flatMap(edges),
    ],
  })
}

/** The next weekdays: holidays of the exchange move the dates of the picture a little, and no figure. */
function weekdaysAfter(day: string, count: number): Date[] {
  const dates: Date[] = []
  for (let at = Date.parse(day) + dayMs; dates.length < count; at += dayMs) {
    const date = new Date(at)
    if (date.getUTCDay() % 6 !== 0) dates.push(date)
  }
  return dates
}
