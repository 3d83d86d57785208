import { describe, expect, test } from 'vitest'
import { Big } from '../../src/base/amounts.ts'
import { aroundTheClock, nyse } from '../../src/market/calendar.ts'
import type { Bar, Instrument, Market } from '../../src/market/market.ts'
import { conditionsAt, expectedConditions } from '../../src/market/volume-curve.ts'
import fc from '../support/fast-check.ts'

const bucketMs = 5 * 60_000
const day = 24 * 60 * 60_000

function bar(at: number, volume: number, move = 1): Bar {
  const open = new Big(100)
  const close = new Big(100 * move)
  return { at: new Date(at), open, close, high: open, low: open, volume: new Big(volume) }
}

/** Bars around the clock from a midnight of UTC until `now`, with a volume for each day and bucket. */
function days(until: string, count: number, volume: (daysAgo: number, bucket: number) => number): Bar[] {
  const now = Date.parse(until)
  const today = now - (now % day)
  const bars: Bar[] = []
  for (let at = today - count * day; at + bucketMs <= now; at += bucketMs)
    bars.push(bar(at, volume((today - (at - (at % day))) / day, (at % day) / bucketMs)))
  return bars
}

describe('the expected volume', () => {
  test('is the median of the same time on the last ten days', () => {
    // Eleven days ago was unusual; the median of the ten later days lies between the fifth and the sixth.
    const bars = days(
      '2026-11-20T10:00:00Z',
      11,
      (ago, bucket) => (ago === 11 ? 1e9 : ago === 0 ? 550 : ago * 100) + bucket,
    )
    const { volumes } = conditionsAt(bars, aroundTheClock, new Date('2026-11-20T10:00:00Z'))!
    const now = 10 * 12
    // The last half hour of today traded 550 + bucket, like the median.
    expect(volumes.map((volume) => Number(volume.toFixed(6)))).toEqual(
      Array.from({ length: 12 }, (_, index) => 550 + now + index),
    )
  })

  test.each([
    ['twice as busy', 2, 2],
    ['ten times as busy: counted as twice', 10, 2],
    ['a tenth as busy: counted as half', 0.1, 0.5],
  ])('is as much more as today is %s', (_, busy, counted) => {
    const bars = days('2026-11-20T10:00:00Z', 5, (ago) => (ago === 0 ? 1000 * busy : 1000))
    const { volumes } = conditionsAt(bars, aroundTheClock, new Date('2026-11-20T10:00:00Z'))!
    for (const volume of volumes) expect(volume).toBeCloseTo(1000 * counted, 6)
  })

  test('is that of the last half hour when there are fewer than three days', () => {
    const bars = days('2026-11-20T10:00:00Z', 2, (ago, bucket) => (ago === 0 && bucket >= 114 ? 600 : 5))
    const { volumes } = conditionsAt(bars, aroundTheClock, new Date('2026-11-20T10:00:00Z'))!
    expect(volumes).toEqual(Array(12).fill(600))
  })

  test('continues over midnight when there is no close', () => {
    const bars = days('2026-11-20T23:40:00Z', 5, (_, bucket) => (bucket < 100 ? 70 : 1000))
    const { volumes } = conditionsAt(bars, aroundTheClock, new Date('2026-11-20T23:40:00Z'))!
    expect(volumes.map(Math.round)).toEqual([1000, 1000, 1000, 1000, ...Array(8).fill(70)])
  })

  test('ends with the session of the exchange, with a short bucket in its last minutes', () => {
    const bars = days('2026-11-20T20:41:00Z', 2, () => 1000)
    expect(conditionsAt(bars, nyse, new Date('2026-11-20T20:41:00Z'))).toMatchObject({
      volumes: [1000, 1000, 1000],
      bucketMs,
      sessionMs: 390 * 60_000,
    })
    expect(conditionsAt(bars, nyse, new Date('2026-11-20T20:59:00Z'))).toMatchObject({
      volumes: [200],
      bucketMs: 60_000,
    })
    // The exchange closes at 13:00 on the day after Thanksgiving.
    expect(conditionsAt(bars, nyse, new Date('2026-11-27T17:50:00Z'))!.volumes).toHaveLength(2)
  })

  test('is unknown without bars or without volume', async () => {
    const instrument = { symbol: 'BYND', name: 'BYND', lot: new Big(1), tick: new Big('0.01') } satisfies Instrument
    const at = { now: new Date('2026-11-20T10:00:00Z'), scale: 1 }
    const market = (bars: Bar[]) => ({ bars: async () => bars }) as unknown as Market
    expect(await expectedConditions(market([]), instrument, at)).toBeUndefined()
    const silent = days('2026-11-20T10:00:00Z', 5, () => 0)
    expect(await expectedConditions(market(silent), instrument, at)).toBeUndefined()
  })

  test("follows the exchange's time, whatever the clock shows", async () => {
    const instrument = { symbol: 'A', name: 'A', lot: new Big(1), tick: new Big('0.01'), isAroundTheClock: true }
    const recorded = days('2006-01-20T10:00:00Z', 5, (_, bucket) => bucket)
    // Played sixty times as fast; the last bar ended two minutes ago (two real seconds).
    const now = new Date('2026-11-20T15:00:00Z')
    const last = recorded.at(-1)!.at.getTime()
    const played = recorded.map((one) => ({
      ...one,
      tradedAt: one.at,
      at: new Date(now.getTime() - 2000 - 5000 + (one.at.getTime() - last) / 60),
    }))
    const market = { bars: async () => played } as unknown as Market
    const { volumes } = (await expectedConditions(market, instrument, { now, scale: 60 }))!
    expect(volumes.map(Math.round)).toEqual(Array.from({ length: 12 }, (_, index) => 120 + index))
  })
})

test('volatility is the root mean square of the last three hours', () => {
  const flat = days('2026-11-20T10:00:00Z', 1, () => 1000)
  const moving = flat.map((one, index) =>
    flat.length - index <= 36 ? bar(one.at.getTime(), 1000, index % 2 ? 1.01 : 1) : one,
  )
  const { volatility } = conditionsAt(moving, aroundTheClock, new Date('2026-11-20T10:00:00Z'))!
  expect(volatility).toBeCloseTo(Math.log(1.01) / Math.SQRT2, 9)
})

test('for any volume, the expectation is finite, not negative, and at most an hour long', () => {
  const volumes = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 2, maxLength: 1500 })
  fc.assert(
    fc.property(volumes, fc.nat({ max: 7 * day }), (traded, later) => {
      const begin = Date.parse('2026-11-16T00:00:00Z')
      const bars = traded.map((volume, index) => bar(begin + index * bucketMs, volume))
      for (const calendar of [nyse, aroundTheClock]) {
        const found = conditionsAt(bars, calendar, new Date(begin + traded.length * bucketMs + later))
        if (!found) continue
        expect(found.volumes.length).toBeGreaterThan(0)
        expect(found.volumes.length).toBeLessThanOrEqual(12)
        expect(found.volumes.every((volume) => Number.isFinite(volume) && volume >= 0)).toBe(true)
        expect(found.volumes.some((volume) => volume > 0)).toBe(true)
      }
    }),
    { numRuns: 300 },
  )
})
