import { expect, test } from 'vitest'
import { Big, sum } from '../../../src/base/amounts.ts'
import {
  afterFill,
  afterReversal,
  averageEntryPrice,
  closedBy,
  closingSide,
  directionOf,
  type Execution,
  flat,
  type Holding,
  unrealizedPnl,
  unrealizedReturn,
} from '../../../src/trading/positions/rules/position.ts'
import fc from '../../support/fast-check.ts'
import { decimal, executions, prices, quantities } from './arbitraries.ts'
import { by, exactly, isEqual, isWithin, keepBook, minus, plus, ratio, size, times } from './exact-book.ts'

const sides = { side: fc.constantFrom('buy' as const, 'sell' as const), commission: fc.constant(new Big(0)) }
const several = fc.array(executions, { minLength: 1, maxLength: 40 })
/** Amounts at which rounding the cost to eight decimals takes all of it. */
const dust = fc.array(fc.record({ ...sides, quantity: decimal(4, 1, 60), price: decimal(9, 1, 5000) }), {
  minLength: 1,
  maxLength: 20,
})

/** Each fill's own P&L, and what is held in the end. */
function hold(fills: Execution[], from: Holding = flat): { holding: Holding; pnls: Big[] } {
  let holding = from
  const pnls = fills.map((fill) => {
    const after = afterFill(holding, fill)
    holding = after.holding
    return after.realizedPnl
  })
  return { holding, pnls }
}

/** The largest rounding error per fill: a closing fill takes its share of the cost, rounded to eight decimals. */
const roundings = (fills: Execution[]) => ratio(BigInt(fills.length) * 2n, 10n ** 8n)

test('after any fills the open quantity is exactly the sum of what was bought less what was sold', () => {
  fc.assert(
    fc.property(several, (fills) => {
      expect(isEqual(exactly(hold(fills).holding.signedQuantity), keepBook(fills).quantity)).toBe(true)
    }),
  )
})

test('at any price the master P&L is exactly the cash that came in and what is open, to the last digit', () => {
  fc.assert(
    fc.property(several, prices, (fills, price) => {
      const { holding } = hold(fills)
      const book = keepBook(fills)
      const master = holding.realizedPnl.plus(unrealizedPnl(holding, price))
      expect(isEqual(exactly(master), plus(book.cash, times(book.quantity, exactly(price))))).toBe(true)
    }),
  )
})

test('over a round trip what is realized is exactly the proceeds less the cost', () => {
  fc.assert(
    fc.property(several, prices, (fills, price) => {
      const open = hold(fills).holding.signedQuantity
      fc.pre(!open.eq(0))
      const last = { side: closingSide(open), quantity: open.abs(), price, commission: new Big(0) }
      const { holding } = hold([...fills, last])
      expect(holding.signedQuantity.toFixed()).toBe('0')
      expect(holding.openCost.toFixed()).toBe('0')
      expect(isEqual(exactly(holding.realizedPnl), keepBook([...fills, last]).cash)).toBe(true)
    }),
  )
})

test('what the fills locked in adds up to the realized P&L of the position, to the last digit', () => {
  fc.assert(
    fc.property(several, (fills) => {
      const { holding, pnls } = hold(fills)
      expect(sum(pnls).eq(holding.realizedPnl)).toBe(true)
    }),
  )
})

test('the realized P&L is the one by average cost, within a hundred-millionth of a dollar a fill', () => {
  fc.assert(
    fc.property(several, (fills) => {
      const { realized } = keepBook(fills)
      expect(isWithin(exactly(hold(fills).holding.realizedPnl), realized, roundings(fills))).toBe(true)
    }),
  )
})

test('the average price is the quantity-weighted price of what opened the position', () => {
  fc.assert(
    fc.property(several, (fills) => {
      const { holding } = hold(fills)
      const book = keepBook(fills)
      fc.pre(!holding.signedQuantity.eq(0))
      // The effect of rounding the cost on an average, plus the last digit of the quotient itself.
      const most = plus(by(roundings(fills), size(book.quantity)), ratio(1n, 10n ** 12n))
      expect(isWithin(exactly(averageEntryPrice(holding)), book.averagePrice, most)).toBe(true)
    }),
  )
})

test('the unrealized P&L is the open quantity times the distance to the average price', () => {
  fc.assert(
    fc.property(several, prices, (fills, price) => {
      const { holding } = hold(fills)
      const book = keepBook(fills)
      const expected = times(book.quantity, minus(exactly(price), book.averagePrice))
      expect(isWithin(exactly(unrealizedPnl(holding, price)), expected, roundings(fills))).toBe(true)
    }),
  )
})

test('the cost of what is open is never negative, and nothing where nothing is open, however small the amounts', () => {
  fc.assert(
    fc.property(fc.oneof(several, dust), (fills) => {
      let holding: Holding = flat
      for (const fill of fills) {
        holding = afterFill(holding, fill).holding
        expect(holding.openCost.gte(0)).toBe(true)
        expect(holding.openCost.eq(0) || !holding.signedQuantity.eq(0)).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})

test('a position that is sold in pieces locks in what selling it at once would', () => {
  fc.assert(
    fc.property(
      quantities,
      prices,
      prices,
      fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 12 }),
      (quantity, entry, exit, cuts) => {
        const commission = new Big(0)
        const bought: Execution = { side: 'buy', quantity, price: entry, commission }
        const pieces: Execution[] = []
        let left = quantity
        for (const percent of cuts) {
          const piece = left.times(percent).div(100).round(4, Big.roundDown)
          if (piece.lte(0)) continue
          pieces.push({ side: 'sell', quantity: piece, price: exit, commission })
          left = left.minus(piece)
        }
        pieces.push({ side: 'sell', quantity: left, price: exit, commission })
        const { holding } = hold([bought, ...pieces])
        expect(holding.realizedPnl.toFixed()).toBe(exit.minus(entry).times(quantity).toFixed())
      },
    ),
  )
})

test('a short position is a long one in the mirror', () => {
  fc.assert(
    fc.property(several, prices, (fills, price) => {
      const free = fills.map((fill) => ({ ...fill, commission: new Big(0) }))
      const mirrored = free.map((fill) => ({
        ...fill,
        side: fill.side === 'buy' ? ('sell' as const) : ('buy' as const),
      }))
      const [one, other] = [hold(free).holding, hold(mirrored).holding]
      expect(other.signedQuantity.eq(one.signedQuantity.neg())).toBe(true)
      expect(other.openCost.eq(one.openCost)).toBe(true)
      expect(other.realizedPnl.eq(one.realizedPnl.neg())).toBe(true)
      expect(unrealizedPnl(other, price).eq(unrealizedPnl(one, price).neg())).toBe(true)
    }),
  )
})

test('a fill changes no holding in place: the holding from before stays as it was', () => {
  fc.assert(
    fc.property(several, executions, (fills, fill) => {
      const { holding } = hold(fills)
      const before = [holding.signedQuantity.toFixed(), holding.openCost.toFixed(), holding.realizedPnl.toFixed()]
      afterFill(holding, fill)
      expect([holding.signedQuantity.toFixed(), holding.openCost.toFixed(), holding.realizedPnl.toFixed()]).toEqual(
        before,
      )
    }),
  )
})

/** The fill with this index, as booked. */
function booked(fills: Execution[], index: number) {
  const { holding } = hold(fills.slice(0, index))
  const fill = fills[index]!
  return { ...fill, realizedPnl: afterFill(holding, fill).realizedPnl, closedQuantity: closedBy(holding, fill) }
}

const written = ({ signedQuantity, openCost, realizedPnl }: Holding) =>
  [signedQuantity, openCost, realizedPnl].map((amount) => amount.toFixed())

test('a fill that is taken back right after it leaves exactly what was there before, but where it turned the position round', () => {
  fc.assert(
    fc.property(fc.oneof(several, dust), (fills) => {
      const before = hold(fills.slice(0, -1)).holding
      const last = booked(fills, fills.length - 1)
      const hasTurned = last.closedQuantity.gt(0) && last.closedQuantity.lt(last.quantity)
      // A holding without cost has no average price to return to.
      const cameOntoDust = last.closedQuantity.eq(0) && !before.signedQuantity.eq(0) && before.openCost.eq(0)
      const { holding, realizedPnl } = afterReversal(hold(fills).holding, last)
      expect(holding.signedQuantity.eq(before.signedQuantity)).toBe(true)
      if (hasTurned || cameOntoDust) return
      expect(written(holding)).toEqual(written(before))
      expect(realizedPnl.eq(last.realizedPnl.neg())).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('whenever a fill is taken back, the master P&L at any price is exactly what it is without it, and no cost is negative', () => {
  const withIndex = fc
    .oneof(several, dust)
    .chain((fills) => fc.tuple(fc.constant(fills), fc.nat({ max: fills.length - 1 }), fc.nat({ max: fills.length })))
  fc.assert(
    fc.property(withIndex, prices, ([fills, index, later], price) => {
      const until = Math.max(index + 1, later)
      const { holding, realizedPnl } = afterReversal(hold(fills.slice(0, until)).holding, booked(fills, index))
      expect(holding.realizedPnl.eq(hold(fills.slice(0, until)).holding.realizedPnl.plus(realizedPnl))).toBe(true)
      expect(holding.openCost.gte(0)).toBe(true)
      expect(holding.openCost.eq(0) || !holding.signedQuantity.eq(0)).toBe(true)
      const after = hold(fills.slice(until), holding).holding
      const master = after.realizedPnl.plus(unrealizedPnl(after, price))
      const book = keepBook(fills.filter((_, at) => at !== index))
      expect(isEqual(exactly(master), plus(book.cash, times(book.quantity, exactly(price))))).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['that closed a part', ['buy 100 @ 5', 'sell 40 @ 7'], 1, ['100', '500', '0']],
  ['that closed all', ['buy 100 @ 5', 'sell 100 @ 7'], 1, ['100', '500', '0']],
  ['that closed a part of a short position', ['sell 100 @ 5', 'buy 40 @ 3'], 1, ['-100', '500', '0']],
  ['that opened', ['buy 100 @ 5'], 0, ['0', '0', '0']],
  ['that added', ['buy 100 @ 5', 'buy 50 @ 8'], 1, ['100', '500', '0']],
  [
    'that closed, with one of another order after it',
    ['buy 100 @ 5', 'sell 40 @ 7', 'sell 20 @ 6'],
    1,
    ['80', '400', '20'],
  ],
  ['that opened, when more was sold than is left', ['buy 100 @ 5', 'sell 100 @ 7'], 0, ['-100', '500', '200']],
  ['that turned the position round', ['buy 10 @ 5', 'sell 14 @ 7'], 1, ['10', '70', '20']],
] as const)('what is held after a fill is taken back %s', (_, said, index, expected) => {
  const fills = said.map((one): Execution => {
    const [side, quantity, , price] = one.split(' ') as ['buy' | 'sell', string, string, string]
    return { side, quantity: new Big(quantity), price: new Big(price), commission: new Big(0) }
  })
  expect(written(afterReversal(hold(fills).holding, booked(fills, index)).holding)).toEqual(expected)
})

test('3,750 at $0.63 and $1.01 are $+1,425.00 and 60.32 %', () => {
  const commission = new Big(0)
  const { holding } = afterFill(flat, { side: 'buy', quantity: new Big(3750), price: new Big('.63'), commission })
  expect(averageEntryPrice(holding).toFixed()).toBe('0.63')
  expect(unrealizedPnl(holding, new Big('1.01')).toFixed()).toBe('1425')
  expect(unrealizedReturn(holding, new Big('1.01')).toFixed(4)).toBe('0.6032')
  const sold = afterFill(holding, { side: 'sell', quantity: new Big(468), price: new Big('1.01'), commission })
  expect(sold.realizedPnl.toFixed()).toBe('177.84')
})

test('selling more than is open turns long into short at the price of the fill, and takes the commission once', () => {
  const long = afterFill(flat, { side: 'buy', quantity: new Big(10), price: new Big(5), commission: new Big(1) })
  expect(long.realizedPnl.toFixed()).toBe('-1')
  const { holding, realizedPnl } = afterFill(long.holding, {
    side: 'sell',
    quantity: new Big(14),
    price: new Big(7),
    commission: new Big(2),
  })
  expect(directionOf(holding.signedQuantity)).toBe('SHORT')
  expect(holding.signedQuantity.toFixed()).toBe('-4')
  expect(averageEntryPrice(holding).toFixed()).toBe('7')
  expect(realizedPnl.toFixed()).toBe('18')
  expect(holding.realizedPnl.toFixed()).toBe('17')
})

test('a flat position has no average price, no unrealized P&L and no return', () => {
  expect(averageEntryPrice(flat).toFixed()).toBe('0')
  expect(unrealizedPnl(flat, new Big(5)).toFixed()).toBe('0')
  expect(unrealizedReturn(flat, new Big(5)).toFixed()).toBe('0')
  expect(directionOf(flat.signedQuantity)).toBe('FLAT')
})
