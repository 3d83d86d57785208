import { expect, test } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import { isBeyond, squeezed } from '../../../src/trading/scaleouts/rules/bound.ts'
import {
  mostChunksIn,
  nearestSpeed,
  type OwnTerms,
  ownLimits,
  planOwnScaleout,
  windowOf,
} from '../../../src/trading/scaleouts/rules/own-plan.ts'
import fc from '../../support/fast-check.ts'

const minute = 60_000
const lengths = fc.integer({ min: 1, max: 24 * 60 }).map((minutes) => minutes * minute)
const chunks = fc.integer({ min: 2, max: 100 })
const speeds = fc.constantFrom('fast' as const, 'medium' as const, 'slow' as const)
const own: fc.Arbitrary<OwnTerms> = fc.oneof(
  fc.record({ lengthMs: lengths }),
  fc.record({ chunks }),
  fc.record({ lengthMs: lengths, chunks }),
)
const wanted = fc
  .record({
    own,
    speed: speeds,
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    lots: fc.integer({ min: 1, max: 5000 }),
  })
  .filter(({ own, speed }) => (own.chunks ?? 0) <= mostChunksIn(windowOf(speed, own)))

test('a plan with own terms is even in sizes, irregular in times, and as long as was said', () => {
  fc.assert(
    fc.property(wanted, ({ own, speed, seed, lots }) => {
      const total = new Big(lots).times('0.25')
      const plan = planOwnScaleout(total, new Big('0.25'), speed, own, seed)
      expect(sum(plan.map(({ quantity }) => quantity)).toFixed()).toBe(total.toFixed())
      const sizes = plan.map(({ quantity }) => quantity.toNumber())
      const [least, most] = [Math.min(...sizes), Math.max(...sizes)]
      expect(most - least).toBeLessThanOrEqual(Math.max(0.25, least / 10))
      if (own.chunks !== undefined) expect(plan).toHaveLength(Math.min(lots, own.chunks))
      const waits = plan.map(({ delayMs }) => delayMs)
      const whole = waits.reduce((all, one) => all + one, 0)
      const window = windowOf(speed, own)
      expect(whole).toBeLessThanOrEqual(window.most)
      expect(whole).toBeGreaterThanOrEqual(plan.length > 1 ? window.least : window.least / 2 - 1)
      if (plan.length === 1) return
      const even = window.most / plan.length
      for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(Math.floor(window.least / plan.length / 2))
      for (const wait of waits) expect(wait).toBeLessThanOrEqual(Math.ceil(even * 1.5))
      expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThanOrEqual(even / 5)
      expect(planOwnScaleout(total, new Big('0.25'), speed, own, seed)).toEqual(plan)
    }),
    { numRuns: 1000 },
  )
})

test('a length without a count has a chunk for five minutes, and is near a speed', () => {
  const counts = [1, 30, 45, 120, 1440].map(
    (minutes) => planOwnScaleout(new Big(1e6), new Big(1), 'slow', { lengthMs: minutes * minute }, 1).length,
  )
  expect(counts).toEqual([6, 6, 9, 24, 40])
  expect([2, 5, 6, 20, 21].map((minutes) => nearestSpeed(minutes * minute))).toEqual([
    ...['fast', 'fast', 'medium', 'medium', 'slow'],
  ])
  expect(ownLimits.chunks.most).toBeGreaterThanOrEqual(40)
})

test('a floor is below the bid or at it, and a cap above the ask or at it', () => {
  const quote = { bid: new Big('0.60'), ask: new Big('0.61') }
  const beyond = (side: 'sell' | 'buy', price: string) => isBeyond(side, new Big(price), quote)
  expect([beyond('sell', '0.60'), beyond('sell', '0.601')]).toEqual([false, true])
  expect([beyond('buy', '0.61'), beyond('buy', '0.609')]).toEqual([false, true])
})

test('after a wait the later chunks stay in order and in the window', () => {
  const times = fc.tuple(...Array.from({ length: 3 }, () => fc.integer({ min: 0, max: 1e7 })))
  fc.assert(
    fc.property(times, fc.integer({ min: 0, max: 2e7 }), (some, now) => {
      const [due, later, until] = some.toSorted((a, b) => a - b) as [number, number, number]
      const share = squeezed({ due, until, now })
      expect(share).toBeGreaterThan(0)
      expect(share).toBeLessThanOrEqual(1)
      if (now > due && now < until) expect(now + (later - due) * share).toBeLessThanOrEqual(until + 1e-6)
    }),
  )
})
