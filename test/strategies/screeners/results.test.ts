import { expect, test } from 'vitest'
import { breakout } from '../../../src/strategies/screeners/breakout.ts'
import { strategies, strategyNamed } from '../../../src/strategies/screeners/list.ts'
import { strengthsAmong } from '../../../src/strategies/screeners/maths/relative-strength.ts'
import { rank } from '../../../src/strategies/screeners/rank.ts'
import { resultOf } from '../../../src/strategies/screeners/result.ts'
import type { Columns, Strategy, SymbolResult } from '../../../src/strategies/screeners/strategy.ts'
import fc from '../../support/fast-check.ts'
import { barsOf, line } from './bars.ts'

const today = '2026-11-27'
const anyStrategy = breakout as unknown as Strategy
const scoreOf = (bars: Columns | undefined, asOf = today) =>
  resultOf(anyStrategy, 'ACME', bars, asOf, anyStrategy.parameters.parse({}), {})
const rising = () => barsOf(line(50, 100, 300))

/** The bars without those at some places. */
function without(bars: Columns, places: number[]): Columns {
  const kept = bars.days.map((_, at) => at).filter((at) => !places.includes(at))
  const of = (column: Float64Array) => Float64Array.from(kept, (at) => column[at]!)
  return {
    days: kept.map((at) => bars.days[at]!),
    open: of(bars.open),
    high: of(bars.high),
    low: of(bars.low),
    close: of(bars.close),
    volume: of(bars.volume),
  }
}

/** The bars with another value at a place of a column. */
function changed(bars: Columns, column: 'low' | 'high' | 'close' | 'volume', at: number, value: number): Columns {
  return { ...bars, [column]: bars[column].with(at, value) }
}

/** Random walks, with flat stretches, leaps, and days without volume. */
const walks = fc
  .record({
    price: fc.double({ min: 0.0001, max: 100_000, noNaN: true }),
    steps: fc.array(fc.oneof(fc.constant(0), fc.double({ min: -0.2, max: 0.25, noNaN: true })), {
      minLength: 280,
      maxLength: 280,
    }),
    volumes: fc.array(fc.oneof(fc.constant(0), fc.nat(10_000_000)), { minLength: 281, maxLength: 281 }),
    wick: fc.constantFrom(0, 0.001, 0.03),
  })
  .map(({ price, steps, volumes, wick }) => {
    const closes = [price]
    for (const step of steps) closes.push(Math.max(1e-6, closes.at(-1)! * (1 + step)))
    return { ...barsOf(closes, { wick }), volume: Float64Array.from(volumes) }
  })

test('scores are 0 to 100 and the sum of their items, and what passes has no reason against it', () => {
  for (const strategy of strategies) {
    fc.assert(
      fc.property(walks, fc.option(fc.nat(100)), fc.boolean(), fc.nat(100), (bars, percentile, hasIndex, least) => {
        const result = resultOf(strategy, 'ACME', bars, today, strategy.parameters.parse({ min_score: least }), {
          strength: percentile === null ? undefined : { percentile, among: 200 },
          index: hasIndex ? barsOf(line(100, 90, 300)) : undefined,
        })
        if (!('score' in result)) throw new Error(result.reason)
        expect(result.score).toBeGreaterThanOrEqual(0)
        expect(result.score).toBeLessThanOrEqual(100)
        for (const { points, of, text } of result.items) {
          expect(points).toBeGreaterThanOrEqual(0)
          expect(points).toBeLessThanOrEqual(of)
          expect(Math.round(points * 100) / 100).toBe(points)
          expect(text).not.toMatch(/NaN|Infinity|undefined/)
        }
        const sum = (key: 'points' | 'of') => result.items.reduce((total, item) => total + item[key], 0)
        expect(result.score).toBeCloseTo((100 * sum('points')) / sum('of'), 2)
        const isPassed = result.gates.every(({ passed }) => passed) && result.score >= least
        expect(result.outcome).toBe(isPassed ? 'passed' : 'failed')
        expect(result.reasons.length === 0).toBe(isPassed)
        expect(JSON.parse(JSON.stringify(result))).toEqual(result)
      }),
      { numRuns: 30 },
    )
  }
})

test('the pivot is the high that is broken: of 55 days, else of 20, and of 55 while neither is', () => {
  // Highs of 100 until 30 days ago, and of 90 since: 2% over the first is 13% over the second.
  const score = (last: number) =>
    breakout.score(barsOf([...new Array(270).fill(100), ...new Array(29).fill(90), last], { wick: 0 }), parameters, {})
  const parameters = breakout.parameters.parse({}) as Parameters<typeof breakout.score>[1]
  const unextended = (last: number) => score(last).items.find(({ name }) => name === 'unextended')?.points
  expect([102, 107.5, 96.75, 80].map((last) => score(last).facts.pivot)).toEqual([100, 100, 90, 100])
  expect([102, 107.5, 96.75, 80].map(unextended)).toEqual([5, 2.5, 2.5, 5])
  const isOver = (last: number) => score(last).gates.find(({ name }) => name === 'breakout')?.passed
  expect([102, 96.75, 90, 80].map(isOver)).toEqual([true, true, false, false])
})

test('prices in another unit change no score', () => {
  const walk = rising()
  const doubled = { ...walk }
  for (const key of ['open', 'high', 'low', 'close'] as const) doubled[key] = walk[key].map((price) => price * 2)
  const [one, two] = [scoreOf(walk), scoreOf(doubled)]
  expect('score' in one && 'score' in two && one.score === two.score && one.score > 0).toBe(true)
})

test.each<[string, (bars: Columns) => Columns | undefined, string]>([
  ['an unknown symbol', () => undefined, 'unknown symbol'],
  ['no bars', () => barsOf([]), '0 of 260 bars'],
  ['too few bars', () => barsOf(line(50, 60, 143)), '143 of 260 bars'],
  ['a last bar of weeks ago', () => barsOf(line(50, 60, 300), { last: '2026-11-06' }), 'last bar 2026-11-06'],
  [
    'a close that is no number',
    (bars) => changed(bars, 'close', 200, Number.NaN),
    `${rising().days[200]} has no price`,
  ],
  ['a negative low', (bars) => changed(bars, 'low', 299, -1), `${today} has no price`],
  ['an endless high', (bars) => changed(bars, 'high', 299, Number.POSITIVE_INFINITY), `${today} has no finite price`],
  [
    'a close above its high',
    (bars) => changed(bars, 'close', 299, 1000),
    `${today} has open or close outside of its high and low`,
  ],
  ['a volume that is no number', (bars) => changed(bars, 'volume', 299, Number.NaN), `${today} has no volume`],
  [
    'days in the wrong order',
    (bars) => ({ ...bars, days: bars.days.with(298, today) }),
    `${today} comes after ${today}`,
  ],
  [
    'a hole of months',
    (bars) =>
      without(
        bars,
        Array.from({ length: 30 }, (_, at) => 200 + at),
      ),
    `30 of 290 sessions without a bar since ${rising().days[10]}`,
  ],
])('skips %s, and says why', (_, change, reason) => {
  const given = change(rising())
  expect(scoreOf(given)).toEqual({ symbol: 'ACME', outcome: 'skipped', reason })
})

test('a fault before the bars that count changes nothing', () => {
  const bars = rising()
  const sound = scoreOf(bars)
  bars.close.fill(Number.NaN, 0, 40)
  expect(scoreOf(bars)).toEqual(sound)
  expect(sound.outcome).not.toBe('skipped')
})

test('says which sessions have no bar, and which bars no volume', () => {
  const bars = without(rising(), [150, 151])
  bars.volume[200] = 0
  const result = scoreOf(bars)
  const { days } = rising()
  expect('lacking' in result && result.lacking).toEqual([
    `bars: 2 of 262 sessions without a bar since ${days[38]} (${days[150]}, ${days[151]})`,
    'volume: none in 1 of 260 bars',
    'strength: fewer than 50 symbols to compare with, and no SPY',
  ])
})

test('says where prices leap as at a split that nobody adjusted for', () => {
  const closes = line(50, 100, 300).map((close, at) => (at < 150 ? close : close / 2))
  const result = scoreOf(barsOf(closes))
  const { days } = rising()
  expect('lacking' in result && result.lacking[0]).toBe(
    `prices: ${days[150]} opened at 0.50 × the close before, as after a split that is not adjusted for`,
  )
  const twice = scoreOf(barsOf(closes.map((close, at) => (at < 200 ? close : close * 2))))
  expect('lacking' in twice && twice.lacking[0]).toContain(', and 1 more')
  expect(scoreOf(rising())).toMatchObject({ lacking: [expect.stringMatching(/^strength/)] })
})

test('what trades every day has no gap on a weekend, and one on a missing Saturday', () => {
  const everyDay = Array.from({ length: 300 }, (_, at) =>
    new Date(Date.UTC(2026, 10, 27) - (299 - at) * 86_400_000).toISOString().slice(0, 10),
  )
  const bars = { ...rising(), days: everyDay }
  expect(scoreOf(bars)).toMatchObject({ lacking: ['strength: fewer than 50 symbols to compare with, and no SPY'] })
  const saturday = everyDay.indexOf('2026-08-15')
  const result = scoreOf(without(bars, [saturday]))
  expect('lacking' in result && result.lacking[0]).toContain('(2026-08-15)')
})

test('without any volume its parts are left out, and nothing passes that needs some', () => {
  const bars = { ...rising(), volume: new Float64Array(300) }
  const result = scoreOf(bars)
  if (!('score' in result)) throw new Error('skipped')
  expect(result.items.map(({ name }) => name)).not.toContain('volume')
  expect(result.reasons).toContain('no volume to compare with')
  expect(result.items.reduce((sum, { of }) => sum + of, 0)).toBe(75)
})

test('a price that never moves is scored without what cannot be measured', () => {
  const result = scoreOf(barsOf(new Array(300).fill(20), { wick: 0 }))
  expect(result).toMatchObject({ outcome: 'failed' })
  expect('lacking' in result && result.lacking.join()).toContain('the price has not moved in 50 days')
})

test('strength is the percentage of the others that are weaker, the same for equals', () => {
  const figures = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`S${at}`, at < 50 ? 10 : at]))
  const of = strengthsAmong(figures, 90)
  expect(of('S3')).toEqual({ percentile: 0, among: 101 })
  expect(of('S40')).toEqual(of('S3'))
  expect(of('S75')).toEqual({ percentile: 75, among: 101 })
  expect(of('S100')).toEqual({ percentile: 100, among: 101 })
  expect(of('OTHER')).toBeUndefined()
})

test('among fewer than fifty symbols each is compared with SPY, and says so', () => {
  const figures = Object.fromEntries(Array.from({ length: 49 }, (_, at) => [`S${at}`, 80 + at]))
  expect(strengthsAmong(figures, undefined)('S3')).toBeUndefined()
  const strength = strengthsAmong(figures, 90)
  const item = (symbol: string) =>
    breakout
      .score(rising(), breakout.parameters.parse({}) as never, { strength: strength(symbol) })
      .items.find(({ name }) => name === 'strength')
  expect(item('S3')).toMatchObject({
    points: 0,
    text: 'not stronger over the year than SPY (fewer than 50 symbols to compare with)',
  })
  expect(item('S11')).toMatchObject({ points: 5 })
  const fifty = { ...figures, MORE: 1 }
  expect(strengthsAmong(fifty, 90)('MORE')).toEqual({ percentile: 0, among: 50 })
})

test('results are ranked: what passed first, by score, then by symbol', () => {
  const scored = (symbol: string, outcome: 'passed' | 'failed', score: number): SymbolResult => ({
    symbol,
    outcome,
    score,
    items: [],
    gates: [],
    reasons: [],
    lacking: [],
    price: 1,
    facts: {},
  })
  const ordered = [
    scored('Z', 'passed', 90),
    scored('A', 'passed', 80),
    scored('B', 'passed', 80),
    scored('C', 'failed', 99),
    { symbol: 'D', outcome: 'skipped', reason: 'few' } as const,
    { symbol: 'A1', outcome: 'error', reason: 'none' } as const,
  ]
  fc.assert(
    fc.property(fc.shuffledSubarray(ordered, { minLength: ordered.length }), (results) => {
      expect(rank(results)).toEqual(ordered)
    }),
  )
})

test('strategies have names and aliases of their own, and are found by any of them', () => {
  const names = strategies.flatMap(({ name, aliases }) => [name, ...aliases])
  expect(new Set(names).size).toBe(names.length)
  expect(strategyNamed('Breakout')?.name).toBe('bullish_breakout')
  expect(strategyNamed('golden cross')?.name).toBe('sma_cross')
  expect(strategyNamed('martingale')).toBeUndefined()
})
