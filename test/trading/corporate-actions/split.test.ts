import { describe, expect, test } from 'vitest'
import { Big, sum, zero } from '../../../src/base/amounts.ts'
import {
  isUnchanged,
  priceOfNewUnit,
  type Ratio,
  ratioMeaning,
  ratioText,
  splitBestPrice,
  splitCondition,
  splitDistance,
  splitHolding,
  splitLevel,
  splitLimit,
  unchanged,
  wholeLots,
} from '../../../src/trading/corporate-actions/rules/split.ts'
import { splitChunks, splitScaleout } from '../../../src/trading/corporate-actions/rules/split-scaleout.ts'
import type { Holding } from '../../../src/trading/positions/rules/position.ts'
import { isTighter } from '../../../src/trading/protection/rules/protection.ts'
import fc from '../../support/fast-check.ts'
import { decimal } from '../positions/arbitraries.ts'

const ratio = (to: number, from: number): Ratio => ({ to: new Big(to), from: new Big(from) })
const back = ({ to, from }: Ratio): Ratio => ({ to: from, from: to })
const ratios = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }))
  .map(([to, from]) => ratio(to, from))
const lots = fc.constantFrom(new Big(1), new Big('0.0001'))
const tick = new Big('0.01')
const signs = fc.constantFrom(1, -1)
const prices = decimal(6, 1, 500_000_000)
const holdings = fc
  .record({
    lot: lots,
    count: fc.integer({ min: 1, max: 5_000_000 }),
    sign: signs,
    openCost: decimal(8, 0, 1_000_000_000_000),
    realizedPnl: decimal(8, -1_000_000_000, 1_000_000_000),
  })
  .map(({ lot, count, sign, openCost, realizedPnl }) => ({
    lot,
    held: { signedQuantity: lot.times(count).times(sign), openCost, realizedPnl } satisfies Holding,
  }))

describe('a holding', () => {
  test('of 3,750 for $2,362.50 is 375 for the same after 1:10, and 37,500 after 10:1', () => {
    const held = { signedQuantity: new Big(3750), openCost: new Big('2362.5'), realizedPnl: new Big(7) }
    const text = (of: Ratio) => {
      const { holding, paidOut } = splitHolding(held, of, new Big(1), new Big(6))
      return [holding.signedQuantity, holding.openCost, holding.realizedPnl]
        .map(String)
        .concat(paidOut ? 'paid out' : 'whole')
    }
    expect(text(ratio(1, 10))).toEqual(['375', '2362.5', '7', 'whole'])
    expect(text(ratio(10, 1))).toEqual(['37500', '2362.5', '7', 'whole'])
  })

  test('gets cash for what is no whole share, which is realized to the cent', () => {
    const long = { signedQuantity: new Big(1755), openCost: new Big('1105.65'), realizedPnl: zero }
    const { holding, paidOut } = splitHolding(long, ratio(1, 10), new Big(1), new Big('5.60'))
    expect([holding.signedQuantity.toFixed(), holding.openCost.toFixed(), holding.realizedPnl.toFixed()]).toEqual([
      '175',
      '1102.5',
      '-0.35',
    ])
    expect([paidOut!.quantity.toFixed(), paidOut!.cash.toFixed(), paidOut!.realizedPnl.toFixed()]).toEqual([
      '0.5',
      '2.8',
      '-0.35',
    ])
    const short = { ...long, signedQuantity: new Big(-1755) }
    expect(splitHolding(short, ratio(1, 10), new Big(1), new Big('5.60')).holding.realizedPnl.toFixed()).toBe('0.35')
  })

  test('of less than one new share is paid out whole, and flat', () => {
    const { holding, paidOut } = splitHolding(
      { signedQuantity: new Big(5), openCost: new Big('3.15'), realizedPnl: zero },
      ratio(1, 10),
      new Big(1),
      new Big(7),
    )
    expect([holding.signedQuantity.toFixed(), holding.openCost.toFixed(), paidOut!.realizedPnl.toFixed()]).toEqual([
      '0',
      '0',
      '0.35',
    ])
  })

  test('keeps its side, comes to whole lots, and to the same dollars, cash included, to the last digit', () => {
    fc.assert(
      fc.property(holdings, ratios, prices, ({ held, lot }, of, price) => {
        const { holding, paidOut } = splitHolding(held, of, lot, price)
        expect(holding.signedQuantity.times(held.signedQuantity).gte(0)).toBe(true)
        expect(holding.signedQuantity.mod(lot).eq(0)).toBe(true)
        expect(holding.openCost.gte(0)).toBe(true)
        const short = held.signedQuantity.lt(0)
        const worth = ({ openCost, realizedPnl }: Holding) =>
          short ? realizedPnl.plus(openCost) : realizedPnl.minus(openCost)
        const cash = paidOut ? (short ? paidOut.cash.neg() : paidOut.cash) : zero
        expect(worth(holding).toFixed()).toBe(worth(held).plus(cash).toFixed())
        expect(cash.eq(cash.round(2))).toBe(true)
        // The fraction is less than a lot.
        const over = held.signedQuantity.abs().times(of.to).minus(holding.signedQuantity.abs().times(of.from))
        expect(over.gte(0) && over.lt(lot.times(of.from))).toBe(true)
        expect(paidOut === undefined).toBe(over.eq(0))
        if (!paidOut) expect(holding.openCost.toFixed()).toBe(held.openCost.toFixed())
      }),
    )
  })

  test('is what it was, there and back again, where it divides', () => {
    fc.assert(
      fc.property(holdings, ratios, prices, ({ held, lot }, of, price) => {
        const divides = { ...held, signedQuantity: held.signedQuantity.times(of.from) }
        const there = splitHolding(divides, of, lot, price)
        expect(there.paidOut).toBeUndefined()
        const again = splitHolding(there.holding, back(of), lot, price)
        expect(again.paidOut).toBeUndefined()
        expect(again.holding.signedQuantity.toFixed()).toBe(divides.signedQuantity.toFixed())
        expect(again.holding.openCost.toFixed()).toBe(divides.openCost.toFixed())
      }),
    )
  })
})

describe('a price', () => {
  const isOnTick = (price: Big) => price.gt(0) && price.mod(tick).eq(0)
  /** Is the level at least the exact price of a new unit? Both sides are multiplied by the ratio, so nothing is rounded. */
  const gteExact = (level: Big, price: Big, { to, from }: Ratio) => level.times(to).gte(price.times(from))
  const lteExact = (level: Big, price: Big, { to, from }: Ratio) => level.times(to).lte(price.times(from))
  const isNear = (level: Big, price: Big, of: Ratio) =>
    level.eq(tick) || level.minus(priceOfNewUnit(price, of)).abs().lt(tick.plus('0.000000001'))

  test('of a stop is on the tick, never looser than it was, and less than a tick tighter', () => {
    fc.assert(
      fc.property(prices, ratios, signs, (price, of, sign) => {
        fc.pre(!isUnchanged(of))
        const level = splitLevel('stop', new Big(sign), price, of, tick)
        expect(isOnTick(level)).toBe(true)
        // A short stop below one tick stays at one tick.
        expect(level.eq(tick) || (sign > 0 ? gteExact(level, price, of) : lteExact(level, price, of))).toBe(true)
        expect(isNear(level, price, of)).toBe(true)
      }),
    )
  })

  test('of a limit is no worse than was said, and of a condition no later', () => {
    fc.assert(
      fc.property(prices, ratios, (price, of) => {
        fc.pre(!isUnchanged(of))
        const [sell, buy] = [splitLimit('sell', price, of, tick), splitLimit('buy', price, of, tick)]
        expect(gteExact(sell, price, of)).toBe(true)
        expect(buy.eq(tick) || lteExact(buy, price, of)).toBe(true)
        const [above, below] = [splitCondition('above', price, of, tick), splitCondition('below', price, of, tick)]
        expect(above.eq(tick) || lteExact(above, price, of)).toBe(true)
        expect(gteExact(below, price, of)).toBe(true)
        for (const level of [sell, buy, above, below]) expect(isOnTick(level) && isNear(level, price, of)).toBe(true)
      }),
    )
  })

  test('on the tick is what it was, there and back again, where it divides', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), ratios, signs, (ticks, of, sign) => {
        const price = tick.times(ticks).times(of.to)
        const signed = new Big(sign)
        const stop = splitLevel('stop', signed, splitLevel('stop', signed, price, of, tick), back(of), tick)
        const limit = splitLimit('sell', splitLimit('sell', price, of, tick), back(of), tick)
        const best = splitBestPrice(signed, splitBestPrice(signed, price, of, tick), back(of), tick)
        expect([stop, limit, best].map((one) => one.toFixed())).toEqual(
          [price, price, price].map((one) => one.toFixed()),
        )
      }),
    )
  })

  test('is left as it is, off the tick too, by a ratio of the same units', () => {
    const level = new Big('0.598512')
    expect(splitLevel('stop', new Big(1), level, unchanged, tick).toFixed()).toBe('0.598512')
  })

  test('keeps a trail in dollars by as many of new units, and never a wider one', () => {
    const ratio = (to: number, from: number) => ({ to: new Big(to), from: new Big(from) })
    expect(splitDistance(new Big('0.05'), ratio(1, 10)).toFixed()).toBe('0.5')
    expect(splitDistance(new Big('0.05'), ratio(10, 1)).toFixed()).toBe('0.005')
    expect(splitDistance(new Big('0.05'), ratio(3, 1)).toFixed()).toBe('0.016666666666')
  })

  test('of a stop that trails moves from there on as before: its best price is never better than it was', () => {
    fc.assert(
      fc.property(prices, ratios, signs, (price, of, sign) => {
        fc.pre(!isUnchanged(of))
        const best = splitBestPrice(new Big(sign), price, of, tick)
        const exact = priceOfNewUnit(price, of)
        expect(
          best.eq(tick) || !isTighter(new Big(sign), best, exact.plus(sign > 0 ? '0.000000001' : '-0.000000001')),
        ).toBe(true)
      }),
    )
  })
})

describe('a plan of chunks', () => {
  const quantities = (plan: { quantity: Big }[]) => plan.map(({ quantity }) => quantity.toNumber())

  test('keeps its proportions', () => {
    expect(
      quantities(
        splitChunks(
          [530, 530, 540].map((one) => new Big(one)),
          new Big(160),
          new Big(1),
        ),
      ),
    ).toEqual([53, 53, 54])
    expect(
      quantities(
        splitChunks(
          [1, 2, 3].map((one) => new Big(one)),
          new Big(60),
          new Big(1),
        ),
      ),
    ).toEqual([10, 20, 30])
  })

  test('has fewer chunks where there are fewer lots, over the same time', () => {
    const plan = splitChunks(
      Array.from({ length: 8 }, () => new Big(5)),
      new Big(4),
      new Big(1),
    )
    expect(plan.map(({ turn }) => turn)).toEqual([1, 3, 5, 7])
    expect(quantities(plan)).toEqual([1, 1, 1, 1])
  })

  test('adds up to the rest, in whole lots, none empty, each later than the one before, the last in its place', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -3, max: 1000 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 5000 }),
        lots,
        (waiting, count, lot) => {
          const rest = lot.times(count)
          const plan = splitChunks(
            waiting.map((one) => new Big(one)),
            rest,
            lot,
          )
          expect(sum(plan.map(({ quantity }) => quantity)).toFixed()).toBe(rest.toFixed())
          expect(plan).toHaveLength(Math.min(waiting.length, count))
          expect(plan.every(({ quantity }) => quantity.gt(0) && quantity.mod(lot).eq(0))).toBe(true)
          expect(plan.at(-1)!.turn).toBe(waiting.length - 1)
          const turns = plan.map(({ turn }) => turn)
          expect(turns).toEqual([...new Set(turns)].sort((a, b) => a - b))
        },
      ),
    )
  })

  test('of even chunks stays even: none is more than a lot larger than another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 100_000 }), (chunks, rest) => {
        const plan = quantities(
          splitChunks(
            Array.from({ length: chunks }, () => new Big(100)),
            new Big(rest),
            new Big(1),
          ),
        )
        expect(Math.max(...plan) - Math.min(...plan)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('is for no more than is open, and what was sold keeps its shortfall', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        ratios,
        decimal(2, 1, 100_000),
        (left, sold, of, decisionPrice) => {
          const scaleout = { totalQuantity: new Big(left + sold), soldQuantity: new Big(sold), decisionPrice }
          const open = wholeLots(new Big(left), of, new Big(1))
          const after = splitScaleout(scaleout, of, new Big(1), open)
          expect(after.rest.toFixed()).toBe(open.toFixed())
          expect(after.totalQuantity.minus(after.soldQuantity).toFixed()).toBe(open.toFixed())
          const atDecision = after.soldQuantity.times(after.decisionPrice)
          expect(atDecision.minus(decisionPrice.times(sold)).abs().lt('0.000001')).toBe(true)
        },
      ),
    )
  })
})

test('a ratio says what it means, new shares first', () => {
  expect([ratio(1, 10), ratio(10, 1), ratio(3, 2)].map((of) => `${ratioText(of)} ${ratioMeaning(of)}`)).toEqual([
    '1:10 every 10 shares become 1',
    '10:1 every share becomes 10',
    '3:2 every 2 shares become 3',
  ])
})
