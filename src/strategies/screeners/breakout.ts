import { z } from 'zod'
import { item, ramp, scored } from './maths/points.ts'
import { depth, meanTrueRange } from './maths/ranges.ts'
import { strengthFigure } from './maths/relative-strength.ts'
import { distance, percent, times, timesBeside } from './maths/text.ts'
import { highest, lowest, mean } from './maths/windows.ts'
import { tradingDays } from './maths/year.ts'
import { commonParameters } from './parameters.ts'
import type { Columns, Gate, Item, Strategy, Strength } from './strategy.ts'

const parameters = z.object({
  ...commonParameters,
  min_volume_multiple: z
    .number()
    .min(0)
    .max(10)
    .default(1)
    .meta({ description: 'The least volume that passes, as a multiple of its mean of 50 days' }),
})

/** Stocks in an uptrend that have just closed above their highs, out of a narrow range and on high volume. */
export const breakout: Strategy<z.infer<typeof parameters>> = {
  name: 'bullish_breakout',
  aliases: ['breakout'],
  title: 'Bullish breakout',
  summary:
    'Stocks in an uptrend that close above their highs of 20 or 55 days, out of a narrow range and on high volume',
  parameters,
  barsNeeded: 260,
  barsUsed: 260,
  horizon: 20,
  stages: ['data_download', 'strength', 'analysis', 'ranking'],
  strength: strengthFigure,
  score(bars, { min_score, min_volume_multiple }, { strength }) {
    const lacking: string[] = []
    const { volume } = bars
    const today = volume.length - 1
    const usual = mean(volume, today, 50)
    const multiple = usual > 0 ? volume[today]! / usual : undefined
    if (multiple === undefined) lacking.push('volume: none was traded in the 50 days before')
    const trend = trendOf(bars)
    const level = levelsOf(bars)
    const items = [
      ...trendItems(trend),
      ...strengthItems(strength, lacking),
      ...breakoutItems(bars, level),
      ...(multiple === undefined ? [] : [volumeItem(multiple)]),
      ...contractionItems(bars, lacking),
    ]
    const volumeGate: Gate =
      multiple === undefined
        ? { name: 'volume', passed: min_volume_multiple === 0, text: 'no volume to compare with' }
        : {
            name: 'volume',
            passed: multiple >= min_volume_multiple,
            text: `volume ${timesBeside(multiple, min_volume_multiple)} its mean of 50 days, of the ${times(min_volume_multiple)} that it needs`,
          }
    const gates = [...trendGates(trend), ...breakoutGates(level), volumeGate]
    return scored({ items, gates, lacking }, min_score, trend.close, {
      pivot: level.pivot,
      ...(multiple === undefined ? {} : { volume_multiple: multiple }),
      ...(strength && 'percentile' in strength ? { strength: strength.percentile } : {}),
    })
  },
}

interface Trend {
  close: number
  sma50: number
  sma150: number
  sma200: number
  /** SMA200 22 bars ago. */
  sma200Before: number
  yearLow: number
  yearHigh: number
}

function trendOf({ close, high, low }: Columns): Trend {
  const end = close.length
  return {
    close: close[end - 1]!,
    sma50: mean(close, end, 50),
    sma150: mean(close, end, 150),
    sma200: mean(close, end, 200),
    sma200Before: mean(close, end - 22, 200),
    yearLow: lowest(low, end, tradingDays),
    yearHigh: highest(high, end, tradingDays),
  }
}

/** The trend template of Minervini, "Trade Like a Stock Market Wizard" (2013), but for the strength: 5 points each. */
function trendItems({ close, sma50, sma150, sma200, sma200Before, yearLow, yearHigh }: Trend): Item[] {
  const met = (name: string, isMet: boolean, text: string) => item('trend', name, isMet ? 5 : 0, 5, text)
  return [
    met('above SMA150 and SMA200', close > sma150 && close > sma200, aboveBoth(close, sma150, sma200)),
    met('SMA150 above SMA200', sma150 > sma200, `SMA150 ${distance(sma150 / sma200)} SMA200`),
    met('SMA200 rises', sma200 > sma200Before, `SMA200 ${distance(sma200 / sma200Before)} that of 22 days ago`),
    met('SMA50 above both', sma50 > sma150 && sma50 > sma200, aboveBoth(sma50, sma150, sma200)),
    met('above SMA50', close > sma50, `${distance(close / sma50)} SMA50`),
    met('off the low', close >= 1.3 * yearLow, `${distance(close / yearLow)} the low of 52 weeks`),
    met('near the high', close >= 0.75 * yearHigh, `${distance(close / yearHigh)} the high of 52 weeks`),
  ]
}

const aboveBoth = (value: number, sma150: number, sma200: number) =>
  `${distance(value / sma150)} SMA150, ${distance(value / sma200)} SMA200`

function trendGates({ close, sma50, sma150, sma200 }: Trend): Gate[] {
  return [
    {
      name: 'above SMA150 and SMA200',
      passed: close > sma150 && close > sma200,
      text: `close ${aboveBoth(close, sma150, sma200)}`,
    },
    { name: 'SMA150 above SMA200', passed: sma150 > sma200, text: `SMA150 ${distance(sma150 / sma200)} SMA200` },
    { name: 'above SMA50', passed: close > sma50, text: `close ${distance(close / sma50)} SMA50` },
  ]
}

function strengthItems(strength: Strength | undefined, lacking: string[]): Item[] {
  if (!strength) {
    lacking.push('strength: fewer than 50 symbols to compare with, and no SPY')
    return []
  }
  if ('against' in strength) {
    const isStronger = strength.figure > strength.theirs
    const text = `${isStronger ? 'stronger' : 'not stronger'} over the year than SPY (fewer than 50 symbols to compare with)`
    return [item('trend', 'strength', isStronger ? 5 : 0, 5, text)]
  }
  const { percentile, among } = strength
  const text = `percentile ${percentile.toFixed(0)} of ${among} symbols over the year`
  return [item('trend', 'strength', percentile >= 70 ? 5 : 0, 5, text)]
}

interface Levels {
  close: number
  high20: number
  high55: number
  yearHigh: number
  /** The high that is broken: of 55 days, else of 20; that of 55 days while neither is. */
  pivot: number
}

function levelsOf({ close, high }: Columns): Levels {
  const today = close.length - 1
  const last = close[today]!
  const high20 = highest(high, today, 20)
  const high55 = highest(high, today, 55)
  const pivot = last <= high55 && last > high20 ? high20 : high55
  return { close: last, high20, high55, yearHigh: highest(high, today + 1, tradingDays), pivot }
}

/** Channels of 20 and 55 days, by Donchian (Faith, "Way of the Turtle", 2007). */
function breakoutItems(bars: Columns, { close, high20, high55, yearHigh, pivot }: Levels): Item[] {
  const [points, text] =
    close > high55
      ? [15, `${distance(close / high55)} the high of 55 days`]
      : close > high20
        ? [10, `${distance(close / high20)} the high of 20 days`]
        : [close >= 0.97 * high55 ? 5 : 0, `${distance(close / high55)} the high of 55 days`]
  const before = breakoutsBefore(bars)
  return [
    item('breakout', 'breakout', points, 15, text),
    item('breakout', 'fresh', 5 - before, 5, `${before} of the last five closes were above their own 20-day high`),
    item('breakout', 'unextended', ramp(close / pivot, 1.1, 1.05, 5), 5, `${distance(close / pivot)} the pivot`),
    item('breakout', '52-week high', ramp(close / yearHigh, 0.95, 0.99, 5), 5, `${percent(close / yearHigh)} of it`),
  ]
}

/** Of the five closes before the last, the number above the high of the 20 days before each. */
function breakoutsBefore({ close, high }: Columns): number {
  const today = close.length - 1
  let count = 0
  for (let at = today - 5; at < today; at++) if (close[at]! > highest(high, at, 20)) count++
  return count
}

function breakoutGates({ close, high20, pivot }: Levels): Gate[] {
  return [
    { name: 'breakout', passed: close > high20, text: `close ${distance(close / high20)} the high of 20 days` },
    {
      name: 'unextended',
      passed: close <= 1.1 * pivot,
      text: `close ${distance(close / pivot)} the pivot, of 10% at most`,
    },
  ]
}

/** O'Neil, "How to Make Money in Stocks" (2009), asks for 40% to 50% more volume than usual. */
function volumeItem(multiple: number): Item {
  const points = multiple < 1.4 ? ramp(multiple, 1, 1.4, 10) : 10 + ramp(multiple, 1.4, 2, 5)
  return item('volume', 'volume', points, 15, `${times(multiple)} its mean of 50 days`)
}

/** The quiet before the breakout: everything as of the day before. */
function contractionItems(bars: Columns, lacking: string[]): Item[] {
  const today = bars.close.length - 1
  const items: Item[] = []
  const part = (name: string, value: number, none: number, full: number, of: number, text: string) =>
    items.push(item('contraction', name, ramp(value, none, full, of), of, text))

  const usualRange = meanTrueRange(bars, today, 50)
  if (usualRange > 0) {
    const share = meanTrueRange(bars, today, 10) / usualRange
    part('range', share, 1, 0.7, 5, `mean range of 10 days ${times(share)} that of 50`)
  } else lacking.push('contraction: the price has not moved in 50 days')

  const [first, second, last] = [depth(bars, today - 40, 20), depth(bars, today - 20, 20), depth(bars, today, 20)]
  const depths = `${percent(first)}, ${percent(second)}, ${percent(last)} deep over 20 days each`
  items.push(item('contraction', 'shrinking', first > second && second > last ? 2.5 : 0, 2.5, depths))
  if (first > 0) part('last depth', last / first, 1, 0.5, 2.5, `${times(last / first)} the first depth`)
  else lacking.push('contraction: the price did not move in the first 20 of 60 days')

  const usualVolume = mean(bars.volume, today, 50)
  if (usualVolume > 0) {
    const share = mean(bars.volume, today, 10) / usualVolume
    part('quiet volume', share, 1, 0.8, 5, `mean volume of 10 days ${times(share)} that of 50`)
  }
  return items
}
