import { describe, expect, test } from 'vitest'
import { breakout } from '../../../src/strategies/screeners/breakout.ts'
import { leapEntry } from '../../../src/strategies/screeners/leap-entry.ts'
import { strategies } from '../../../src/strategies/screeners/list.ts'
import { strengthsAmong } from '../../../src/strategies/screeners/maths/relative-strength.ts'
import { resultOf } from '../../../src/strategies/screeners/result.ts'
import type { Columns, Scored, SymbolResult } from '../../../src/strategies/screeners/strategy.ts'
import { missing } from '../recorded.ts'
import { breakoutOf, daysOf, type Judged, leapOf, rankOf, strengthOf } from './oracle.ts'
import { part, recorded, recordedSymbols } from './recorded.ts'

/** Days of calm and of falls, from the first one that has enough bars to the last of the recording. */
const sample = ['2014-03-11', '2014-10-15', '2015-08-25', '2016-02-11', '2016-11-14', '2017-08-10', '2017-11-29']
const [shortest, longest] = [280, 400]

/** The bars of a symbol up to a day; undefined when it has none then, or too few. */
function upTo(symbol: string, day: string, count = shortest): Columns | undefined {
  const all = recorded(symbol)
  const place = all.days.indexOf(day)
  return place + 1 < shortest ? undefined : part(all, Math.max(0, place + 1 - count), place + 1)
}

function compare(scored: Scored, judged: Judged, at: string) {
  expect(Object.fromEntries(scored.gates.map(({ name, passed }) => [name, passed])), at).toEqual(judged.gates)
  expect(scored.items.map(({ name }) => name).sort(), at).toEqual(Object.keys(judged.points).sort())
  for (const { name, points } of scored.items) {
    // Half of a hundredth is lost when points are rounded.
    expect(Math.abs(points - judged.points[name]!), `${at}: ${name}`).toBeLessThanOrEqual(0.005 + 1e-9)
  }
  const sum = Object.values(judged.points).reduce((total, points) => total + points, 0)
  const of = scored.items.reduce((total, item) => total + item.of, 0)
  expect(Math.abs(scored.score - (100 * sum) / of), at).toBeLessThan(0.1)
  const isGated = Object.values(judged.gates).every(Boolean)
  if (Math.abs(scored.score - 70) > 0.1) expect(scored.passed, at).toBe(isGated && scored.score >= 70)
}

describe.skipIf(missing)(`on recorded days${missing}`, () => {
  test('breakouts are scored as their table says', () => {
    let passes = 0
    let scores = 0
    for (const day of sample) {
      const known = new Map<string, Columns>()
      for (const symbol of recordedSymbols) {
        const bars = upTo(symbol, day)
        if (bars) known.set(symbol, bars)
      }
      const figures = new Map([...known].map(([symbol, each]) => [symbol, strengthOf(daysOf(each))]))
      const strengths = strengthsAmong(
        Object.fromEntries([...known].map(([symbol, each]) => [symbol, breakout.strength!(each)!])),
        undefined,
      )
      for (const [symbol, each] of [...known].filter((_, at) => at % 3 === 0)) {
        const rank = rankOf(figures.get(symbol)!, [...figures.values()])
        const scored = breakout.score(each, breakout.parameters.parse({}) as never, { strength: strengths(symbol) })
        compare(scored, breakoutOf(daysOf(each), rank), `${symbol} on ${day}`)
        scores++
        if (scored.passed) passes++
      }
    }
    expect(scores).toBeGreaterThan(500)
    expect(passes).toBeGreaterThan(3)
  })

  test('entries of LEAP calls are scored as their table says', () => {
    let passes = 0
    let scores = 0
    for (const day of sample) {
      const index = upTo('SPY', day)!
      for (const symbol of recordedSymbols.filter((_, at) => at % 4 === 1)) {
        const bars = upTo(symbol, day)
        if (!bars) continue
        const scored = leapEntry.score(bars, leapEntry.parameters.parse({}) as never, { index })
        compare(scored, leapOf(daysOf(bars), daysOf(index)), `${symbol} on ${day}`)
        scores++
        if (scored.passed) passes++
      }
    }
    expect(scores).toBeGreaterThan(350)
    expect(passes).toBeGreaterThan(3)
  })

  test('a longer history and later days of SPY change no bit of any result', () => {
    const scored: SymbolResult[] = []
    for (const strategy of strategies) {
      const parameters = strategy.parameters.parse({})
      for (const [at, symbol] of recordedSymbols.entries()) {
        const day = sample[1 + (at % (sample.length - 1))]!
        const place = recorded(symbol).days.indexOf(day)
        if (place < longest) continue
        const bars = (count: number) => part(recorded(symbol), place + 1 - count, place + 1)
        const spy = upTo('SPY', day)!
        const figure = strategy.strength?.(bars(strategy.barsUsed))
        expect(strategy.strength?.(bars(longest))).toBe(figure)
        const strength = figure === undefined ? undefined : { against: 'SPY' as const, figure, theirs: 100 }
        const short = resultOf(strategy, symbol, bars(strategy.barsUsed), day, parameters, { strength, index: spy })
        const long = resultOf(strategy, symbol, bars(longest), day, parameters, { strength, index: recorded('SPY') })
        expect(long).toEqual(short)
        scored.push(short)
      }
    }
    expect(scored.filter(({ outcome }) => outcome === 'failed').length).toBeGreaterThan(500)
  })
})
