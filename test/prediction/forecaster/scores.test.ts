import { describe, expect, test } from 'vitest'
import { blockInterval, holm } from '../../../models/forecaster/bootstrap.ts'
import { coverageWalk } from '../../../models/forecaster/coverage.ts'
import { leastSquares } from '../../../models/forecaster/least-squares.ts'
import { crps, levels, quantileOf, rankCorrelation } from '../../../models/forecaster/score.ts'
import { tested } from '../../../models/forecaster/walk-forward.ts'
import { chanceOf } from '../../../models/random.ts'
import { betweenKnots, horizonCount, knots } from '../../../src/prediction/forecaster/horizons.ts'
import { normal, plantedSamples } from './planted.ts'

describe('scores', () => {
  test('the CRPS of a normal forecast comes near its closed form', () => {
    const chance = chanceOf(2)
    const sorted = Float64Array.from({ length: 20_000 }, () => normal(chance.next)).sort()
    const quantiles = levels.map((level) => quantileOf(sorted, level))
    // Gneiting and Raftery 2007: at the mean of N(0, 1) it is (√2 − 1)/√π.
    expect(crps((at) => quantiles[at]!, 0)).toBeCloseTo((Math.SQRT2 - 1) / Math.sqrt(Math.PI), 1)
    expect(crps(() => 0, 0.3)).toBeCloseTo(0.3, 12)
  })

  test('the true distribution scores better than one that is too narrow, too wide or beside it', () => {
    const chance = chanceOf(3)
    const outcomes = Array.from({ length: 4000 }, () => normal(chance.next))
    const sorted = Float64Array.from(outcomes).sort()
    const mean = (change: (quantile: number) => number) =>
      outcomes.reduce((sum, outcome) => sum + crps((at) => change(quantileOf(sorted, levels[at]!)), outcome), 0)
    const truth = mean((q) => q)
    for (const worse of [(q: number) => q / 2, (q: number) => q * 2, (q: number) => q + 0.3])
      expect(mean(worse)).toBeGreaterThan(truth)
  })

  test('ranks', () => {
    expect(rankCorrelation([1, 2, 3], [10, 20, 90])).toBeCloseTo(1)
    expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1)
    expect(rankCorrelation([1, 2, 3, 4], [1, 1, 1, 1])).toBe(0)
    // scipy.stats.spearmanr([1, 2, 2, 4], [1, 3, 2, 4])
    expect(rankCorrelation([1, 2, 2, 4], [1, 3, 2, 4])).toBeCloseTo(0.9486832980505139, 12)
  })
})

describe('intervals', () => {
  test('leave out zero for a mean that is there, and hold it for one that is not', () => {
    const chance = chanceOf(4)
    const noise = Float64Array.from({ length: 400 }, () => normal(chance.next))
    const around = blockInterval(noise, 5)
    expect(around.low).toBeLessThan(0)
    expect(around.high).toBeGreaterThan(0)
    const below = blockInterval(
      noise.map((value) => value - 0.5),
      5,
    )
    expect(below.high).toBeLessThan(0)
    expect(below.notBelow).toBeLessThan(0.001)
    expect(below.blocks).toBe(80)
  })

  test('are wider when days share outcomes', () => {
    const chance = chanceOf(5)
    let level = 0
    const slow = Float64Array.from({ length: 500 }, () => (level = 0.95 * level + normal(chance.next)))
    const width = ({ low, high }: { low: number; high: number }) => high - low
    expect(width(blockInterval(slow, 40))).toBeGreaterThan(2 * width(blockInterval(slow, 1)))
  })

  test('of several questions are judged together (Holm)', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([true, false, false, true])
    expect(holm([0.04])).toEqual([true])
  })
})

test('least squares finds the weights of a line, leaves out unknown rows, and refuses too few', () => {
  const inputs = Float64Array.from([0, 1, 2, Number.NaN, 4, 5])
  const rows = Int32Array.from([0, 1, 2, 3, 4, 5])
  const target = (row: number) => (row === 5 ? Number.NaN : 3 + 2 * inputs[row]!)
  const [slope, constant] = leastSquares(inputs, 1, target, rows, 0)
  expect(slope).toBeCloseTo(2, 10)
  expect(constant).toBeCloseTo(3, 10)
  expect(() => leastSquares(inputs, 1, target, rows.slice(0, 2))).toThrow(/only 2 rows/)
})

test('values between knots lie on lines', () => {
  const all = betweenKnots(knots.map((knot) => 3 * knot + 1))
  expect(all).toHaveLength(horizonCount)
  for (const [at, value] of all.entries()) expect(value).toBeCloseTo(3 * (at + 1) + 1, 10)
})

describe('adaptive ranges', () => {
  const samples = plantedSamples({ symbols: 8, days: 700, lean: 0 })
  const chance = chanceOf(6)
  const lengths = Float64Array.from({ length: 5000 }, () => Math.abs(normal(chance.next))).sort()
  const ranges = {
    scale: (_: number, knot: number) => Math.sqrt(4e-4 * knots[knot]!),
    quantiles: [],
    // Sizes of normal moves, less a third.
    sizes: knots.map(() => Float64Array.from({ length: 201 }, (_, at) => 0.67 * quantileOf(lengths, at / 200))),
  }

  test('come to hold what they promise, where fixed ones do not', () => {
    const walk = coverageWalk(samples, () => false)
    walk.over(tested(samples, { from: 0, to: 300 }), 0, 300, ranges)
    const early = walk.held()
    walk.over(tested(samples, { from: 300, to: 700 }), 300, 700, ranges)
    const { adaptive, fixed } = walk.held()
    expect(Math.abs(adaptive[0]![1]! - 0.9)).toBeLessThan(Math.abs(fixed[0]![1]! - 0.9) / 2)
    expect(Math.abs(adaptive[0]![1]! - 0.9)).toBeLessThan(Math.abs(early.adaptive[0]![1]! - 0.9) + 0.01)
  })

  test('learn nothing from a label before the day on which it is known', () => {
    const until = (horizonAhead: number) => {
      const walk = coverageWalk(samples, () => false)
      walk.over(tested(samples, { from: 0, to: horizonAhead }), 0, horizonAhead, ranges)
      return walk.held()
    }
    const far = knots.indexOf(100)
    // No label of 100 days is known within the first 100, so both ranges are the same.
    expect(until(100).adaptive[far]).toEqual(until(100).fixed[far])
    expect(until(300).adaptive[far]).not.toEqual(until(300).fixed[far])
  })
})
