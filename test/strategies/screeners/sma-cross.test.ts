import { expect, test } from 'vitest'
import { strategyNamed } from '../../../src/strategies/screeners/list.ts'
import { resultOf } from '../../../src/strategies/screeners/result.ts'
import { barsOf, line } from './bars.ts'

const cross = strategyNamed('cross')!
const screen = (closes: number[], parameters = {}) =>
  resultOf(cross, 'ACME', barsOf(closes), '2026-11-27', cross.parameters.parse(parameters), {})

/** A year of decline, then a rise by a dollar a day: the average of 50 days crosses above that of 200 after some days. */
const turning = (daysOfRise: number) => [...line(150, 100, 250), ...line(101, 100 + daysOfRise, daysOfRise)]

test('passes in the days after a cross, with fewer points each day, and not before or later', () => {
  const results = Array.from({ length: 90 }, (_, at) => screen(turning(at + 1), { min_score: 0 }))
  const first = results.findIndex(({ outcome }) => outcome === 'passed')
  const passing = results.flatMap((result, at) => (result.outcome === 'passed' ? [at - first] : []))
  expect(passing).toEqual([0, 1, 2, 3, 4])
  const cross = results.slice(first, first + 6).map((result) => ('score' in result ? result.items[0] : undefined))
  expect(cross.map((item) => item?.points)).toEqual([50, 40, 30, 20, 10, 0])
  expect(cross[0]).toMatchObject({ text: 'SMA50 crossed above SMA200 on the last day' })
  expect(cross[1]).toMatchObject({ text: 'SMA50 crossed above SMA200 on the day before the last' })
})

test('the slow average rises when it is above its value of 20 bars before', () => {
  const mean = (values: number[]) => values.reduce((sum, each) => sum + each, 0) / values.length
  const rises = Array.from({ length: 90 }, (_, at) => {
    const closes = Array.from({ length: 250 + at }, (_, day) => 100 + 10 * Math.sin(day / 30) + 9 * Math.sin(day * 1.7))
    const result = screen(closes)
    const isRising = mean(closes.slice(-200)) > mean(closes.slice(-220, -20))
    expect('score' in result && result.items[1]?.points, String(at)).toBe(isRising ? 25 : 0)
    return isRising
  })
  expect(new Set(rises).size).toBe(2)
})

test('crosses are of the averages that were asked for', () => {
  const hits = (parameters: object) =>
    Array.from({ length: 90 }, (_, at) => screen(turning(at + 1), { min_score: 0, ...parameters }).outcome).indexOf(
      'passed',
    )
  expect(hits({ fast: 20 })).toBeLessThan(hits({}))
  expect(hits({ slow: 100 })).toBeLessThan(hits({}))
})
