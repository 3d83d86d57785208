import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Big } from '../../src/base/amounts.ts'
import { createSimMarket } from '../../src/market/feeds/sim/sim.ts'
import {
  meanSpread,
  type SpreadMinute,
  spreadMeaning,
  spreadOf,
  withSpread,
} from '../../src/market/indicators/spread.ts'
import { spreadsOf } from '../../src/market/spreads.ts'
import { handMarket } from '../support/desk.ts'
import { handClock } from './hand-clock.ts'

const start = new Date('2026-11-20T15:00:30Z')
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000)
const quote = (bid: string, ask: string, seconds = 0) => ({ bid: new Big(bid), ask: new Big(ask), at: at(seconds) })

describe('a spread', () => {
  test.each([
    ['1.01', '1.03', 2, 196.078],
    ['0.5612', '0.5614', 0.02, 3.563],
    ['62999.5', '63000.5', 100, 0.159],
    ['1.02', '1.02', 0, 0],
    ['1.03', '1.01', -2, -196.078],
  ])('of %s and %s is %d cents and %d basis points', (bid, ask, cents, basisPoints) => {
    const spread = spreadOf(quote(bid, ask))
    expect(spread.cents).toBeCloseTo(cents, 10)
    expect(spread.basisPoints).toBeCloseTo(basisPoints, 3)
  })

  test.each([
    [20, 10, 'unusually wide'],
    [13, 10, 'wider than usual'],
    [10, 10, 'as wide as usual'],
    [5, 10, 'tighter than usual'],
    [0, 0, 'as wide as usual'],
    [1, 0, 'unusually wide'],
  ])('of %d against a mean of %d is %s', (now, mean, meaning) => {
    expect(spreadMeaning(now, mean)).toContain(meaning)
  })
})

describe('a mean', () => {
  const minutesOf = (...quotes: ReturnType<typeof quote>[]) =>
    quotes.reduce<SpreadMinute[]>((minutes, one) => withSpread(minutes, one), [])

  test('of no quotes is none', () => {
    expect(meanSpread([], start)).toBeUndefined()
  })

  test('counts every quote the same, and says how many over how long', () => {
    const minutes = minutesOf(quote('1', '1.01'), quote('1', '1.01', 1), quote('1', '1.04', 90))
    expect(minutes).toHaveLength(2)
    expect(meanSpread(minutes, at(100))).toMatchObject({ cents: expect.closeTo(2, 10), count: 3, overMs: 100_000 })
  })

  test('is of twenty minutes, the one that runs included', () => {
    const minutes = minutesOf(quote('1', '1.10'), quote('1', '1.02', 19 * 60))
    expect(meanSpread(minutes, at(19 * 60 + 29))).toMatchObject({ count: 2 })
    expect(meanSpread(minutes, at(19 * 60 + 30))).toMatchObject({ cents: expect.closeTo(2, 10), count: 1 })
    expect(meanSpread(minutes, at(60 * 60))).toBeUndefined()
    expect(withSpread(minutes, quote('1', '1.02', 20 * 60))).toHaveLength(2)
  })
})

describe('the spreads of a market', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Lets a simulated market push quotes for a while, and adds its own quotes of the same moments up. */
  async function simulated(minutes: number) {
    const clock = handClock('2026-11-20T15:00:00Z')
    const market = createSimMarket({ seed: 'a seed', clock })
    const spreads = spreadsOf(market)
    let kept: SpreadMinute[] = []
    for (let tick = 0; tick < minutes * 12; tick++) {
      clock.advance(5000)
      vi.advanceTimersByTime(500)
      kept = withSpread(kept, (await market.quote('BYND'))!)
    }
    await market.close()
    return { now: clock.now(), minutes: spreads.of('BYND'), kept }
  }

  test('that is simulated are kept by the minute, the same every time', async () => {
    const one = await simulated(25)
    expect(one.minutes).toEqual(one.kept)
    expect(one.minutes.length).toBeLessThanOrEqual(20)
    const mean = meanSpread(one.minutes, one.now)!
    expect(mean.count).toBeGreaterThan(19 * 12 - 1)
    expect(mean.cents).toBeGreaterThanOrEqual(1)
    expect(await simulated(25)).toEqual(one)
  })

  test('are those since somebody first asked, without stale ones', () => {
    const market = handMarket(() => start)
    market.set('BYND', '1.00', '1.05')
    expect(spreadsOf(market).of('BYND')).toEqual([])
    market.set('BYND', '1.00', '1.02')
    expect(spreadsOf(market)).toBe(spreadsOf(market))
    expect(meanSpread(spreadsOf(market).of('BYND'), start)).toMatchObject({ cents: expect.closeTo(2, 10), count: 1 })
    expect(spreadsOf(market).of('AAPL')).toEqual([])
  })
})
