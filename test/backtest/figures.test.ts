import { describe, expect, test } from 'vitest'
import { drawdownsOf } from '../../src/backtest/figures/drawdowns.ts'
import { empyrical } from '../../src/backtest/figures/returns.ts'

describe('the figures of empyrical', () => {
  test('are those of its own test of mixed returns', () => {
    const mixed = [Number.NaN, 1, 10, -4, 2, 3, 2, 1, -10].map((percent) => percent / 100)
    const { sharpe, sortino, calmar, maxDrawdown, annualReturn } = empyrical(mixed)
    expect(sharpe).toBeCloseTo(1.7238613961706866, 10)
    expect(sortino).toBeCloseTo(2.605531251673693, 10)
    expect(calmar).toBeCloseTo(19.135925373194233, 10)
    expect(maxDrawdown).toBeCloseTo(-0.1, 12)
    expect(annualReturn).toBeCloseTo(1.9135925373194231, 10)
  })

  test('do not exist where there is nothing to divide by', () => {
    expect(empyrical([])).toMatchObject({ sharpe: undefined, sortino: undefined, calmar: undefined, annualReturn: 0 })
    expect(empyrical([0.01, 0.01])).toMatchObject({ sortino: undefined, calmar: undefined, maxDrawdown: 0 })
  })

  test('count a first day that loses as a fall from the start', () => {
    expect(empyrical([-0.2, 0.1]).maxDrawdown).toBeCloseTo(-0.2, 12)
  })
})

describe('the falls of a curve', () => {
  test('last from their peak to the day that reaches it again, or to the end', () => {
    const equity = [100, 90, 100, 110, 99, 104.5]
    const days = [0, 1, 4, 5, 6, 7]
    const falls = drawdownsOf(equity, days)
    expect(falls.max).toBeCloseTo(-0.1, 12)
    expect(falls.mean).toBeCloseTo(-0.1, 12)
    expect(falls).toMatchObject({ maxDays: 4, meanDays: 3 })
  })

  test('are none on a curve that only rises', () => {
    expect(drawdownsOf([1, 2, 2, 3], [0, 1, 2, 3])).toEqual({ max: 0 })
  })
})
