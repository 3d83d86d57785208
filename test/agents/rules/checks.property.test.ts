import { expect, test } from 'vitest'
import { checksBefore } from '../../../src/agents/rules/checks.ts'
import type { AgentOrder, Facts } from '../../../src/agents/rules/facts.ts'
import { liveLimits, paperLimits } from '../../../src/agents/rules/limits.ts'
import { Big } from '../../../src/base/amounts.ts'
import fc from '../../support/fast-check.ts'
import { decimal } from '../../trading/positions/arbitraries.ts'
import { daily, facts } from './cases.ts'

const symbols = ['AAPL', 'MSFT', 'GOOGL', 'XOM', 'BTC-USD']
const symbol = fc.constantFrom(...symbols)
const side = fc.constantFrom('buy' as const, 'sell' as const)
const price = fc.oneof(decimal(2, 1, 100_000), decimal(8, 1, 100_000_000))
const lot = fc.constantFrom('1', '1', '0.001', '0.000000001', '100').map((step) => new Big(step))
const limits = fc.constantFrom(liveLimits(1), liveLimits(2), liveLimits(4, { shorts: true, symbols }), paperLimits)
const returns = fc.dictionary(
  symbol,
  fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 0, maxLength: 80 }).map(daily),
)
const mapOf = <Value>(value: fc.Arbitrary<Value>) =>
  fc.dictionary(symbol, value).map((all) => new Map(Object.entries(all)))

/** Facts with a random book. Most of the rest is as it should be, so that sizes decide. */
const books: fc.Arbitrary<Facts> = fc
  .record({
    equity: decimal(2, 0, 10_000_000),
    positions: fc.array(
      fc.record(
        { symbol, signedQuantity: decimal(3, -20_000, 20_000), mark: price },
        { requiredKeys: ['symbol', 'signedQuantity', 'mark'] },
      ),
      { maxLength: 4 },
    ),
    working: fc.array(fc.record({ symbol, side, left: decimal(3, 1, 20_000), price }), { maxLength: 2 }),
    ranges: mapOf(decimal(2, 1, 2000)),
    sectors: mapOf(fc.constantFrom('Technology', 'Energy')),
    returns: returns.map((all) => new Map(Object.entries(all))),
    hasStops: fc.boolean(),
  })
  .map(({ hasStops, ...more }) => {
    const positions = more.positions.map((one) => ({ ...one, ...(hasStops && { stop: one.mark.times('0.95') }) }))
    return facts({ ...more, positions, openingEquity: more.equity, peak: more.equity })
  })
/** Facts of which anything may be wrong. */
const worst: fc.Arbitrary<Facts> = fc
  .tuple(
    books,
    fc.record({
      isHalted: fc.boolean(),
      session: fc.constantFrom(undefined, 'always' as const),
      peak: decimal(2, -100, 20_000_000),
      failures: fc.nat(5),
      trades: fc.record({ today: fc.nat(9), secondsSince: fc.nat(600) }),
      volatility: fc.constantFrom(undefined, { now: Number.NaN, median: 1 }, { now: 3, median: 0.2 }),
      quote: fc.record({ ageSeconds: fc.nat(600), price, second: price }),
      model: fc.record({
        isExpired: fc.boolean(),
        far: fc.double({ min: 0, max: 1, noNaN: true }),
        coverage: fc.constant({ held: 1, of: 9 }),
      }),
    }),
  )
  .map(([of, more]) => ({ ...of, ...more }))

const order: fc.Arbitrary<AgentOrder> = fc
  .record({ symbol, side, price, lot, lots: fc.integer({ min: 1, max: 1000 }), hasStop: fc.boolean() })
  .map(({ hasStop, lots, ...more }) => ({
    ...{ ...more, quantity: more.lot.times(lots), opens: true },
    ...(hasStop && { stop: more.price.times(more.side === 'buy' ? '0.97' : '1.03') }),
  }))

test('the largest size passes all checks, and one more lot does not', () => {
  let fitting = 0
  fc.assert(
    fc.property(order, books, limits, (wanted, of, by) => {
      const { largest } = checksBefore(wanted, of, by)
      expect(largest.mod(wanted.lot).eq(0)).toBe(true)
      expect(checksBefore({ ...wanted, quantity: largest.plus(wanted.lot) }, of, by).passes).toBe(false)
      if (largest.lte(0)) return
      fitting++
      expect(checksBefore({ ...wanted, quantity: largest }, of, by).passes).toBe(true)
    }),
    { numRuns: 1000 },
  )
  expect(fitting).toBeGreaterThan(50)
})

test('the largest size does not depend on the wanted one, which passes exactly when it is not larger', () => {
  fc.assert(
    fc.property(order, books, limits, fc.integer({ min: 1, max: 100_000 }), (wanted, of, by, lots) => {
      const { largest } = checksBefore(wanted, of, by)
      const other = checksBefore({ ...wanted, quantity: wanted.lot.times(lots) }, of, by)
      expect(other.largest.eq(largest)).toBe(true)
      expect(other.passes).toBe(wanted.lot.times(lots).lte(largest))
    }),
    { numRuns: 1000 },
  )
})

test('what passes, passes with tighter limits only smaller, and never with more equity taken away', () => {
  fc.assert(
    fc.property(order, books, fc.integer({ min: 1, max: 100 }), (wanted, of, percent) => {
      const by = paperLimits
      const tighter = { ...by, size: by.size.times(percent).div(100), heat: by.heat.times(percent).div(100) }
      expect(checksBefore(wanted, of, tighter).largest.lte(checksBefore(wanted, of, by).largest)).toBe(true)
    }),
  )
})

test('an exit passes whatever the facts are', () => {
  fc.assert(
    fc.property(order, worst, limits, (wanted, of, by) => {
      const checked = checksBefore({ ...wanted, opens: false }, of, by)
      expect(checked.passes).toBe(true)
      expect(checked.refusing).toBeUndefined()
      expect(checked.largest.eq(wanted.quantity)).toBe(true)
    }),
  )
})

test('whatever is wrong, no order opens beside a state that is not ACTIVE', () => {
  fc.assert(
    fc.property(order, fc.oneof(worst, books), limits, (wanted, of, by) => {
      const { passes, largest, standing } = checksBefore(wanted, of, by)
      if (standing.state !== 'ACTIVE') expect([passes, largest.toFixed()]).toEqual([false, '0'])
    }),
  )
})
