import { describe, expect, test } from 'vitest'
import { fitBaselines } from '../../../models/forecaster/baselines.ts'
import { isHeldOut } from '../../../models/forecaster/recording.ts'
import { expandingFolds, leaksIn, learnable, sharedAcross, tested } from '../../../models/forecaster/walk-forward.ts'
import { knots } from '../../../src/prediction/forecaster/horizons.ts'
import { plantedSamples } from './planted.ts'

const samples = plantedSamples({ symbols: 6, days: 760 })
const folds = expandingFolds(samples)

describe('a walk forward', () => {
  test('learns no label that ends in its test or in the embargo before it', () => {
    expect(folds).toHaveLength(3)
    for (const fold of folds) {
      const rows = learnable(samples, fold.trainedBefore)
      expect(rows.length).toBeGreaterThan(0)
      expect(leaksIn(samples, rows, tested(samples, fold))).toEqual([])
    }
  })

  test('tests every day of the second half once', () => {
    expect(folds[0]!.from).toBe(380)
    expect(folds.at(-1)!.to).toBe(samples.calendar.length)
    for (const [at, fold] of folds.slice(1).entries()) expect(fold.from).toBe(folds[at]!.to)
  })

  test('that forgets the purge is caught, and one that forgets the embargo', () => {
    const [fold] = folds
    const test = tested(samples, fold!)
    const unpurged = Int32Array.from({ length: samples.count }, (_, at) => at).filter(
      (at) => samples.day[at]! < fold!.from,
    )
    expect(leaksIn(samples, unpurged, test)).toEqual([
      expect.stringMatching(/^\d+ labels overlap the days of the test$/),
      expect.stringMatching(/^\d+ labels end within the embargo/),
    ])
    expect(leaksIn(samples, learnable(samples, fold!.from), test)).toEqual([expect.stringMatching(/embargo/)])
  })

  test('fits scales on what it learned: later days and symbols that are held out change no bit', () => {
    const [fold] = folds
    const held = (symbol: number) => symbol === 2
    const rows = learnable(samples, fold!.trainedBefore, held)
    const before = fitBaselines(samples, rows)
    const other = structuredClone(samples)
    for (let at = 0; at < other.count; at++) {
      if (other.day[at]! < fold!.from && !held(other.symbol[at]!)) continue
      for (let knot = 0; knot < knots.length; knot++) {
        other.moves[at * knots.length + knot]! *= 10
        other.variances[at * knots.length + knot]! += 5
      }
    }
    const after = fitBaselines(other, rows)
    expect([after.weights, after.har.sizes, after.constant.quantiles]).toEqual([
      before.weights,
      before.har.sizes,
      before.constant.quantiles,
    ])
    // The same fit over all days is another one: the check above can fail.
    const all = learnable(other, other.calendar.length)
    expect(fitBaselines(other, all).har.sizes).not.toEqual(fitBaselines(samples, all).har.sizes)
  })

  test('is refused with too few days', () => {
    const { day, count } = samples
    expect(() => expandingFolds({ day, count, calendar: samples.calendar.slice(0, 500) })).toThrow(/too few/)
  })
})

describe('symbols that are held out', () => {
  const groupOf = (symbol: string) => ({ GOOGL: 'GOOG', FOXA: 'FOX' })[symbol] ?? symbol
  const symbols = ['GOOG', 'GOOGL', 'FOX', 'FOXA', 'KO']

  test('go together with the other classes of their share', () => {
    expect(sharedAcross(symbols, (symbol) => isHeldOut(symbol, groupOf), groupOf)).toEqual([])
  })

  test('are caught when a class of theirs is learned from', () => {
    expect(sharedAcross(symbols, (symbol) => symbol === 'GOOGL', groupOf)).toEqual(['GOOG', 'GOOGL'])
  })
})
