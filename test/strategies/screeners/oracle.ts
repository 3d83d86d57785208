/**
 * Both definitions a second time, from their tables in docs/strategies.md: slowly, over objects, without rounding, and with
 * nothing of the screeners' own.
 */
import { Big } from '../../../src/base/amounts.ts'
import { rsi } from '../../../src/market/indicators/rsi.ts'
import type { Columns } from '../../../src/strategies/screeners/strategy.ts'

export interface Day {
  day: string
  open: number
  high: number
  low: number
  close: number
  volume: number
}

export interface Judged {
  /** Points of each part of the table, by the names that the screeners give them. */
  points: Record<string, number>
  gates: Record<string, boolean>
}

export const daysOf = (columns: Columns): Day[] =>
  columns.days.map((day, at) => ({
    day,
    open: columns.open[at]!,
    high: columns.high[at]!,
    low: columns.low[at]!,
    close: columns.close[at]!,
    volume: columns.volume[at]!,
  }))

const average = (numbers: number[]) => numbers.reduceRight((sum, each) => sum + each, 0) / numbers.length
const closesOf = (days: Day[]) => days.map(({ close }) => close)
/** The simple average of the last so many closes, as of so many days ago. */
const sma = (days: Day[], length: number, ago = 0) => average(closesOf(days.slice(0, days.length - ago)).slice(-length))
const top = (days: Day[]) => days.map(({ high }) => high).sort((a, b) => b - a)[0]!
const bottom = (days: Day[]) => days.map(({ low }) => low).sort((a, b) => a - b)[0]!

/** Points along a line through corners `[value, points]`, values ascending; level outside. */
function along(corners: [number, number][], value: number): number {
  const right = corners.findIndex(([at]) => value < at)
  if (right === 0) return corners[0]![1]
  if (right < 0) return corners.at(-1)![1]
  const [[x0, y0], [x1, y1]] = [corners[right - 1]!, corners[right]!]
  return y0 + (y1 - y0) * ((value - x0) / (x1 - x0))
}

const trueRanges = (days: Day[]) =>
  days.slice(1).map(({ high, low }, at) => {
    const { close } = days[at]!
    return Math.max(high - low, Math.abs(high - close), Math.abs(low - close))
  })

/** `rank`: the percentile of the stock's strength. */
export function breakoutOf(days: Day[], rank: number): Judged {
  const today = days.at(-1)!
  const before = days.slice(0, -1)
  const { close } = today
  const [fifty, hundredFifty, twoHundred] = [sma(days, 50), sma(days, 150), sma(days, 200)]
  const year = days.slice(-252)
  const top55 = top(before.slice(-55))
  const top20 = top(before.slice(-20))
  const pivot = close > top55 ? top55 : close > top20 ? top20 : top55
  const multiple = today.volume / average(before.slice(-50).map(({ volume }) => volume))

  const earlier = [1, 2, 3, 4, 5].map((ago) => {
    const upTo = days.slice(0, days.length - ago)
    return upTo.at(-1)!.close > top(upTo.slice(-21, -1))
  })
  const ranges = trueRanges(before)
  const volumes = before.map(({ volume }) => volume)
  const depths = [before.slice(-60, -40), before.slice(-40, -20), before.slice(-20)].map(
    (window) => (top(window) - bottom(window)) / top(window),
  ) as [number, number, number]
  const five = (isMet: boolean) => (isMet ? 5 : 0)

  return {
    points: {
      'above SMA150 and SMA200': five(close > Math.max(hundredFifty, twoHundred)),
      'SMA150 above SMA200': five(hundredFifty > twoHundred),
      'SMA200 rises': five(twoHundred > sma(days, 200, 22)),
      'SMA50 above both': five(fifty > Math.max(hundredFifty, twoHundred)),
      'above SMA50': five(close > fifty),
      'off the low': five(close >= 1.3 * bottom(year)),
      'near the high': five(close >= 0.75 * top(year)),
      strength: five(rank >= 70),
      breakout: close > top55 ? 15 : close > top20 ? 10 : close >= 0.97 * top55 ? 5 : 0,
      fresh: 5 - earlier.filter(Boolean).length,
      unextended: along(
        [
          [1.05, 5],
          [1.1, 0],
        ],
        close / pivot,
      ),
      '52-week high': along(
        [
          [0.95, 0],
          [0.99, 5],
        ],
        close / top(year),
      ),
      volume: along(
        [
          [1, 0],
          [1.4, 10],
          [2, 15],
        ],
        multiple,
      ),
      range: along(
        [
          [0.7, 5],
          [1, 0],
        ],
        average(ranges.slice(-10)) / average(ranges.slice(-50)),
      ),
      shrinking: depths[0] > depths[1] && depths[1] > depths[2] ? 2.5 : 0,
      'last depth': along(
        [
          [0.5, 2.5],
          [1, 0],
        ],
        depths[2] / depths[0],
      ),
      'quiet volume': along(
        [
          [0.8, 5],
          [1, 0],
        ],
        average(volumes.slice(-10)) / average(volumes.slice(-50)),
      ),
    },
    gates: {
      'above SMA150 and SMA200': close > hundredFifty && close > twoHundred,
      'SMA150 above SMA200': hundredFifty > twoHundred,
      'above SMA50': close > fifty,
      breakout: close > top20,
      unextended: close <= 1.1 * pivot,
      volume: multiple >= 1,
    },
  }
}

/** The strength of a stock over the year, before it is ranked. */
export function strengthOf(days: Day[]): number {
  const ago = (count: number) => days.at(-1 - count)!.close
  const now = ago(0)
  return 40 * (now / ago(63)) + 20 * (now / ago(126)) + 20 * (now / ago(189)) + 20 * (now / ago(252))
}

/** The percentage of the others that are weaker. */
export function rankOf(figure: number, all: number[]): number {
  return (all.filter((other) => other < figure).length / (all.length - 1)) * 100
}

/** `spy`: the days of SPY up to the stock's last day. Without an option chain, and without the VIX. */
export function leapOf(days: Day[], spy: Day[]): Judged {
  const today = days.at(-1)!
  const { close } = today
  const [fifty, twoHundred] = [sma(days, 50), sma(days, 200)]
  const fall = (top(days.slice(-252)) - close) / top(days.slice(-252))
  const near = [fifty, twoHundred].flatMap((each) => (close >= 0.97 * each ? [Math.abs(close - each) / each] : []))
  const closest = near.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...near)
  const index = rsi(barsOf(days.slice(-250))).at(-1)!
  const changes = days.slice(-10).map(({ close: now, volume }, at) => {
    const then = days.at(-11 + at)!.close
    return { volume, direction: Math.sign(now - then) }
  })
  const on = (direction: number) =>
    changes.filter((each) => each.direction === direction).reduce((sum, { volume }) => sum + volume, 0)
  const market = spy.at(-1)!.close
  const yesterday = days.at(-2)!
  const rises = twoHundred > sma(days, 200, 65)
  return {
    points: {
      'above SMA200': close > twoHundred ? 8 : 0,
      'SMA200 rises': rises ? 5 : 0,
      'SMA50 above SMA200': fifty > twoHundred ? 4 : 0,
      'above a year ago': close > days.at(-253)!.close ? 3 : 0,
      'near an average': along(
        [
          [0.02, 10],
          [0.06, 0],
        ],
        closest,
      ),
      drawdown: along(
        [
          [0.03, 0],
          [0.08, 8],
          [0.2, 8],
          [0.3, 0],
        ],
        fall,
      ),
      RSI: along(
        [
          [25, 0],
          [38, 7],
          [52, 7],
          [65, 0],
        ],
        index,
      ),
      'over yesterday': close > yesterday.high ? 5 : 0,
      'over SMA10': close > sma(days, 10) ? 5 : 0,
      'up-volume': on(1) > on(-1) ? 5 : 0,
      'SPY above SMA200': market > sma(spy, 200) ? 8 : 0,
      'SPY SMA50 above SMA200': sma(spy, 50) > sma(spy, 200) ? 3 : 0,
      VIX: along(
        [
          [20, 4],
          [30, 0],
        ],
        100 * yearlyDeviation(closesOf(spy).slice(-21)) + 4,
      ),
    },
    gates: {
      'at SMA200': close >= 0.97 * twoHundred,
      'SMA200 rises': rises,
      drawdown: fall >= 0.05 && fall <= 0.3,
      'near an average': closest <= 0.05,
      'over yesterday': close > yesterday.high,
    },
  }
}

const barsOf = (days: Day[]) =>
  days.map(({ day, open, high, low, close, volume }) => ({
    at: new Date(day),
    open: new Big(open),
    high: new Big(high),
    low: new Big(low),
    close: new Big(close),
    volume: new Big(volume),
  }))

function yearlyDeviation(closes: number[]): number {
  const returns = closes.slice(1).map((close, at) => Math.log(close) - Math.log(closes[at]!))
  const middle = average(returns)
  const variance = returns.reduce((sum, each) => sum + (each - middle) ** 2, 0) / (returns.length - 1)
  return Math.sqrt(252 * variance)
}
