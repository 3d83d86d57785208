import { expect, test } from 'vitest'
import { Big, sum, zero } from '../../../src/base/amounts.ts'
import { deepestFall, trackRecord } from '../../../src/trading/positions/rules/track-record.ts'
import fc from '../../support/fast-check.ts'

const dollars = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => new Big(cents).div(100))

test('two wins, a loss and a trade that came out even', () => {
  const record = trackRecord(['100', '-50', '0', '30'].map((one) => new Big(one)))
  expect(record).toMatchObject({ trades: 4, won: 2, lost: 1 })
  const { realized, winRate, averageWin, averageLoss, profitFactor } = record
  expect([realized, winRate, averageWin, averageLoss, profitFactor, record.deepestFall].map(String)).toEqual([
    '80',
    '0.5',
    '65',
    '-50',
    '2.6',
    '50',
  ])
})

test('has no rate without a trade, and no factor without a loss', () => {
  expect(trackRecord([])).toMatchObject({ trades: 0, winRate: undefined, profitFactor: undefined })
  expect(trackRecord([new Big(5)])).toMatchObject({ averageLoss: undefined, profitFactor: undefined })
})

test('a fall counts from zero, the begin of the course', () => {
  expect(String(deepestFall([new Big(-20), new Big(-5), new Big(10), new Big(-12)]))).toBe('22')
})

test('for any trades, the numbers add up, and the deepest fall is the worst of all pairs', () => {
  fc.assert(
    fc.property(fc.array(dollars, { maxLength: 40 }), (realized) => {
      const record = trackRecord(realized)
      const { trades, won, lost, averageWin = zero, averageLoss = zero } = record
      expect(won + lost).toBeLessThanOrEqual(trades)
      expect(record.realized.toFixed(6)).toBe(sum(realized).toFixed(6))
      expect(averageWin.times(won).plus(averageLoss.times(lost)).toFixed(6)).toBe(record.realized.toFixed(6))
      const course = [zero]
      for (const one of realized) course.push(course.at(-1)!.plus(one))
      const falls = course.flatMap((high, at) => course.slice(at).map((low) => high.minus(low).toNumber()))
      expect(record.deepestFall.toNumber()).toBeCloseTo(Math.max(0, ...falls), 9)
    }),
    { numRuns: 300 },
  )
})
