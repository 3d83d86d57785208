import { describe, expect, test } from 'vitest'
import { crossSectionOf } from '../../../src/prediction/features/cross-section.ts'
import { type FeatureInput, featuresOf, lackingIn } from '../../../src/prediction/features/features.ts'
import { barsNeeded } from '../../../src/prediction/features/history.ts'
import { featureCount, featureNames } from '../../../src/prediction/features/layout.ts'
import { type ScoredItem, sentimentValues } from '../../../src/prediction/sentiment/values.ts'
import type { Columns } from '../../../src/strategies/screeners/strategy.ts'
import { madeBars, sessionsFrom } from '../../strategies/made-bars.ts'
import fc from '../../support/fast-check.ts'

const symbols = ['AAPL', 'MSFT', 'NVDA', 'ORCL', 'JPM', 'BAC', 'GS', 'XOM', 'CVX', 'COP', 'KO', 'PEP', 'PG']
const days = sessionsFrom('2019-01-02', 380)
const market = new Map(symbols.map((symbol, seed) => [symbol, withGaps(madeBars(days, seed + 1))]))
const spy = madeBars(days, 99)

/** Made bars open at the close before: here they open somewhere in their range. */
function withGaps(bars: Columns): Columns {
  const { high, low, days } = bars
  return {
    ...bars,
    open: bars.open.map((_, at) => low[at]! + (high[at]! - low[at]!) * (Number(days[at]!.slice(-2)) / 32)),
  }
}

const options = (day: string) => ({
  ...{ putVolume: Number(day.slice(-2)), callVolume: 100, putOpenInterest: 5, callOpenInterest: 9 },
  ...{ impliedVolatility30: 0.3, skew25: 0.04 },
})

const closeOf = (day: string) => Date.parse(`${day}T21:00:00Z`)
const sources = ['news', 'reddit', 'x'] as const
const available = new Set(sources)
/** Some items of every source on most days, before and after the close. */
const items = days.flatMap((day, at) =>
  Array.from({ length: (at * 7) % 5 }, (_, nth): ScoredItem => {
    const share = ((at * 31 + nth * 17) % 29) / 29
    const publishedAt = closeOf(day) + (share - 0.7) * 86_400_000
    const publisher = `wire ${(at * 13 + nth * nth) % 11}`
    return { source: sources[(at + nth) % 3]!, publisher, publishedAt, score: 2 * share - 1, known: share }
  }),
)

/** All that is known of a symbol between two places of the days. */
function known(symbol: string, from: number, to: number, bars = market): FeatureInput {
  const cut = (columns: Columns) => part(columns, from, to)
  // Neither old items nor those that are published after the last close are there.
  const [oldest, newest] = [closeOf(days[from]!) - 86_400_000 * 2, closeOf(days[to - 1]!)]
  const heard = items.filter(({ publishedAt }) => publishedAt >= oldest && publishedAt <= newest)
  return {
    sentimentOn: (day) => sentimentValues(heard, closeOf(day), available),
    ...{ symbol, bars: cut(bars.get(symbol)!), spy: cut(spy), optionsOn: options },
    cross: crossSectionOf(new Map([...bars].map(([name, columns]) => [name, cut(columns)]))),
  }
}

const part = (bars: Columns, from: number, to: number): Columns => ({
  days: bars.days.slice(from, to),
  open: bars.open.slice(from, to),
  high: bars.high.slice(from, to),
  low: bars.low.slice(from, to),
  close: bars.close.slice(from, to),
  volume: bars.volume.slice(from, to),
})

describe('features are known at the close of their day', () => {
  const whole = featuresOf(known('AAPL', 0, days.length))

  test('none changes when the future is cut off, nor when the past is, bit for bit', () => {
    const anyBar = fc.integer({ min: barsNeeded - 1, max: days.length - 1 })
    fc.assert(
      fc.property(anyBar, fc.nat(100), (bar, more) => {
        const from = Math.max(0, bar + 1 - barsNeeded - more)
        const cut = featuresOf(known('AAPL', from, bar + 1), { from: bar - from })
        expect(cut.days).toEqual([days[bar]])
        const row = bar - whole.first
        const expected = whole.values.subarray(row * featureCount, (row + 1) * featureCount)
        const changed = featureNames.filter((_, nth) => cut.values[nth] !== expected[nth])
        expect(changed).toEqual([])
        expect(lackingIn(cut, 0)).toEqual(lackingIn(whole, row))
      }),
      { numRuns: Number(process.env.RUNS ?? 12) },
    )
  })

  test('the proof sees a feature that looks ahead: with tomorrow’s bar as today’s, nearly all change', () => {
    const bar = 330
    const [today, tomorrow] = [bar, bar + 1].map((at) =>
      featuresOf(known('AAPL', 0, days.length), { from: at, to: at + 1 }),
    )
    const same = featureNames.filter((_, nth) => today!.values[nth] === tomorrow!.values[nth])
    expect(same.length).toBeLessThan(featureCount / 10)
  })

  test('each is a number within ±10, and but for flags and constants each is another on other days', () => {
    expect(whole.values.every((value) => Math.abs(value) <= 10)).toBe(true)
    const still = featureNames.filter((_, nth) => {
      const values = new Set(whole.days.map((_, row) => whole.values[row * featureCount + nth]))
      return values.size === 1
    })
    expect(still).toEqual([
      ...['bar_0_close', 'news_available', 'reddit_available', 'x_available', 'all_available'],
      ...['put_call_open_interest', 'skew_25', 'options'],
    ])
    expect(lackingIn(whole, 0)).toEqual([])
  })
})

describe('data that is lacking is 0, and says so', () => {
  const of = (input: Partial<FeatureInput> & Pick<FeatureInput, 'symbol' | 'bars'>) => featuresOf(input, { from: 379 })
  const named = (rows: ReturnType<typeof of>, some: RegExp) =>
    featureNames.flatMap((name, nth) => (some.test(name) ? [rows.values[nth]] : []))

  test('without other symbols there are only bars', () => {
    const rows = of({ symbol: 'AAPL', bars: market.get('AAPL')! })
    expect(lackingIn(rows, 0)).toEqual(['news', 'reddit', 'x', 'sector', 'market', 'spy', 'options'])
    expect(named(rows, /sector|^spy|^market|options|put_call|skew|implied/).every((value) => value === 0)).toBe(true)
  })

  test('a symbol without a sector has the market, and its eight values are 0', () => {
    const rows = of({ ...known('AAPL', 0, 380), symbol: 'BYND' })
    expect(lackingIn(rows, 0)).toEqual(['sector'])
    expect(named(rows, /sector/)).toEqual(Array(8).fill(0))
    expect(named(rows, /^market/).every((value) => value !== 0)).toBe(true)
  })

  test('a sector with fewer than three members is no sector', () => {
    const few = new Map([...market].filter(([symbol]) => !['MSFT', 'NVDA'].includes(symbol)))
    expect(lackingIn(featuresOf(known('AAPL', 0, 380, few), { from: 379 }), 0)).toContain('sector')
  })

  test('figures of options that are no numbers are none', () => {
    const optionsOn = (day: string) => ({ ...options(day), skew25: Number.NaN })
    expect(lackingIn(of({ symbol: 'AAPL', bars: market.get('AAPL')!, optionsOn }), 0)).toContain('options')
  })

  test('a day without a price makes the rows of the next 280 days empty', () => {
    const bars = part(market.get('AAPL')!, 0, 380)
    bars.low[80] = 0
    const rows = featuresOf({ symbol: 'AAPL', bars, spy })
    const empty = rows.days.filter((_, row) => lackingIn(rows, row).includes('bars'))
    expect(empty).toEqual(days.slice(279, 80 + 280))
    expect(rows.values.subarray(0, empty.length * featureCount).every((value) => value === 0)).toBe(true)
  })

  test('prices that stand still are numbers, too', () => {
    const bars = part(market.get('AAPL')!, 0, 380)
    for (const column of [bars.open, bars.high, bars.low, bars.close]) column.fill(12.34)
    bars.volume.fill(0)
    const rows = featuresOf({ symbol: 'AAPL', bars })
    expect(rows.values.every((value) => Math.abs(value) <= 10)).toBe(true)
    expect(lackingIn(rows, 0)).not.toContain('bars')
  })

  test('too few bars have no row', () => {
    expect(featuresOf({ symbol: 'AAPL', bars: part(market.get('AAPL')!, 0, 279) }).days).toEqual([])
  })
})
