import { expect, test } from 'vitest'
import { checksBefore } from '../../../src/agents/rules/checks.ts'
import type { AgentOrder, Facts } from '../../../src/agents/rules/facts.ts'
import { type AgentLimits, liveLimits, paperLimits } from '../../../src/agents/rules/limits.ts'
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
/** Numbers that stand for what nobody knows. */
const odd = fc.constantFrom(Number.NaN, Infinity, -Infinity)
/** Facts of which anything may be wrong. */
const worst: fc.Arbitrary<Facts> = fc
  .tuple(
    books,
    fc.record({
      isHalted: fc.boolean(),
      session: fc.constantFrom(undefined, 'always' as const),
      peak: decimal(2, -100, 20_000_000),
      failures: fc.oneof(fc.nat(5), odd),
      trades: fc.record({ today: fc.oneof(fc.nat(9), odd), secondsSince: fc.oneof(fc.nat(600), odd) }),
      volatility: fc.constantFrom(
        undefined,
        { now: Number.NaN, median: 1 },
        { now: 3, median: 0.2 },
        { now: Infinity, median: Infinity },
      ),
      quote: fc.record({
        ageSeconds: fc.oneof(fc.nat(600), odd),
        price: fc.oneof(price, fc.constant(new Big(0))),
        second: price,
      }),
      model: fc.record({
        isExpired: fc.boolean(),
        far: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), odd),
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

test('the largest size never grows with tighter limits, less equity, or more in the book', () => {
  // An order that spreads the risk may be larger beside a larger book, so correlation is left out.
  const by: AgentLimits = { ...paperLimits, correlation: new Big(1) }
  const most = (wanted: AgentOrder, of: Facts, limits = by) => checksBefore(wanted, of, limits).largest
  fc.assert(
    fc.property(order, books, fc.integer({ min: 1, max: 100 }), (wanted, of, percent) => {
      const largest = most(wanted, of)
      const share = (amount: Big) => amount.times(percent).div(100)
      const tighter = { ...by, size: share(by.size), heat: share(by.heat), deployed: share(by.deployed) }
      expect(most(wanted, of, tighter).lte(largest)).toBe(true)
      const equity = share(of.equity)
      expect(most(wanted, { ...of, equity, openingEquity: equity, peak: equity }).lte(largest)).toBe(true)
      const more = { symbol: 'AAPL', side: 'buy' as const, left: new Big(1), price: new Big(percent) }
      expect(most(wanted, { ...of, working: [...of.working, more] }).lte(largest)).toBe(true)
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

test('what nobody knows refuses what opens, and nothing throws', () => {
  const unknown: Partial<Facts>[] = [
    { failures: Number.NaN },
    { trades: { today: Number.NaN } },
    { trades: { today: 0, secondsSince: Infinity - Infinity } },
    { quote: { ageSeconds: Infinity, price: new Big(100) } },
    { quote: { ageSeconds: 1, price: new Big(0) } },
    { volatility: { now: Infinity, median: Infinity } },
    { model: { isExpired: false, far: Number.NaN, coverage: { held: 9, of: 10 } } },
    { session: undefined },
  ]
  const wanted: AgentOrder = {
    symbol: 'AAPL',
    side: 'buy',
    quantity: new Big(1),
    price: new Big(100),
    lot: new Big(1),
    opens: true,
  }
  expect(checksBefore(wanted, facts(), liveLimits(1)).passes).toBe(true)
  for (const more of unknown)
    expect(checksBefore(wanted, facts(more), liveLimits(1))).toMatchObject({ passes: false, largest: new Big(0) })
  const unpriced = checksBefore({ ...wanted, price: new Big(0) }, facts(), liveLimits(1))
  expect([unpriced.passes, unpriced.refusing?.code, unpriced.largest.toFixed()]).toEqual([false, 'STALE_DATA', '0'])
})
