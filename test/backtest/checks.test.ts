import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { lookahead } from '../../src/backtest/checks/lookahead.ts'
import { recursive } from '../../src/backtest/checks/recursive.ts'
import type { BacktestStrategy } from '../../src/backtest/engine/port.ts'
import { backtestStrategies } from '../../src/backtest/strategies/list.ts'
import { madeBars, sessionsFrom } from '../strategies/made-bars.ts'

const days = sessionsFrom('2015-01-02', 300)
const symbols = ['AAA', 'BBB'].map((symbol, at) => ({ symbol, bars: madeBars(days, at + 1) }))
const run = (strategy: BacktestStrategy) => ({
  ...{ strategy, parameters: strategy.parameters.parse({}) as Record<string, unknown>, symbols, cash: 100_000 },
})

/** A strategy that follows one series: above zero it is long. */
const follower = (warmup: number, series: (close: Float64Array) => Float64Array, shows = true): BacktestStrategy => ({
  ...{ name: 'follower', aliases: [], title: 'Follower' },
  summary: 'Follows a series',
  parameters: z.object({}),
  prepare({ close }) {
    const values = series(close)
    const indicators: Record<string, Float64Array> = shows ? { values } : {}
    return {
      warmup,
      indicators,
      decide(at, trader) {
        if (values[at]! > 0 && trader.quantity === 0) trader.order({ side: 'buy' })
        if (values[at]! < 0 && trader.quantity !== 0) trader.close()
      },
    }
  },
})

const tomorrow = (close: Float64Array) => close.map((one, at) => (close[at + 1] ?? one) - one)

/** An exponential mean that begins with the first close of the history. */
const drifting = (close: Float64Array) => {
  let mean = close[0]!
  return close.map((one) => {
    mean += 0.01 * (one - mean)
    return one - mean
  })
}

describe('the checks of a strategy', () => {
  test('find nothing in those that the desk ships', () => {
    for (const strategy of backtestStrategies) {
      expect(lookahead(run(strategy)), strategy.name).toBeUndefined()
      expect(recursive(run(strategy)), strategy.name).toBeUndefined()
    }
  })

  test('name the first value of a series that knows tomorrow', () => {
    const found = lookahead(run(follower(1, tomorrow)))
    expect(found).toMatchObject({ of: 'values' })
    const { symbol, day, bars } = found!
    expect(bars).toEqual({ until: day })
    const at = days.indexOf(day)
    const { close } = symbols.find((one) => one.symbol === symbol)!.bars
    expect(found!.withAll).toBe(String(close[at + 1]! - close[at]!))
    expect(found!.withFewer).toBe('0')
  })

  test('name the first decision of a strategy that hides its series', () => {
    const found = lookahead(run(follower(1, tomorrow, false)))
    expect(found).toMatchObject({ of: 'decision', withFewer: 'none' })
    expect(found!.withAll).toContain(`${found!.day} ${found!.symbol} order`)
  })

  test('find a fit over all of the bars', () => {
    const fitted = (close: Float64Array) => {
      const mean = close.reduce((sum, one) => sum + one, 0) / close.length
      return close.map((one) => one - mean)
    }
    expect(lookahead(run(follower(1, fitted)))).toMatchObject({ of: 'values' })
  })

  test('find a mean that depends on where the history begins, and name the day', () => {
    const found = recursive(run(follower(20, drifting)))
    expect(found).toMatchObject({ symbol: 'AAA', of: 'values' })
    expect('from' in found!.bars && found!.bars.from < found!.day).toBe(true)
    expect(lookahead(run(follower(20, drifting)))).toBeUndefined()
  })
})
