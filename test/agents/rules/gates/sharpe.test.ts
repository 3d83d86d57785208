import { describe, expect, test } from 'vitest'
import { boundOn, daysToBound } from '../../../../src/agents/rules/gates/anytime.ts'
import { normalBelow, normalQuantile } from '../../../../src/agents/rules/gates/normal.ts'
import {
  cautious,
  daysToShow,
  deviationsAbove,
  expectedBest,
  probabilisticSharpe,
  type Shape,
  shapeOf,
} from '../../../../src/agents/rules/gates/sharpe.ts'
import fc from '../../../support/fast-check.ts'

const shape = (more: Partial<Shape>): Shape => ({ count: 252, sharpe: 0.1, skewness: 0, kurtosis: 3, ...more })
const yearly = (sharpe: number, periods = 252) => sharpe / Math.sqrt(periods)

describe('the normal distribution', () => {
  test('is that of the tables', () => {
    // Values of @stdlib/stats-base-dists-normal 0.3.1.
    expect(normalBelow(-3)).toBeCloseTo(0.0013498980316300957, 15)
    expect(normalBelow(-1.3)).toBeCloseTo(0.09680048458561034, 15)
    expect(normalBelow(0.5)).toBeCloseTo(0.6914624612740131, 15)
    expect(normalBelow(4)).toBeCloseTo(0.9999683287581669, 15)
    expect(normalQuantile(1e-6)).toBeCloseTo(-4.753424308828307, 10)
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 12)
    expect(normalQuantile(0.95)).toBeCloseTo(1.6448536269514729, 14)
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(2)]).toEqual([-Infinity, Infinity, Number.NaN])
  })

  test('its quantile is the inverse', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), (chance) => {
        expect(normalBelow(normalQuantile(chance))).toBeCloseTo(chance, 14)
      }),
    )
  })
})

describe('published figures', () => {
  test('PSR: two years of a hedge fund, .982 as if normal and .913 as they were (Bailey and López de Prado 2012)', () => {
    const fund = shape({ count: 24, sharpe: 0.458 })
    expect(probabilisticSharpe(fund).toFixed(3)).toBe('0.982')
    expect(probabilisticSharpe({ ...fund, skewness: -2.448, kurtosis: 10.164 }).toFixed(3)).toBe('0.913')
  })

  test('the shortest record of a Sharpe ratio of 2 above 1: 2.73, 2.83 and 3.24 years by days, weeks and months (2012)', () => {
    const years = [252, 52, 12].map((periods) => {
      const record = shape({ sharpe: yearly(2, periods) })
      return (daysToShow(record, 0.95, yearly(1, periods)) / periods).toFixed(2)
    })
    expect(years).toEqual(['2.73', '2.83', '3.24'])
  })

  test('DSR: 100 trials, .1132 and .9004; 46 trials, or 88 with normal returns, still pass (2014)', () => {
    const best = (trials: number) => expectedBest(trials, Math.sqrt(0.5 / 250))
    const found = shape({ count: 1250, sharpe: yearly(2.5, 250), skewness: -3, kurtosis: 10 })
    expect(best(100).toFixed(4)).toBe('0.1132')
    expect(probabilisticSharpe(found, best(100)).toFixed(4)).toBe('0.9004')
    expect(probabilisticSharpe(found, best(46)).toFixed(4)).toBe('0.9505')
    const normal = { ...found, skewness: 0, kurtosis: 3 }
    expect(probabilisticSharpe(normal, best(88)).toFixed(4)).toBe('0.9505')
  })

  test('PSR reaches .95 after 173 days of a Sharpe ratio of 2, and after 685 of 1', () => {
    expect([2, 1].map((sharpe) => Math.ceil(daysToShow(shape({ sharpe: yearly(sharpe) }), 0.95)))).toEqual([173, 685])
  })
})

describe('the shape of returns', () => {
  test('is mean by deviation, and the moments of the whole', () => {
    // 1, 2, 6: mean 3, squares 4 + 1 + 9 = 14, cubes −8 − 1 + 27 = 18, fourths 16 + 1 + 81 = 98.
    const found = shapeOf([1, 2, 6])!
    expect(found.sharpe).toBeCloseTo(3 / Math.sqrt(7), 14)
    expect(found.skewness).toBeCloseTo(6 / (14 / 3) ** 1.5, 14)
    expect(found.kurtosis).toBeCloseTo(98 / 3 / (14 / 3) ** 2, 14)
    expect(shapeOf([0.1, 0.1, 0.1])).toBeUndefined()
    expect(shapeOf([1, 2])).toBeUndefined()
  })

  test('counts at most as kind as a normal one', () => {
    expect(cautious(shape({ skewness: 2, kurtosis: 2 }))).toMatchObject({ skewness: 0, kurtosis: 3 })
    expect(cautious(shape({ skewness: -2, kurtosis: 9 }))).toMatchObject({ skewness: -2, kurtosis: 9 })
  })

  test('PSR grows with days and Sharpe ratio, and falls with the other ratio, with fat tails and with a negative skewness', () => {
    const ratio = fc.double({ min: 0.01, max: 0.5, noNaN: true })
    const more = fc.double({ min: 0.01, max: 2, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 300 }), ratio, more, (count, sharpe, by) => {
        const one = shape({ count, sharpe })
        const [psr, slack] = [probabilisticSharpe(one), 1e-12]
        expect(probabilisticSharpe({ ...one, count: count + 1 })).toBeGreaterThanOrEqual(psr - slack)
        expect(probabilisticSharpe({ ...one, sharpe: sharpe + by / 10 })).toBeGreaterThanOrEqual(psr - slack)
        expect(probabilisticSharpe(one, by / 10)).toBeLessThanOrEqual(psr + slack)
        expect(probabilisticSharpe({ ...one, kurtosis: 3 + by })).toBeLessThanOrEqual(psr + slack)
        expect(probabilisticSharpe({ ...one, skewness: -by })).toBeLessThanOrEqual(psr + slack)
      }),
    )
  })

  test('the days to show it are the first on which it is shown', () => {
    const ratio = fc.double({ min: 0.04, max: 0.5, noNaN: true })
    fc.assert(
      fc.property(ratio, fc.double({ min: -0.2, max: 0.03, noNaN: true }), (sharpe, other) => {
        const count = Math.ceil(daysToShow(shape({ sharpe }), 0.95, other))
        expect(probabilisticSharpe(shape({ sharpe, count }), other)).toBeGreaterThanOrEqual(0.95 - 1e-9)
        if (count > 3) expect(probabilisticSharpe(shape({ sharpe, count: count - 1 }), other)).toBeLessThan(0.95)
        const bound = daysToBound(shape({ sharpe }))
        expect(deviationsAbove(shape({ sharpe, count: bound }))).toBeGreaterThanOrEqual(boundOn(bound))
        expect(deviationsAbove(shape({ sharpe, count: bound - 1 }))).toBeLessThan(boundOn(bound - 1))
      }),
    )
    expect(daysToShow(shape({ sharpe: 0.1 }), 0.95, 0.1)).toBe(Infinity)
    expect(daysToBound(shape({ sharpe: 0 }))).toBe(Infinity)
  })

  test('the best of more trials is expected to be better, and one alone is not chosen', () => {
    expect(expectedBest(1, 1)).toBe(0)
    const best = [2, 3, 10, 100, 1e6].map((trials) => expectedBest(trials, 1))
    expect(best).toEqual(best.toSorted((a, b) => a - b))
    expect(new Set(best).size).toBe(best.length)
  })
})
