import { readdirSync } from 'node:fs'
import { getCorrelation } from 'trading-signals'
import { describe, expect, test } from 'vitest'
import { crossSectionOf } from '../../../src/prediction/features/cross-section.ts'
import { featureWriter } from '../../../src/prediction/features/features.ts'
import { blocks, featureCount, featureNames } from '../../../src/prediction/features/layout.ts'
import { companyOf, sectorList, sectorOf } from '../../../src/prediction/features/sectors.ts'
import type { Columns } from '../../../src/strategies/screeners/strategy.ts'
import { sp500Symbols } from '../../../src/strategies/universes/sp500.ts'
import { madeBars, sessionsFrom } from '../../strategies/made-bars.ts'
import { missing, recordedDays } from '../../strategies/recorded.ts'

describe('the table of sectors', () => {
  test('knows every stock of the S&P 500', () => {
    expect(sp500Symbols.filter((symbol) => !sectorOf(symbol))).toEqual([])
    expect(sectorList.length).toBe(11)
    expect(['AAPL', 'BRK.B', 'XOM', 'AMT', 'V'].map(sectorOf)).toEqual([
      ...['Information Technology', 'Financials', 'Energy', 'Real Estate', 'Financials'],
    ])
    expect(['SPY', 'BYND', 'aapl', 'toString', ''].map(sectorOf)).toEqual(Array(5).fill(undefined))
  })

  test.skipIf(missing)(`knows every recorded stock${missing}`, () => {
    const recorded = readdirSync(recordedDays).map((name) => name.replace('.csv', ''))
    expect(recorded.filter((symbol) => !sectorOf(symbol))).toEqual(['GOOG-long', 'ORCL-long', 'SPY', 'YHOO-long'])
  })

  test('classes of shares are one company', () => {
    const pairs = [
      ['GOOG', 'GOOGL'],
      ['FOX', 'FOXA'],
      ['DISCA', 'DISCK'],
      ['NWS', 'NWSA'],
      ['UA', 'UAA'],
    ]
    for (const [one, other] of pairs) expect(companyOf(one!)).toBe(companyOf(other!))
    expect(new Set(sp500Symbols.map(companyOf)).size).toBe(500)
  })
})

describe('the fourteen values of sector and market', () => {
  const symbols = ['AAPL', 'MSFT', 'NVDA', 'ORCL', 'JPM', 'BAC', 'GS', 'XOM', 'CVX', 'COP', 'KO', 'PEP', 'PG', 'BYND']
  const days = sessionsFrom('2019-01-02', 320)
  const market = new Map(symbols.map((symbol, seed) => [symbol, madeBars(days, seed + 1)]))
  const spy = madeBars(days, 99)
  const { from, to } = blocks.sector
  const names = featureNames.slice(from, to)

  test('are what another implementation says', () => {
    const cross = crossSectionOf(market)
    for (const [symbol, bar] of [
      ['AAPL', 300],
      ['GS', 319],
      ['COP', 285],
    ] as const) {
      const row = new Float64Array(featureCount)
      featureWriter({ symbol, bars: market.get(symbol)!, cross, spy })(bar, row)
      const wanted = sectorOracle(symbol, market, spy, bar)
      for (const [nth, name] of names.entries())
        expect(row[from + nth], `${symbol} ${name}`).toBeCloseTo(wanted[nth]!, 9)
    }
  })

  test('a stock that trades on other days changes no day of the market', () => {
    const strange = madeBars(
      sessionsFrom('2019-01-02', 400).map((day) => `${day}T`),
      50,
    )
    const [without, beside] = [crossSectionOf(market), crossSectionOf(new Map([...market, ['IBM', strange]]))]
    expect([...beside.at.keys()]).toEqual([...without.at.keys()])
    expect(beside.market.breadth.at(-1)).toBe(without.market.breadth.at(-1))
    expect(beside.correlation.at(-1)).toBe(without.correlation.at(-1))
  })
})

/** The values from their definitions, pair by pair and stock by stock. */
function sectorOracle(symbol: string, market: ReadonlyMap<string, Columns>, spy: Columns, bar: number): number[] {
  const stocks = [...market].filter(([name]) => sectorOf(name))
  const own = stocks.filter(([name]) => sectorOf(name) === sectorOf(symbol))
  const over = (bars: Columns, count: number, at = bar) => Math.log(bars.close[at]! / bars.close[at - count]!)
  const groupReturn = (some: typeof stocks, count: number, at = bar) =>
    average(some.map(([, bars]) => over(bars, count, at)))
  const groupSigma = (some: typeof stocks) =>
    weighted(
      lastDays((at) => groupReturn(some, 1, at)),
      0.94,
    )
  const lastDays = (of: (at: number) => number) => Array.from({ length: 279 }, (_, nth) => of(bar - 278 + nth))
  const isAbove = ([, { close }]: (typeof stocks)[number]) =>
    Number(close[bar]! > average([...close.slice(bar - 49, bar + 1)]))
  const sigmaOf = (bars: Columns, decay: number) =>
    weighted(
      lastDays((at) => over(bars, 1, at)),
      decay,
    )
  const sectorReturns = [...Map.groupBy(stocks, ([name]) => sectorOf(name)).values()].map((some) =>
    groupReturn(some, 21),
  )
  const [bars, scale] = [market.get(symbol)!, groupSigma(own)]
  const daily = stocks.map(([, one]) => lastDays((at) => over(one, 1, at)).slice(-63))
  const pairs = daily.flatMap((one, nth) => daily.slice(nth + 1).map((other) => getCorrelation(one, other)))
  const month = stocks.map(([, one]) => over(one, 21))
  return [
    ...[5, 21, 63].map((count) => (groupReturn(own, count) - groupReturn(stocks, count)) / (scale * Math.sqrt(count))),
    average(own.map(isAbove)),
    sectorReturns.filter((value) => value < groupReturn(own, 21)).length / (sectorReturns.length - 1),
    ...[5, 21].map((count) => (over(bars, count) - groupReturn(own, count)) / (sigmaOf(bars, 0.94) * Math.sqrt(count))),
    Math.log(scale / groupSigma(stocks)),
    ...[5, 21].map((count) => over(spy, count) / (sigmaOf(spy, 0.94) * Math.sqrt(count))),
    Math.log(sigmaOf(spy, 0.94) / sigmaOf(spy, 0.985)),
    average(stocks.map(isAbove)),
    Math.log(Math.sqrt(average(month.map((value) => (value - average(month)) ** 2)) * 12)),
    average(pairs),
  ]
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function weighted(values: readonly number[], decay: number): number {
  let [sum, weights] = [0, 0]
  for (const value of values) {
    sum = decay * sum + value ** 2
    weights = decay * weights + 1
  }
  return Math.sqrt(sum / weights)
}
