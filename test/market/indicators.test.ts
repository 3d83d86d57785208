import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { Big } from '../../src/base/amounts.ts'
import { aroundTheClock, nyse } from '../../src/market/calendar.ts'
import { atr } from '../../src/market/indicators/atr.ts'
import { around, clustered, floorPivots, turns } from '../../src/market/indicators/levels.ts'
import { macd } from '../../src/market/indicators/macd.ts'
import { profileMeaning } from '../../src/market/indicators/meaning.ts'
import { rsi } from '../../src/market/indicators/rsi.ts'
import {
  relativeDayVolume,
  relativeDayVolumes,
  relativeVolume,
  relativeVolumes,
} from '../../src/market/indicators/rvol.ts'
import { mergedBar, sessionsOf } from '../../src/market/indicators/sessions.ts'
import { volumeProfile } from '../../src/market/indicators/volume-profile.ts'
import { vwap } from '../../src/market/indicators/vwap.ts'
import type { Bar } from '../../src/market/market.ts'
import fc from '../support/fast-check.ts'
import {
  exactAtr,
  exactMacd,
  exactProfile,
  exactRsi,
  exactRvol,
  exactTurns,
  exactValueArea,
  exactVwap,
  type Row,
  rowsOf,
} from './exact-indicators.ts'

const file = (name: string) => `${import.meta.dirname}/bars/${name}.csv`
/** Minutes of the Euro Stoxx 50 future over the end of one day and the beginning of the next, and days of SPY. */
const [fesx, spy] = [rowsOf(file('FESX')), rowsOf(file('SPY'))]
const barOf = (row: Row): Bar => ({ ...amounts(row), at: new Date(row.time) })
const amounts = ({ open, high, low, close, volume }: Row) => ({
  open: new Big(open.toFixed()),
  high: new Big(high.toFixed()),
  low: new Big(low.toFixed()),
  close: new Big(close.toFixed()),
  volume: new Big(volume.toFixed()),
})
const [minutes, days] = [fesx.map(barOf), spy.map(barOf)]

/** Equal within a billionth, with undefined values in the same places. */
function expectClose(values: (number | undefined)[], exact: (number | undefined)[]): void {
  expect(values.map((value) => value === undefined)).toEqual(exact.map((value) => value === undefined))
  for (const [at, value] of values.entries()) {
    if (value !== undefined) expect(Math.abs(value / exact[at]! - 1), `at ${at}`).toBeLessThan(1e-9)
  }
}

describe('on real bars', () => {
  test.each([
    ['minutes of FESX', minutes, fesx],
    ['days of SPY', days, spy],
  ])('RSI, ATR and MACD of %s are those of their definitions', (_, bars, rows) => {
    expectClose(rsi(bars), exactRsi(rows))
    expectClose(atr(bars), exactAtr(rows))
    for (const count of [34, 35, 120, rows.length]) {
      const [value, exact] = [macd(bars.slice(0, count)).at(-1)!, exactMacd(rows.slice(0, count), 'first')]
      for (const name of ['macd', 'signal', 'histogram'] as const) expect(value[name]).toBeCloseTo(exact[name], 9)
    }
    expect(macd(bars).findIndex((one) => one !== undefined)).toBe(33)
  })

  test('MACD is the same after 250 bars, whether its averages began at a value or at a mean', () => {
    const [value, other] = [macd(days.slice(-250)).at(-1)!, exactMacd(spy.slice(-250), 'mean')]
    expect(value.macd).toBeCloseTo(other.macd, 4)
    expect(value.signal).toBeCloseTo(other.signal, 4)
  })

  test('VWAP matches its definition, and begins again each day', () => {
    const values = vwap(minutes, aroundTheClock)
    expectClose(values, exactVwap(fesx))
    const first = fesx.findIndex(({ time }) => time.startsWith('2006-01-03'))
    expect(first).toBeGreaterThan(100)
    expect(values[first]).toBeCloseTo((3625 + 3622 + 3624) / 3, 9)
  })

  test('the volume profile matches its definition', () => {
    const session = fesx.filter(({ time }) => time.startsWith('2006-01-03'))
    const { rows, pointOfControl, valueArea, volume } = volumeProfile(session.map(barOf), 1)!
    const [low, step] = [rows[0]!.low, rows[0]!.high - rows[0]!.low]
    expect([low, step, rows.length]).toEqual([3620, 2, 16])
    const exact = exactProfile(session, String(low), String(step), rows.length)
    expectClose(
      rows.map((row) => row.volume || 1e-300),
      exact.map((row) => row.toNumber() || 1e-300),
    )
    const most = exact.reduce((best, row, at) => (row.gt(exact[best]!) ? at : best), 0)
    expect(pointOfControl).toBe(low + step * (most + 0.5))
    const [from, to] = exactValueArea(exact, most)
    expect([valueArea.low, valueArea.high]).toEqual([low + step * from, low + step * (to + 1)])
    expect(volume).toBeCloseTo(
      session.reduce((sum, row) => sum + row.volume.toNumber(), 0),
      3,
    )
  })

  test('turns match their definition', () => {
    for (const [bars, rows] of [
      [minutes, fesx],
      [days, spy],
    ] as const) {
      expect(turns(bars)).toEqual(exactTurns(rows))
      expect(turns(bars).length).toBeGreaterThan(40)
    }
  })
})

const january = path.resolve(import.meta.dirname, '../../../shared/data/minute/FESX.csv')
const missing = existsSync(january) ? '' : ` (skipped: ${january} is missing)`

describe.skipIf(missing)(`on a month of real minutes${missing}`, () => {
  test('relative volume matches its definition at any minute of any day', () => {
    const rows = rowsOf(january)
    const all = rows.map(barOf)
    for (const end of [rows.length, 16_000, 14_321, 9_999, 7_000, 4_800]) {
      const found = relativeVolume(all.slice(0, end), aroundTheClock, 60_000)!
      expect(found.ratio).toBeCloseTo(exactRvol(rows.slice(0, end)), 9)
    }
  })
})

/** A bar at a time, with one price and a volume. */
const flat = (at: string | number, price: number, volume = 100): Bar => {
  const same = new Big(price)
  return { at: new Date(at), open: same, high: same, low: same, close: same, volume: new Big(volume) }
}

describe("the session is the exchange's", () => {
  // 27 November 2026 is the day after Thanksgiving: a half day, until 13:00 in New York, which is 18:00 UTC.
  const bars = [
    flat('2026-11-25T20:59:00Z', 10),
    flat('2026-11-25T21:00:00Z', 999),
    flat('2026-11-26T15:00:00Z', 999),
    flat('2026-11-27T14:29:00Z', 999),
    flat('2026-11-27T14:30:00Z', 20),
    flat('2026-11-27T17:59:00Z', 30),
    flat('2026-11-27T18:00:00Z', 999),
  ]

  test('VWAP begins at 9:30 in New York; bars before the open, after the close and on holidays do not count', () => {
    expect(vwap(bars, nyse)).toEqual([10, undefined, undefined, undefined, 20, 25, undefined])
    expect(sessionsOf(bars, nyse).map(({ session, first }) => [session.day, first])).toEqual([
      ['2026-11-25', 0],
      ['2026-11-27', 4],
    ])
  })

  test('for an instrument that trades around the clock it is the day of UTC', () => {
    const night = [flat('2026-11-25T23:59:00Z', 10), flat('2026-11-26T00:00:00Z', 20), flat('2026-11-28T03:00:00Z', 7)]
    expect(vwap(night, aroundTheClock)).toEqual([10, 20, 7])
    const [day] = sessionsOf(bars.slice(4), aroundTheClock)
    expect(day!.bars).toHaveLength(3)
  })

  test('in summer it begins an hour of UTC earlier', () => {
    expect(vwap([flat('2026-07-01T13:29:00Z', 9), flat('2026-07-01T13:30:00Z', 4)], nyse)).toEqual([undefined, 4])
  })

  test("a recording uses the exchange's time", () => {
    const recorded = { ...flat('2026-11-20T03:00:00Z', 5), tradedAt: new Date('2020-01-03T14:30:00Z') }
    expect(vwap([recorded], nyse)).toEqual([5])
  })

  test('VWAP has no value before the first volume, and keeps its value without volume', () => {
    const quiet = ['30', '31', '32'].map((minute, at) => flat(`2026-11-27T14:${minute}:00Z`, 10 + at, at === 1 ? 7 : 0))
    expect(vwap(quiet, nyse)).toEqual([undefined, 11, 11])
  })
})

describe('relative volume', () => {
  const minute = 60_000
  /** The first two minutes of a New York session, in winter. */
  const dayOf = (day: string, ...volumes: number[]) =>
    volumes.map((volume, at) => flat(Date.parse(`${day}T14:30:00Z`) + at * minute, 10, volume))
  const week = ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20']

  test('compares with the same time after the open of earlier sessions, not with their whole day', () => {
    const bars = [...week.flatMap((day, at) => dayOf(day, 100, at * 10, 9_999)), ...dayOf('2026-11-23', 300, 60)]
    expect(relativeVolume(bars, nyse, minute)).toEqual({
      ratio: 3,
      volume: 360,
      usual: 120,
      sessions: 5,
      elapsedMs: 2 * minute,
    })
  })

  test('leaves out an incomplete first session, and needs five others', () => {
    const cut = [...dayOf(week[0]!, 5, 5).slice(1), ...week.slice(1).flatMap((day) => dayOf(day, 5, 5))]
    expect(relativeVolume([...cut, ...dayOf('2026-11-23', 5)], nyse, minute)).toBeUndefined()
    const more = [...cut, ...dayOf('2026-11-23', 5, 5), ...dayOf('2026-11-24', 50)]
    expect(relativeVolume(more, nyse, minute)).toMatchObject({ ratio: 10, sessions: 5 })
  })

  test('does not compare an afternoon with half days', () => {
    const afternoon = Date.parse('2026-12-01T20:00:00Z')
    const days = [...week, '2026-11-27'].flatMap((day) => dayOf(day, 100))
    const found = relativeVolume([...days, ...dayOf('2026-12-01', 50), flat(afternoon, 10, 50)], nyse, minute)
    expect(found).toMatchObject({ sessions: 5, ratio: 1, elapsedMs: 331 * minute })
  })

  test('of each bar compares with the bars at its time in five or more earlier sessions', () => {
    const volumes = [...week.map((_, at) => [10 * (at + 1), 5]), [60, 10], [70, 0]]
    const bars = [...week, '2026-11-23', '2026-11-24'].flatMap((day, at) => dayOf(day, ...volumes[at]!))
    expect(relativeVolumes(bars, nyse, minute)).toEqual([...week.flatMap(() => [undefined, undefined]), 2, 2, 2, 0])
    const ofDays = relativeDayVolumes(days)
    expect(ofDays.slice(0, 6).map((value) => value === undefined)).toEqual([true, true, true, true, true, false])
    expect(ofDays.at(-1)).toBe(relativeDayVolume(days)!.ratio)
  })

  test('of days compares the last one with the mean of the earlier ones', () => {
    const volumes = spy.slice(-21).map(({ volume }) => volume.toNumber())
    const usual = volumes.slice(0, 20).reduce((sum, volume) => sum + volume, 0) / 20
    expect(relativeDayVolume(days)).toEqual({ ratio: volumes[20]! / usual, volume: volumes[20], usual, sessions: 20 })
    expect(relativeDayVolume(days.slice(0, 5))).toBeUndefined()
  })
})

describe('levels', () => {
  test("pivots are the floor traders' ones", () => {
    const bar = { ...flat(0, 100), high: new Big(110), low: new Big(90), close: new Big(106) }
    expect(floorPivots(bar)).toEqual({ pivot: 102, r1: 114, r2: 122, s1: 94, s2: 82 })
  })

  test('near turns form one level, and the levels nearest to the price come first', () => {
    const levels = clustered([1, 1.2, 2, 5, 5.4, 5.5, 8, 9, 10, 11], 0.5)
    expect(levels.map(({ price, touches }) => [Number(price.toFixed(4)), touches])).toEqual([
      [1.1, 2],
      [2, 1],
      [5.3, 3],
      [8, 1],
      [9, 1],
      [10, 1],
      [11, 1],
    ])
    const { supports, resistances } = around(levels, 6)
    expect(supports.map(({ touches }) => touches)).toEqual([3, 1, 2])
    expect(resistances.map(({ price }) => price)).toEqual([8, 9, 10])
  })

  test('a level at the price is not lost: it is a support while the price is not below it', () => {
    const { supports, resistances } = around(clustered([1, 2, 3], 0.1), 2)
    expect(supports.map(({ price }) => price)).toEqual([2, 1])
    expect(resistances.map(({ price }) => price)).toEqual([3])
  })
})

/** Up to 120 bars a minute apart, beginning at noon on a Friday in New York. */
const anyBars = fc
  .array(fc.tuple(fc.nat(500), fc.nat(500), fc.nat(500), fc.nat(500), fc.nat(10_000)), { minLength: 1, maxLength: 120 })
  .map((rows) =>
    rows.map(([a, b, c, d, volume], at): Bar => {
      const cents = [a, b, c, d].map((each) => each + 1)
      const price = (units: number) => new Big(units).div(100)
      return {
        at: new Date(Date.parse('2026-11-20T17:00:00Z') + at * 60_000),
        open: price(cents[0]!),
        high: price(Math.max(...cents)),
        low: price(Math.min(...cents)),
        close: price(cents[1]!),
        volume: new Big(volume),
      }
    }),
  )

describe('for any bars', () => {
  test('values stay within their bounds, and later bars change no earlier value', () => {
    fc.assert(
      fc.property(anyBars, fc.nat(120), (bars, cut) => {
        const extremes = mergedBar(bars as [Bar, ...Bar[]])
        const [low, high] = [extremes.low.toNumber(), extremes.high.toNumber()]
        for (const value of rsi(bars)) if (value !== undefined) expect(value >= 0 && value <= 100).toBe(true)
        for (const value of atr(bars))
          if (value !== undefined) expect(value >= 0 && value <= high - low + 1e-9).toBe(true)
        for (const value of vwap(bars, nyse)) {
          if (value !== undefined) expect(value >= low - 1e-9 && value <= high + 1e-9).toBe(true)
        }
        const some = bars.slice(0, cut)
        expect(rsi(some)).toEqual(rsi(bars).slice(0, cut))
        expect(atr(some)).toEqual(atr(bars).slice(0, cut))
        expect(macd(some)).toEqual(macd(bars).slice(0, cut))
        expect(vwap(some, nyse)).toEqual(vwap(bars, nyse).slice(0, cut))
      }),
    )
  })

  test('a profile of one price has its point of control there', () => {
    for (const price of [0.00001234, 0.63, 1.01, 118.37, 123_456.78]) {
      const bars = [flat('2026-11-20T15:00:00Z', price, 10), flat('2026-11-20T15:01:00Z', price, 30)]
      const profile = volumeProfile(bars, price < 0.01 ? 1e-8 : 0.01)!
      expect(profileMeaning(price, profile)).toBe('the price is at the point of control, where most was traded')
      expect(profile).toEqual({
        rows: [{ low: price, high: price, volume: 40 }],
        pointOfControl: price,
        valueArea: { low: price, high: price, share: 1 },
        volume: 40,
      })
    }
  })

  test('a profile loses no volume, and its value area holds 70% of it around the point of control', () => {
    fc.assert(
      fc.property(anyBars, fc.constantFrom(0.01, 0.0001, 0.25), (bars, tick) => {
        const total = bars.reduce((sum, bar) => sum + bar.volume.toNumber(), 0)
        const profile = volumeProfile(bars, tick)
        expect(profile === undefined).toBe(total === 0)
        if (!profile) return
        const { rows, pointOfControl, valueArea, volume } = profile
        expect(volume).toBeCloseTo(total, 4)
        expect(rows.reduce((sum, row) => sum + row.volume, 0)).toBeCloseTo(total, 4)
        expect(rows.length).toBeLessThanOrEqual(24)
        expect(valueArea.share).toBeGreaterThanOrEqual(0.7 - 1e-9)
        expect(valueArea.low <= pointOfControl && pointOfControl <= valueArea.high).toBe(true)
        for (const [at, row] of rows.entries()) if (at > 0) expect(row.low).toBeCloseTo(rows[at - 1]!.high, 9)
      }),
    )
  })

  test('every turn is in one level, and levels rise and keep their distance', () => {
    fc.assert(
      fc.property(anyBars, fc.double({ min: 0, max: 2, noNaN: true }), (bars, range) => {
        const turned = turns(bars)
        const levels = clustered(turned, range)
        expect(levels.reduce((sum, { touches }) => sum + touches, 0)).toBe(turned.length)
        for (const [at, level] of levels.entries())
          if (at > 0) expect(level.price).toBeGreaterThan(levels[at - 1]!.price)
      }),
    )
  })

  test('a price that does not move is neither overbought nor oversold', () => {
    const still = Array.from({ length: 20 }, (_, at) => flat(at * 60_000, 5))
    expect(rsi(still).at(-1)).toBe(50)
    expect(atr(still).at(-1)).toBe(0)
  })
})
