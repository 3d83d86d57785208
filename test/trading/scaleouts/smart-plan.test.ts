import { describe, expect, test } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import {
  adaptChunk,
  participations,
  patience,
  planSmartScaleout,
  type SmartConditions,
} from '../../../src/trading/scaleouts/rules/smart-scaleout.ts'
import fc from '../../support/fast-check.ts'

const bucketMs = 5 * 60_000
const minute = 60_000
const one = new Big(1)

const lots = fc.constantFrom('1', '100', '0.0001', '0.25').map((lot) => new Big(lot))
const volume = fc.oneof(
  fc.constant(0),
  fc.double({ min: 1e-4, max: 1e9, noNaN: true }),
  fc.double({ min: 100, max: 100_000, noNaN: true }),
)
const conditions: fc.Arbitrary<SmartConditions> = fc
  .record({
    volumes: fc.array(volume, { minLength: 1, maxLength: 14 }),
    volatility: fc.double({ min: 0, max: 0.2, noNaN: true }),
    sessionMs: fc.constantFrom(390 * minute, 1440 * minute),
  })
  .filter(({ volumes }) => volumes.some((each) => each > 0))
  .map((each) => ({ ...each, bucketMs }))
const wanted = fc.record({
  count: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 1_000_000_000 })),
  lot: lots,
  conditions,
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
})
const many = { numRuns: 2000 }

const planned = ({
  count,
  lot,
  conditions,
  seed,
}: {
  count: number
  lot: Big
  conditions: SmartConditions
  seed: number
}) => planSmartScaleout(lot.times(count), lot, conditions, seed)
/** The due time of each chunk, in planned milliseconds since the start. */
const dueTimes = (chunks: { delayMs: number }[]) => {
  let at = 0
  return chunks.map(({ delayMs }) => (at += delayMs))
}
const even = (each: number, count = 12): SmartConditions => ({
  volumes: Array.from({ length: count }, () => each),
  bucketMs,
  volatility: 0.001,
  sessionMs: 390 * minute,
})
const plan = (total: number, given: SmartConditions, seed = 7) => planSmartScaleout(new Big(total), one, given, seed)
const sizes = (chunks: { quantity: Big }[]) => chunks.map(({ quantity }) => quantity.toNumber())

describe('a smart scaleout is planned so that', () => {
  test('its chunks add up to the whole, to the last lot, and each is a multiple of the lot and more than nothing', () => {
    fc.assert(
      fc.property(wanted, (want) => {
        const { chunks } = planned(want)
        expect(sum(chunks.map(({ quantity }) => quantity)).toFixed()).toBe(want.lot.times(want.count).toFixed())
        for (const { quantity } of chunks) {
          expect(quantity.gt(0)).toBe(true)
          expect(quantity.mod(want.lot).eq(0)).toBe(true)
        }
        expect(chunks.map(({ number }) => number)).toEqual(chunks.map((_, index) => index + 1))
        expect(chunks.length).toBeLessThanOrEqual(20)
      }),
      many,
    )
  })

  test('times come one after the other, and the last is within the horizon, the hour and the market’s hours', () => {
    fc.assert(
      fc.property(wanted, (want) => {
        const { chunks, horizonMs } = planned(want)
        for (const { delayMs } of chunks) {
          expect(Number.isInteger(delayMs)).toBe(true)
          expect(delayMs).toBeGreaterThan(0)
        }
        expect(dueTimes(chunks).at(-1)).toBeLessThanOrEqual(horizonMs)
        expect(horizonMs).toBeLessThanOrEqual(Math.min(60 * minute, want.conditions.volumes.length * bucketMs))
      }),
      many,
    )
  })

  test('it takes at most a tenth of the volume expected around any moment, or an even share where the whole is more', () => {
    fc.assert(
      fc.property(wanted, (want) => {
        const { chunks, horizonMs, participation } = planned(want)
        const expected = want.conditions.volumes.slice(0, horizonMs / bucketMs).reduce((all, each) => all + each, 0)
        const most = Math.max(participations.most, participation) * 1.000001
        const total = want.lot.times(want.count).toNumber()
        expect(participation).toBeCloseTo(total / expected, 6)
        // Slices have the same expected volume; a chunk is at most a slice plus one lot of rounding.
        const planCount = Math.min(want.count, Math.min(20, Math.max(10, Math.round(horizonMs / (3 * minute)))))
        for (const { quantity } of chunks)
          expect(quantity.toNumber()).toBeLessThanOrEqual((expected / planCount) * most + want.lot.toNumber() * 1.001)
      }),
      many,
    )
  })

  test('the same seed and conditions make the same plan', () => {
    fc.assert(fc.property(wanted, (want) => void expect(planned(want)).toEqual(planned(want))))
  })

  test('other seeds make other times', () => {
    const plans = Array.from({ length: 50 }, (_, seed) => dueTimes(plan(10_000, even(100_000), seed).chunks).join())
    expect(new Set(plans).size).toBe(50)
  })
})

describe('a smart scaleout', () => {
  test('of little takes ten minutes, of much an hour', () => {
    expect(plan(100, even(100_000)).horizonMs).toBe(10 * minute)
    expect(plan(25_000, even(100_000)).horizonMs).toBe(25 * minute)
    expect(plan(1_000_000, even(100_000)).horizonMs).toBe(60 * minute)
  })

  test('ends before the market closes', () => {
    const { chunks, horizonMs } = plan(1_000_000, even(100_000, 3))
    expect(horizonMs).toBe(15 * minute)
    expect(dueTimes(chunks).at(-1)).toBeLessThanOrEqual(15 * minute)
  })

  test('trades more often where more is traded', () => {
    const quietThenBusy = { ...even(1000), volumes: [...Array(6).fill(1000), ...Array(6).fill(9000)] }
    const times = dueTimes(plan(50_000, quietThenBusy).chunks)
    const early = times.filter((at) => at < 30 * minute).length
    expect(early).toBe(2) // a tenth of the volume, a tenth of twenty chunks
    expect(times.length).toBe(20)
  })

  test('does not trade while nothing is traded', () => {
    const pause = { ...even(1000), volumes: [1000, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 1000, 1000] }
    for (const at of dueTimes(plan(50_000, pause).chunks)) expect(at <= 10 * minute || at >= 50 * minute).toBe(true)
  })

  test('sells sooner when the price moves more, and evenly when it does not', () => {
    const half = (volatility: number) => {
      const chunks = sizes(plan(24_500, { ...even(100_000), volatility }).chunks)
      return chunks.slice(0, chunks.length / 2).reduce((all, each) => all + each, 0) / 24_500
    }
    expect(half(0)).toBeCloseTo(0.5, 2)
    expect(half(0.001)).toBeGreaterThan(half(0.0001))
    expect(half(0.01)).toBeGreaterThan(half(0.001))
  })

  test('of more than a tenth of all volume sells the same share of it everywhere', () => {
    const { chunks, participation } = plan(600_000, { ...even(100_000), volatility: 0.05 })
    expect(participation).toBe(0.5)
    expect(new Set(sizes(chunks))).toEqual(new Set([30_000]))
  })

  test('follows x(u) = sinh(κ(1-u)) / sinh(κ) where nothing limits it', () => {
    // By hand: κ² = 10 · 0.001² · 2 / (0.142 · 0.1^0.6 / 0.1 · 0.001 · √78 · 0.001) = 6.3492…, in ten slices.
    const kappa = Math.sqrt((10 * 0.001 ** 2 * 2) / (0.142 * 0.1 ** -0.4 * 0.001 * Math.sqrt(78) * 0.001))
    const left = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(
      (slice) => Math.sinh(kappa * (1 - slice / 10)) / Math.sinh(kappa),
    )
    const expected = left.slice(1).map((after, index) => 100_000 * (left[index]! - after))
    const { chunks } = plan(100_000, even(50_000_000))
    for (const [index, size] of sizes(chunks).entries())
      expect(Math.abs(size - expected[index]!)).toBeLessThanOrEqual(1)
  })
})

describe('while the spread is wide, a chunk', () => {
  const usual = new Big('0.02')
  const chunk = { quantity: new Big(101), adapted: 0, isLast: false }
  test.each([
    ['goes when it is not', '0.03', chunk, { kind: 'go' }],
    ['waits', '0.031', chunk, { kind: 'wait' }],
    ['waits once more', '0.04', { ...chunk, adapted: 1 }, { kind: 'wait' }],
    ['is cut in half then, rounded down', '0.04', { ...chunk, adapted: 2 }, { kind: 'cut', quantity: new Big(50) }],
    ['goes when it was cut', '0.04', { ...chunk, adapted: 3 }, { kind: 'go' }],
    ['goes when it cannot be cut', '0.04', { ...chunk, quantity: one, adapted: 2 }, { kind: 'go' }],
    ['waits when it is the last', '0.04', { ...chunk, isLast: true }, { kind: 'wait' }],
    ['goes whole when it is the last and has waited', '0.04', { ...chunk, adapted: 2, isLast: true }, { kind: 'go' }],
  ])('%s', (_, spread, given, expected) => {
    expect(adaptChunk(new Big(spread), usual, given, one)).toEqual(expected)
  })

  test('never leaves a remainder, and all ends by a quarter of the horizon later, whatever the spread does', () => {
    fc.assert(
      fc.property(wanted, fc.infiniteStream(fc.constantFrom('0.02', '0.05')), (want, spreads) => {
        const { chunks, horizonMs, deferMs } = planned(want)
        const queue = chunks.map(({ quantity, delayMs }) => ({ quantity, delayMs, adapted: 0 }))
        let [at, sold] = [0, new Big(0)]
        for (const [index, each] of queue.entries()) {
          at += each.delayMs
          for (;;) {
            const isLast = index === queue.length - 1
            const step = adaptChunk(new Big(spreads.next().value), usual, { ...each, isLast }, want.lot)
            if (step.kind === 'go') break
            each.adapted += 1
            if (step.kind === 'wait') at += deferMs
            else {
              queue[index + 1]!.quantity = queue[index + 1]!.quantity.plus(each.quantity.minus(step.quantity))
              each.quantity = step.quantity
            }
            expect(each.adapted).toBeLessThanOrEqual(patience.waits + 1)
          }
          expect(each.quantity.gt(0)).toBe(true)
          sold = sold.plus(each.quantity)
        }
        expect(sold.toFixed()).toBe(want.lot.times(want.count).toFixed())
        expect(at).toBeLessThanOrEqual(horizonMs * 1.25)
      }),
      { numRuns: 1000 },
    )
  })
})
