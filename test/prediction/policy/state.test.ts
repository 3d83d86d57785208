import { describe, expect, test } from 'vitest'
import { crossSectionOf } from '../../../src/prediction/features/cross-section.ts'
import { horizonCount } from '../../../src/prediction/forecaster/horizons.ts'
import { placeOf, stateBlocks, stateCount, stateNames } from '../../../src/prediction/policy/layout.ts'
import { exitHorizon, writeForecast } from '../../../src/prediction/policy/state/forecast-part.ts'
import { nothingHeld, writeHolding } from '../../../src/prediction/policy/state/holding.ts'
import { writeRays } from '../../../src/prediction/policy/state/rays.ts'
import { leastStateBars, type StateInput, stateBars, stateRows } from '../../../src/prediction/policy/state/rows.ts'
import type { Columns } from '../../../src/strategies/screeners/strategy.ts'
import { barsFrom } from '../../backtest/scripted.ts'
import { madeBars, sessionsFrom } from '../../strategies/made-bars.ts'
import fc from '../../support/fast-check.ts'
import { someBaseline } from './some-baseline.ts'

const symbols = ['AAPL', 'MSFT', 'NVDA', 'ORCL', 'JPM', 'BAC', 'GS', 'XOM', 'CVX', 'COP', 'KO', 'PEP', 'PG']
const days = sessionsFrom('2019-01-02', 640)
const all = new Map(symbols.map((symbol, seed) => [symbol, madeBars(days, seed + 1)]))
const spy = madeBars(days, 99)

const part = (bars: Columns, from: number, to: number): Columns => ({
  days: bars.days.slice(from, to),
  ...{ open: bars.open.slice(from, to), high: bars.high.slice(from, to), low: bars.low.slice(from, to) },
  ...{ close: bars.close.slice(from, to), volume: bars.volume.slice(from, to) },
})

/** All that is known between two places of the days. */
const known = (from: number, to: number): StateInput => ({
  ...{ bars: part(all.get('AAPL')!, from, to), market: part(spy, from, to) },
  cross: crossSectionOf(new Map([...all].map(([name, columns]) => [name, part(columns, from, to)]))),
  ...{ trainedTo: days[500]!, hasRays: true },
})

describe('the market’s part of a state', () => {
  const whole = stateRows(known(0, days.length), someBaseline)
  const own = (input: StateInput, bar: number, from: number) => {
    const cut = stateRows(input, someBaseline, { from: bar - from })
    expect([cut.first, cut.count]).toEqual([bar - from, 1])
    const nth = bar - whole.first
    const expected = whole.values.subarray(nth * stateCount, (nth + 1) * stateCount)
    const changed: string[] = stateNames.filter((_, at) => cut.values[at] !== expected[at])
    for (const name of ['sigma', 'exit', 'reach', 'risk'] as const)
      if (cut[name][0] !== whole[name][nth]) changed.push(name)
    return changed
  }

  test('has 58 numbers that are no constants, but for those of which nothing is known at a close', () => {
    expect(stateCount).toBe(58)
    const isStill = (at: number) =>
      Array.from({ length: whole.count }, (_, nth) => whole.values[nth * stateCount + at]!).every(
        (value) => value === whole.values[at],
      )
    // The steepest lines meet no bar here.
    const isSteep = (name: string) => /^ray_-?[456]$/.test(name)
    const still = stateNames.filter((name, at) => isStill(at) && !heldNames.includes(name) && !isSteep(name))
    // The baseline expects no moves, and a close is the end of its session.
    const { from, to } = stateBlocks.forecast
    const moving = ['exit_range', 'risk']
    const forecast = stateNames.slice(from, to).filter((name) => !moving.includes(name))
    expect(still).toEqual([...forecast, 'quote_age', 'session_part', 'rank_60'])
  })

  test('does not change when the future is cut off, nor when the past is, bit for bit', () => {
    const anyBar = fc.integer({ min: stateBars - 1, max: days.length - 1 })
    fc.assert(
      fc.property(anyBar, fc.nat(100), (bar, more) => {
        const from = Math.max(0, bar + 1 - stateBars - more)
        // Stocks together need the 280 bars of the features, which is less than the history here.
        expect(own(known(from, bar + 1), bar, from)).toEqual([])
      }),
      { numRuns: 25 },
    )
    // The check above can fail: with fewer bars the risk is ranked among fewer days.
    const bar = stateBars + 20
    expect(own(known(60, bar + 1), bar, 60)).not.toEqual([])
  })

  test('needs 315 bars, and has 0 for what is lacking', () => {
    expect(leastStateBars).toBe(315)
    expect(stateRows(known(0, leastStateBars - 1), someBaseline).count).toBe(0)
    const { bars } = known(0, leastStateBars)
    const { values, count } = stateRows({ bars, hasRays: false }, someBaseline)
    expect(count).toBe(1)
    for (const name of ['spy_move_5', 'breadth', 'dispersion', 'model_age', 'ray_0'])
      expect(values[placeOf(name)]).toBe(0)
  })

  test('refuses prices of zero', () => {
    const { bars } = known(0, 400)
    bars.close[350] = 0
    expect(() => stateRows({ bars, hasRays: false }, someBaseline)).toThrow(/prices of zero/)
  })
})

const heldNames = [
  ...['weight', 'unrealized', 'cash', 'gross', 'net', 'heat', 'day_profit', 'drawdown', 'sector', 'correlation'],
  ...['open_positions', 'trades_left', 'since_trade', 'bars_held', 'best_move', 'worst_move'],
]

describe('a forecast in a state', () => {
  const sigma = Float64Array.from({ length: horizonCount }, (_, at) => 0.01 * Math.sqrt(at + 1))

  test('with a peak leaves at 90% of it', () => {
    const mu = Float64Array.from({ length: horizonCount }, (_, at) => 0.04 * Math.sin((Math.PI * (at + 1)) / 80))
    const exit = exitHorizon({ mu })
    expect(mu[exit - 1]!).toBeGreaterThanOrEqual(0.036)
    expect(mu[exit - 2]!).toBeLessThan(0.036)
    const row = new Float64Array(12)
    writeForecast({ mu, sigma, risk: 0.25, direction: 1 }, row, 0)
    const month = 0.01 * Math.sqrt(21)
    expect(row[0]).toBeCloseTo(0.04 / month, 9)
    expect(row[1]).toBe(0.4)
    expect(row[2]).toBeCloseTo(mu[99]! / month, 9)
    expect(row[3]).toBe(1)
    expect(row[6]).toBe(exit / 100)
    expect(row[7]).toBeCloseTo(mu[exit - 1]! / month, 9)
    expect(row[8]).toBeCloseTo(0, 9)
    expect([row[10], row[11]]).toEqual([-0.5, 1])
  })

  test('without one leaves after a month', () => {
    const row = new Float64Array(12)
    writeForecast({ mu: new Float64Array(horizonCount), sigma, risk: undefined, direction: 0 }, row, 0)
    expect(Array.from(row, (value) => Number(value.toFixed(9)))).toEqual([0, 0, 0, 0, 0, 0, 0.21, 0, 0, 0, 0, 0])
  })
})

test('a line of bars tells how far back the first bar is that it meets', () => {
  // Bars of a dollar that rise by a dollar a day: the close is met by no earlier bar, and lines that fall fast enough are.
  const rising = barsFrom(Array.from({ length: 80 }, (_, at) => [at + 10, at + 11, at + 10, at + 11]))
  const row = new Float64Array(13)
  writeRays(rising, 79, row, 0)
  const isMet = Array.from(row, (value) => value < 1)
  expect(isMet.slice(6)).toEqual(Array.from({ length: 7 }, () => false))
  // Each bar back is a dollar lower; the mean range is one. A line of −4 quarters a bar stays within the bars.
  expect(row[2]).toBe(3 / 60)
})

test('a holding is written over its limits', () => {
  const state = new Float64Array(stateCount)
  writeHolding(nothingHeld, 0.01, state)
  const of = (name: string) => state[placeOf(name)]
  expect([of('cash'), of('trades_left'), of('since_trade'), of('weight'), of('bars_held')]).toEqual([1, 1, 1, 0, 0])
  writeHolding(
    {
      ...{ weight: -0.1, cash: 0.9, gross: 0.1, net: -0.1, heat: 0.03, dayProfit: -0.01, drawdown: -0.03, sector: 0.1 },
      ...{ correlation: 0, openPositions: 1, trades: 2, sinceTrade: 6, held: 7 },
      ...{ unrealized: -0.02, best: 0.01, worst: -0.5 },
    },
    0.01,
    state,
  )
  expect(heldNames.map((name) => Number(of(name)!.toFixed(9)))).toEqual([
    ...[-0.5, -0.4, 0.9, 0.2, -0.2, 0.5, -0.5, -0.2, 0.25, 0],
    ...[0.2, 0.6, 0.1, 0.07, 0.2, -5],
  ])
})
