import { describe, expect, test } from 'vitest'
import { Big, sum, zero } from '../../../src/base/amounts.ts'
import { buyingPower, takenByUnit } from '../../../src/trading/accounts/rules/buying-power.ts'
import { gate, type Standing, secondsUntilNext, type Wanted } from '../../../src/trading/accounts/rules/gate.ts'
import { defaultLimits } from '../../../src/trading/accounts/rules/limits.ts'
import { afterFill, flat } from '../../../src/trading/positions/rules/position.ts'
import fc from '../../support/fast-check.ts'
import { decimal, prices } from '../positions/arbitraries.ts'

const standing = (more: Partial<Standing> = {}): Standing => ({
  isHalted: false,
  mayTrade: true,
  settled: new Big(100_000),
  positions: [],
  openings: [],
  limits: defaultLimits,
  lately: [],
  working: 0,
  scheduled: 0,
  ...more,
})
const wanted = (side: 'buy' | 'sell', quantity: number, price: string, more: Partial<Wanted> = {}): Wanted => ({
  opens: true,
  isLater: false,
  side,
  quantity: new Big(quantity),
  price: new Big(price),
  lot: new Big(1),
  ...more,
})
const short = (verdict: ReturnType<typeof gate>) =>
  verdict.passes ? 'passes' : `${verdict.code} ${verdict.largest.toFixed()}`

describe('buying power', () => {
  test('longs are paid in full', () => {
    expect(short(gate(standing(), wanted('buy', 526, '190')))).toBe('passes')
    expect(short(gate(standing(), wanted('buy', 527, '190')))).toBe('NOT_ENOUGH_BUYING_POWER 526')
    const positions = [{ signedQuantity: new Big(500), openCost: new Big(90_000), mark: new Big(1000) }]
    expect(short(gate(standing({ positions }), wanted('buy', 53, '190')))).toBe('NOT_ENOUGH_BUYING_POWER 52')
  })

  test('shorts take 150% of their value, when they are wanted, while they work and as long as they are open', () => {
    expect(short(gate(standing(), wanted('sell', 351, '190')))).toBe('NOT_ENOUGH_BUYING_POWER 350')
    const openings = [{ side: 'sell' as const, left: new Big(200), price: new Big(190) }]
    expect(short(gate(standing({ openings }), wanted('sell', 151, '190')))).toBe('NOT_ENOUGH_BUYING_POWER 150')
    const open = { signedQuantity: new Big(-200), openCost: new Big(38_000) }
    expect(short(gate(standing({ positions: [open] }), wanted('sell', 151, '190')))).toBe('NOT_ENOUGH_BUYING_POWER 150')
    // It is worth twice as much by now.
    const dearer = standing({ positions: [{ ...open, mark: new Big(380) }] })
    expect(short(gate(dearer, wanted('sell', 1, '190')))).toBe('NOT_ENOUGH_BUYING_POWER 0')
  })

  test('recorded positions that cost more than the account has leave nothing, and no debt to the next order', () => {
    const positions = [{ signedQuantity: new Big(3750), openCost: new Big(137_250) }]
    expect(buyingPower(standing({ positions }))).toMatchObject({ cash: new Big(-37_250), left: zero })
    expect(short(gate(standing({ positions }), wanted('buy', 1, '0.01')))).toBe('NOT_ENOUGH_BUYING_POWER 0')
  })
})

describe('the order of the checks', () => {
  const worst = standing({
    isHalted: true,
    mayTrade: false,
    isUnlinked: true,
    live: { used: new Big(90) },
    settled: zero,
    limits: { orders: 1, working: 1, scheduled: 1, dollars: new Big(10) },
    lately: [3],
    working: 1,
    scheduled: 1,
  })

  test('each refuses before those behind it', () => {
    const better: [Partial<Standing>, string][] = [
      [{}, 'ACCOUNT_HALTED'],
      [{ isHalted: false }, 'ROLE'],
      [{ mayTrade: true }, 'ACCOUNT_UNLINKED'],
      [{ isUnlinked: false }, 'LIVE_NOT_ALLOWED'],
      [{ live: { cap: new Big(100), used: new Big(90) } }, 'LIVE_CAP'],
      [{ live: { cap: new Big(200), used: new Big(90) } }, 'ORDER_TOO_LARGE'],
      [{ limits: { orders: 1, working: 1, scheduled: 1 } }, 'NOT_ENOUGH_BUYING_POWER'],
      [{ settled: new Big(1000) }, 'TOO_MANY_ORDERS'],
      [{ lately: [] }, 'TOO_MANY_WORKING'],
      [{ working: 0 }, 'passes'],
    ]
    let now = worst
    for (const [change, code] of better) {
      now = { ...now, ...change }
      expect(short(gate(now, wanted('buy', 11, '1')))).toBe(code === 'passes' ? code : `${code} 0`)
    }
    expect(short(gate(now, wanted('buy', 11, '1', { isLater: true })))).toBe('TOO_MANY_SCHEDULED 0')
  })

  test('an order for later is checked only against limits that will still hold then', () => {
    const poor = standing({ settled: zero, lately: Array(60).fill(1), working: 50 })
    expect(short(gate(poor, wanted('buy', 11, '1', { isLater: true })))).toBe('passes')
    expect(short(gate({ ...poor, isHalted: true }, wanted('buy', 11, '1', { isLater: true })))).toBe('ACCOUNT_HALTED 0')
  })

  test('real money is counted with what is at work, and an order for later only needs leave', () => {
    const cap = (dollars: number, used: number) => standing({ live: { cap: new Big(dollars), used: new Big(used) } })
    expect(short(gate(cap(1000, 810), wanted('buy', 2, '190')))).toBe('LIVE_CAP 1')
    expect(short(gate(cap(1000, 810), wanted('sell', 1, '190')))).toBe('passes')
    expect(short(gate(cap(1000, 5000), wanted('buy', 1, '190')))).toBe('LIVE_CAP 0')
    expect(short(gate(cap(1000, 5000), wanted('buy', 1, '190', { opens: false })))).toBe('passes')
    expect(short(gate(cap(1000, 5000), wanted('buy', 1, '190', { isLater: true })))).toBe('passes')
    const none = standing({ live: { used: zero } })
    expect(short(gate(none, wanted('buy', 1, '190', { isLater: true })))).toBe('LIVE_NOT_ALLOWED 0')
  })

  test('the size of an order is its value, and its units', () => {
    const limits = { ...defaultLimits, dollars: new Big(5000), units: new Big(30) }
    expect(short(gate(standing({ limits }), wanted('buy', 27, '190')))).toBe('ORDER_TOO_LARGE 26')
    expect(short(gate(standing({ limits }), wanted('sell', 31, '1')))).toBe('ORDER_TOO_LARGE 30')
  })

  test('the next order passes when as many are left of the minute as are one too many', () => {
    const limits = { ...defaultLimits, orders: 3 }
    expect(secondsUntilNext({ limits, lately: [1, 20] })).toBe(0)
    expect(secondsUntilNext({ limits, lately: [1, 20, 45.5] })).toBe(15)
    expect(secondsUntilNext({ limits, lately: [1, 20, 30, 59.99] })).toBe(30)
  })
})

const sides = fc.constantFrom('buy' as const, 'sell' as const)
const lots = fc.constantFrom('1', '0.0001', '100').map((lot) => new Big(lot))
const dollars = decimal(2, 0, 100_000_000)

const standings: fc.Arbitrary<Standing> = fc.record({
  isHalted: fc.boolean(),
  mayTrade: fc.boolean(),
  settled: decimal(2, -1_000_000, 100_000_000),
  positions: fc.array(
    fc.record({
      signedQuantity: fc.integer({ min: -1000, max: 1000 }).map((units) => new Big(units || 1)),
      openCost: decimal(2, 0, 1_000_000),
      mark: fc.option(prices, { nil: undefined }),
    }),
    { maxLength: 4 },
  ),
  openings: fc.array(fc.record({ side: sides, left: decimal(0, 0, 1000), price: prices }), { maxLength: 4 }),
  limits: fc.record({
    orders: fc.integer({ min: 1, max: 4 }),
    working: fc.integer({ min: 1, max: 4 }),
    scheduled: fc.integer({ min: 1, max: 4 }),
    dollars: fc.option(dollars, { nil: undefined }),
    units: fc.option(decimal(2, 1, 1_000_000), { nil: undefined }),
  }),
  lately: fc.array(fc.integer({ min: 0, max: 59 }), { maxLength: 4 }),
  working: fc.nat(4),
  scheduled: fc.nat(4),
})

/** An account that trades, so that money alone decides. */
const able = standings.map(
  (some): Standing => ({
    ...some,
    isHalted: false,
    mayTrade: true,
    limits: { ...defaultLimits, dollars: some.limits.dollars, units: some.limits.units },
  }),
)

const orders: fc.Arbitrary<Wanted> = fc
  .record({ side: sides, price: prices, lot: lots, count: fc.integer({ min: 1, max: 10_000_000 }) })
  .map(({ count, lot, ...order }) => ({ ...order, lot, opens: true, isLater: false, quantity: lot.times(count) }))

const either = fc.oneof(standings, able)

describe('whatever the account and the order', () => {
  test('the largest size passes, and one lot more does not', () => {
    fc.assert(
      fc.property(either, orders, fc.boolean(), (some, order, isLater) => {
        const verdict = gate(some, { ...order, isLater })
        if (verdict.passes) return
        const { largest } = verdict
        expect(largest.gte(0) && largest.lt(order.quantity) && largest.mod(order.lot).eq(0)).toBe(true)
        if (largest.gt(0)) expect(gate(some, { ...order, isLater, quantity: largest })).toEqual({ passes: true })
        expect(gate(some, { ...order, isLater, quantity: largest.plus(order.lot) }).passes).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  test('what exits passes', () => {
    fc.assert(
      fc.property(standings, orders, (some, order) => {
        expect(gate(some, { ...order, opens: false })).toEqual({ passes: true })
      }),
    )
  })

  test('more cash never lowers the largest size', () => {
    const largest = (some: Standing, order: Wanted) => {
      const verdict = gate(some, order)
      return verdict.passes ? order.quantity : verdict.largest
    }
    fc.assert(
      fc.property(either, orders, dollars, (some, order, more) => {
        const richer = { ...some, settled: some.settled.plus(more) }
        expect(largest(richer, order).gte(largest(some, order))).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  test('orders one after the other never take more than there is, whether they work or are filled', () => {
    fc.assert(
      fc.property(able, fc.array(fc.tuple(orders, fc.boolean()), { maxLength: 6 }), (some, asked) => {
        const before = buyingPower(some).left
        let now = some
        const taken: Big[] = []
        for (const [order, isFilled] of asked) {
          const verdict = gate(now, order)
          const quantity = verdict.passes ? order.quantity : verdict.largest
          if (quantity.eq(0)) continue
          expect(gate(now, { ...order, quantity }).passes).toBe(true)
          taken.push(quantity.times(takenByUnit(order.side, order.price)))
          now = isFilled
            ? { ...now, positions: [...now.positions, filled({ ...order, quantity })] }
            : { ...now, openings: [...now.openings, { ...order, left: quantity }] }
        }
        expect(sum(taken).lte(before)).toBe(true)
        expect(buyingPower(now).left.toFixed()).toBe(before.minus(sum(taken)).toFixed())
      }),
      { numRuns: 1000 },
    )
  })
})

const filled = ({ side, quantity, price }: Wanted) =>
  afterFill(flat, { side, quantity, price, commission: zero }).holding
