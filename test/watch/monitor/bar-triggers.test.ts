import { describe, expect, test } from 'vitest'
import { Big } from '../../../src/base/amounts.ts'
import { meanCorrelation } from '../../../src/market/indicators/correlation.ts'
import { type FloatBar, swingBreaks, trendFlips } from '../../../src/market/indicators/structure.ts'
import { volatilityRatio } from '../../../src/market/indicators/volatility.ts'
import { defaultThresholds as thresholds } from '../../../src/trading/accounts/rules/thresholds.ts'
import { unseen } from '../../../src/trading/protection/rules/triggers.ts'
import type { WatchedPosition } from '../../../src/trading/protection/rules/watched-position.ts'
import { overLimit, seeBars, studyBars } from '../../../src/watch/monitor/bar-triggers.ts'

/** Bars a minute apart from `low high close`. */
const barsFrom = (rows: [low: number, high: number, close: number][]): FloatBar[] =>
  rows.map(([low, high, close], index) => ({ at: index * 60_000, low, high, close }))

/** Bars that stand at a close, a dollar high and low. */
const closing = (closes: number[]) => barsFrom(closes.map((close) => [close - 0.5, close + 0.5, close]))

const position = (direction: 'long' | 'short', openedAt = 0): WatchedPosition => ({
  id: 7,
  signedQuantity: new Big(direction === 'long' ? 100 : -100),
  openCost: new Big(10_000),
  openedAt: new Date(openedAt),
})

/** A low of 95 in the third bar, confirmed by the fifth. */
const valley: [number, number, number][] = [
  [98, 101, 99],
  [97, 100, 98],
  [95, 99, 97],
  [97, 100, 98],
  [98, 101, 99],
]
const mirrored = (rows: [number, number, number][]) =>
  rows.map(([low, high, close]): [number, number, number] => [200 - high, 200 - low, 200 - close])

describe('swings', () => {
  test.each<[string, [number, number, number][], number]>([
    ['a close under the low breaks it', [[94, 98, 94.99]], 1],
    ['a close on the low does not', [[94, 98, 95]], 0],
    ['a low that closes above does not', [[90, 98, 96]], 0],
    [
      'it breaks once',
      [
        [94, 98, 94],
        [96, 99, 98],
        [93, 98, 94],
      ],
      1,
    ],
  ])('%s', (_, after, count) => {
    expect(swingBreaks(barsFrom([...valley, ...after]))).toHaveLength(count)
    const high = swingBreaks(barsFrom(mirrored([...valley, ...after])))
    expect(high.map(({ side, level }) => [side, level])).toEqual(Array(count).fill(['high', 105]))
  })

  test('four bars are no fractal, and neither is a low that another one equals', () => {
    expect(swingBreaks(barsFrom([...valley.slice(1), [94, 98, 94]]))).toEqual([])
    const twins = valley.with(3, [95, 100, 98])
    expect(swingBreaks(barsFrom([...twins, [94, 98, 94]]))).toEqual([])
  })

  test('the last confirmed swing is the one that counts', () => {
    const higher: [number, number, number][] = [
      [99, 102, 101],
      [97.5, 102, 99],
      [99, 103, 102],
      [100, 104, 103],
    ]
    const breaks = swingBreaks(barsFrom([...valley, ...higher, [97, 101, 97.4]]))
    expect(breaks.map(({ level }) => level)).toEqual([97.5])
  })
})

describe('the trend', () => {
  const up = Array.from({ length: 40 }, (_, index) => 100 + index)
  const down = Array.from({ length: 30 }, (_, index) => 139 - 2 * index)

  test('flips when the fast mean crosses the slow one and leaves the band', () => {
    expect(trendFlips(closing(up))).toEqual([])
    const flips = trendFlips(closing([...up, ...down]))
    expect(flips.map(({ to }) => to)).toEqual(['down'])
    const at = flips[0]!.at / 60_000
    const mean = (end: number, count: number) =>
      [...up, ...down].slice(end + 1 - count, end + 1).reduce((total, close) => total + close, 0) / count
    expect(mean(at, 10) / mean(at, 30)).toBeLessThan(0.99)
    expect(mean(at - 1, 10) / mean(at - 1, 30)).toBeGreaterThanOrEqual(0.99)
  })

  test('prices that dance around the mean flip nothing', () => {
    expect(trendFlips(closing([...up, ...Array.from({ length: 100 }, (_, index) => 139 + (index % 2))]))).toEqual([])
  })

  test('the first trend there is flips nothing', () => {
    expect(trendFlips(closing(up.toReversed()))).toEqual([])
  })
})

describe('the thesis of a position', () => {
  const broken = studyBars(barsFrom([...valley, [94, 98, 94]]), 60_000)

  test('breaks for whoever holds it on that side, in a bar that ended after it was opened', () => {
    const fired = (direction: 'long' | 'short', openedAt: number) =>
      seeBars(position(direction, openedAt), broken, unseen, thresholds).fired.map(({ key }) => key)
    expect(fired('long', 0)).toEqual(['swing-7-120000'])
    expect(fired('long', 6 * 60_000 - 1)).toEqual(['swing-7-120000'])
    expect(fired('long', 6 * 60_000)).toEqual([])
    expect(fired('short', 0)).toEqual([])
  })

  test('is told once for each swing', () => {
    const { state } = seeBars(position('long'), broken, unseen, thresholds)
    expect(seeBars(position('long'), broken, state, thresholds)).toEqual({ fired: [], state })
  })
})

describe('volatility', () => {
  /** Returns of one size, up and down, then of another for the last ten. */
  const closes = (usual: number, now: number) => {
    const all = [100]
    for (let index = 0; index < 60; index++) {
      all.push(all.at(-1)! * Math.exp((index % 2 ? 1 : -1) * (index < 50 ? usual : now)))
    }
    return all
  }

  test('is measured against its own mean', () => {
    expect(volatilityRatio(closes(0.01, 0.01))).toBeCloseTo(1, 10)
    expect(volatilityRatio(closes(0.01, 0.04))!).toBeGreaterThan(1.5)
    expect(volatilityRatio(closes(0.01, 0.001))!).toBeLessThan(0.5)
    expect(volatilityRatio(closes(0.01, 0.01).slice(-31))).toBeCloseTo(1, 10)
    expect(volatilityRatio(closes(0.01, 0.01).slice(-30))).toBeUndefined()
    expect(volatilityRatio(Array(40).fill(100))).toBeUndefined()
  })

  test.each<[number | undefined, boolean | undefined, boolean, boolean]>([
    [2, false, false, false],
    [2.01, false, true, true],
    [2.01, true, false, true],
    [1.5, true, false, true],
    [1.49, true, false, false],
    [undefined, true, false, true],
    [undefined, undefined, false, false],
  ])('%s times its mean, reported before: %s → fires: %s, stays reported: %s', (value, was, fires, is) => {
    expect(overLimit(value, 2, was)).toEqual({ fires, is })
  })
})

describe('correlation', () => {
  const wave = (step: number, lag = 0) =>
    closing(Array.from({ length: 61 }, (_, index) => 100 + 10 * Math.sin((index + lag) * step)))
  const long = (bars: FloatBar[]) => ({ bars, sign: 1 as const })

  /** The definition, pair by pair. */
  function byPairs(all: number[][]): number {
    const returns = all.map((closes) => closes.slice(1).map((close, index) => Math.log(close / closes[index]!)))
    const pearson = (one: number[], other: number[]) => {
      const mean = (values: number[]) => values.reduce((total, value) => total + value, 0) / values.length
      const [a, b] = [one.map((value) => value - mean(one)), other.map((value) => value - mean(other))]
      const dot = (x: number[], y: number[]) => x.reduce((total, value, index) => total + value * y[index]!, 0)
      return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
    }
    const pairs = returns.flatMap((one, index) => returns.slice(index + 1).map((other) => pearson(one, other)))
    return pairs.reduce((total, value) => total + value, 0) / pairs.length
  }

  test('is the mean over all pairs', () => {
    const all = [wave(0.3), wave(0.7), wave(0.3, 2), wave(1.9)]
    const expected = byPairs(all.map((bars) => bars.map(({ close }) => close)))
    expect(meanCorrelation(all.map(long))).toBeCloseTo(expected, 10)
  })

  test('is 1 for what moves alike, and -1 where one of two is short', () => {
    expect(meanCorrelation([long(wave(0.3)), long(wave(0.3))])).toBeCloseTo(1, 10)
    expect(meanCorrelation([long(wave(0.3)), { bars: wave(0.3), sign: -1 }])).toBeCloseTo(-1, 10)
  })

  test('needs two that move, and twenty returns that they share', () => {
    const still = closing(Array(61).fill(100))
    expect(meanCorrelation([long(wave(0.3))])).toBeUndefined()
    expect(meanCorrelation([long(wave(0.3)), long(still)])).toBeUndefined()
    expect(meanCorrelation([long(wave(0.3)), long(wave(0.3).slice(-20))])).toBeUndefined()
    expect(meanCorrelation([long(wave(0.3)), long(wave(0.3).slice(-21))])).toBeCloseTo(1, 10)
    const elsewhen = wave(0.3).map((bar) => ({ ...bar, at: bar.at + 1 }))
    expect(meanCorrelation([long(wave(0.3)), long(elsewhen)])).toBeUndefined()
  })
})
