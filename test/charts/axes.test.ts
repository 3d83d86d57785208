import { describe, expect, test } from 'vitest'
import { apart } from '../../src/charts/edge.ts'
import { runs } from '../../src/charts/layers.ts'
import { rangeOf } from '../../src/charts/range.ts'
import { fixed, roundTicks, scaleOf, short } from '../../src/charts/scale.ts'
import { pauses, timeTicks } from '../../src/charts/time-axis.ts'
import { anchoredVwap } from '../../src/market/indicators/anchored-vwap.ts'
import fc from '../support/fast-check.ts'
import { days, sessions } from './data.ts'

const zone = 'America/New_York'
const wide = (text: string) => text.length * 7.5
const labels = (times: Date[], column: number, timeZone = zone) =>
  timeTicks(times, timeZone, column, wide).map(({ text, strong }) => (strong ? `[${text}]` : text))
const every = (ms: number, count: number, from: string) =>
  Array.from({ length: count }, (_, index) => new Date(Date.parse(from) + index * ms))

describe('the time axis', () => {
  test('of bars of five minutes names hours, and the day where a session begins', () => {
    expect(labels(sessions(100), 5)).toEqual(['15:00', '[Nov 20]', '11:00', '12:00', '13:00', '14:00', '15:00'])
  })

  test('of days names weeks or months, and the year at its beginning', () => {
    expect(labels(days(20), 20)).toEqual(['Nov 2', 'Nov 9', 'Nov 16'])
    expect(labels(days(66), 6)).toEqual(['Aug 24', 'Sep 7', 'Sep 21', 'Oct 5', 'Oct 19', 'Nov 2', 'Nov 16'])
    expect(labels(days(250), 2)).toEqual([
      '[2026]',
      'Feb',
      'Mar',
      'Apr',
      'May',
      'Jun',
      'Jul',
      'Aug',
      'Sep',
      'Oct',
      'Nov',
    ])
    expect(labels(days(1500), 0.3)).toEqual(['[2022]', '[2023]', '[2024]', '[2025]', '[2026]'])
  })

  test('shows local times, also across a change of the clocks', () => {
    const hours = every(3_600_000, 6, '2026-11-01T03:00:00Z')
    expect(labels(hours, 60, 'UTC')).toEqual(['04:00', '05:00', '06:00', '07:00', '08:00'])
    // At two in the morning the clocks in New York go back to one, so one o'clock occurs twice.
    expect(labels(hours, 60)).toEqual(['[Nov 1]', '01:00', '02:00', '03:00'])
  })

  test('names seconds only when bars are shorter than a minute', () => {
    expect(labels(every(1000, 12, '2026-11-20T15:00:00Z'), 40)).toEqual(['10:00:05', '10:00:10'])
    expect(labels(every(60_000, 12, '2026-11-20T15:00:00Z'), 40).at(0)).toMatch(/^\d\d:\d\d$/)
  })

  test('has ascending labels that never touch, for any times', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 40_000_000_000 }),
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0.2, max: 200, noNaN: true }),
        (gap, count, column) => {
          const times = Array.from({ length: count }, (_, index) => new Date(1.7e12 + index * gap))
          const ticks = timeTicks(times, 'UTC', column, wide)
          for (const [at, tick] of ticks.entries()) {
            const next = ticks[at + 1]
            if (!next) continue
            const room = (next.index - tick.index) * column - (wide(tick.text) + wide(next.text)) / 2
            expect(room).toBeGreaterThanOrEqual(14)
          }
        },
      ),
    )
  })

  test('finds pauses of trading between sessions, and none between days', () => {
    const times = sessions(100)
    expect(pauses(times)).toEqual([22])
    expect(pauses(days(30))).toEqual([])
  })
})

describe('the axis of values', () => {
  test('has round values that differ as shown', () => {
    expect(roundTicks(0.553, 0.671, 5)).toEqual({
      ticks: [0.575, 0.6, 0.625, 0.65].map((one) => expect.closeTo(one, 9)),
      decimals: 3,
    })
    expect(roundTicks(117.6, 124.2, 4).ticks).toEqual([118, 120, 122, 124])
    expect(roundTicks(5, 5, 4).ticks).toEqual([])
  })

  test('has between one value and the most, within the range, for any range', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
        fc.integer({ min: 2, max: 12 }),
        (low, extent, most) => {
          const high = low + extent
          fc.pre(high - low > Math.abs(low) * 1e-9)
          const { ticks, decimals } = roundTicks(low, high, most)
          expect(ticks.length).toBeGreaterThan(0)
          expect(ticks.length).toBeLessThanOrEqual(most)
          for (const tick of ticks) {
            expect(tick).toBeGreaterThanOrEqual(low - extent * 1e-6)
            expect(tick).toBeLessThanOrEqual(high + extent * 1e-6)
          }
          expect(new Set(ticks.map((tick) => fixed(tick, decimals))).size).toBe(ticks.length)
        },
      ),
    )
  })

  test('writes numbers with separated thousands, a minus as in texts, and none before zero', () => {
    expect([fixed(63250, 2), fixed(-1234.5, 1), fixed(-0.001, 2), fixed(0, 0)]).toEqual([
      '63,250.00',
      '-1,234.5',
      '0.00',
      '0',
    ])
    expect([short(950), short(12_500), short(999_950), short(3_000_000), short(-1.2e9), short(0), short(0.5)]).toEqual([
      '950',
      '12.5K',
      '1M',
      '3M',
      '-1.2B',
      '0',
      '0.5',
    ])
  })

  test('keeps the data large: a level far away only gets an arrow', () => {
    const candles = [{ open: 1, high: 1.1, low: 0.9, close: 1, volume: 1 }]
    const level = (value: number) => ({ kind: 'level', level: { value, text: '', colour: 'stop' } }) as const
    const [low, high] = rangeOf({ share: 1, layers: [{ kind: 'candles', candles }, level(0.75), level(9)] })
    expect(low).toBeLessThan(0.75)
    expect(high).toBeLessThan(1.2)
  })

  test('keeps the candles large: a line over them is shown as far as it leaves room', () => {
    const candles = [{ open: 1, high: 1.1, low: 0.9, close: 1, volume: 1 }]
    const line = (values: (number | undefined)[]) => ({ kind: 'line', values, colour: 'average' }) as const
    const range = (values: (number | undefined)[]) =>
      rangeOf({ share: 1, layers: [{ kind: 'candles', candles }, line(values)] })
    expect(range([5, 4.9, 1.02])).toEqual(range([1.02]))
    expect(range([1.12])[1]).toBeGreaterThan(1.12)
    const [low, high] = range([1.13, 0.87, undefined])
    expect(0.2 / (high - low)).toBeGreaterThan(0.65)
    expect(rangeOf({ share: 1, layers: [line([5, 1])] })[1]).toBeGreaterThan(5)
  })

  test('breaks a line where it begins anew', () => {
    const columns = (values: (number | undefined)[], breaks?: number[]) =>
      runs(values, breaks).map((run) => run.map(({ index }) => index))
    expect(columns([1, 2, 3, 4], [2])).toEqual([
      [0, 1],
      [2, 3],
    ])
    expect(columns([1, undefined, 3, 4], [0, 3])).toEqual([[0], [2], [3]])
  })

  test('does not show the rounding errors of an average as a movement', () => {
    for (const price of [0.00001234, 0.7, 1.01, 123_456.78]) {
      const candles = Array.from({ length: 66 }, (_, at) => {
        return { open: price, high: price, low: price, close: price, volume: 100 + 7 * at }
      })
      const line = { kind: 'line', values: anchoredVwap(candles), colour: 'average' } as const
      const [low, high] = rangeOf({ share: 1, layers: [{ kind: 'candles', candles }, line] })
      expect((high - low) / price).toBeCloseTo(0.02, 6)
      expect((high + low) / 2 / price).toBeCloseTo(1, 6)
    }
  })

  test('gives room to a constant value', () => {
    const scale = scaleOf(1.01, 1.01, 0, 100)
    expect(scale.y(1.01)).toBeCloseTo(50)
    expect(scale.high).toBeGreaterThan(scale.low)
  })
})

describe('tags at the edge', () => {
  const wanted = fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 12 })

  test('never cover each other, stay within the panel, and keep their order', () => {
    fc.assert(
      fc.property(wanted, (heights) => {
        const placed = apart(heights, 19, 0, 300)
        const order = heights.map((_, index) => index).sort((a, b) => heights[a]! - heights[b]! || a - b)
        for (const [rank, index] of order.entries()) {
          if (rank > 0) expect(placed[index]! - placed[order[rank - 1]!]!).toBeGreaterThanOrEqual(19 - 1e-6)
          expect(placed[index]!).toBeGreaterThanOrEqual(9.5 - 1e-6)
          expect(placed[index]!).toBeLessThanOrEqual(290.5 + 1e-6)
        }
      }),
    )
  })

  test('stay where they belong when there is room', () => {
    expect(apart([50, 120, 80], 19, 0, 300)).toEqual([50, 120, 80])
    expect(apart([100, 100], 20, 0, 300)).toEqual([90, 110])
  })
})
