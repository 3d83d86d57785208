import { describe, expect, test } from 'vitest'
import { Big, isMultiple } from '../../../src/base/amounts.ts'
import { isTighter, trailedStop } from '../../../src/trading/protection/rules/protection.ts'
import { check, type HeldPosition, NotAllowed } from '../../../src/watch/guardian/check.ts'
import { guardianActions } from '../../../src/watch/guardian/guardian-rules.ts'
import fc from '../../support/fast-check.ts'

const cents = (least: number, most: number) => fc.integer({ min: least, max: most }).map((one) => new Big(one).div(100))
const share = fc.oneof(
  fc.integer({ min: -20_000, max: 20_000 }).map((one) => new Big(one).div(10_000)),
  fc.constantFrom(new Big(5), new Big(1), new Big('1.000001'), new Big(0)),
)

const held: fc.Arbitrary<HeldPosition> = fc
  .record({
    isLong: fc.boolean(),
    quantity: fc.integer({ min: 0, max: 10_000 }),
    working: fc.integer({ min: 0, max: 10_000 }),
    lot: fc.constantFrom('1', '100', '0.01'),
    price: cents(50, 50_000),
    spread: cents(0, 20),
    stop: fc.option(
      fc.record({ price: cents(1, 60_000), trail: fc.option(fc.integer({ min: 1, max: 900 }), { nil: undefined }) }),
      { nil: undefined },
    ),
  })
  .map(({ isLong, quantity, working, lot, price, spread, stop }) => ({
    signedQuantity: new Big(isLong ? quantity : -quantity),
    available: new Big(Math.max(0, quantity - working)),
    lot: new Big(lot),
    price,
    exitPrice: isLong ? price.minus(spread) : price.plus(spread),
    stop: stop && { price: stop.price, trail: stop.trail === undefined ? undefined : new Big(stop.trail).div(1000) },
  }))

test('for any proposal, only actions that reduce risk pass', () => {
  fc.assert(
    fc.property(
      held,
      fc.constantFrom(...guardianActions),
      fc.option(share, { nil: undefined }),
      (position, action, amount) => {
        const allowed = check({ action, amount }, position)
        if (allowed instanceof NotAllowed) {
          expect(allowed.because).not.toBe('')
          return
        }
        expect(allowed.action).toBe(action)
        expect(position.signedQuantity.eq(0)).toBe(false)
        if (allowed.action === 'EXIT') expect(position.available.gt(0)).toBe(true)
        if (allowed.action === 'TRIM') {
          expect(allowed.quantity.gt(0) && allowed.quantity.lte(position.available)).toBe(true)
          expect(allowed.quantity.lte(position.signedQuantity.abs())).toBe(true)
          expect(isMultiple(allowed.quantity, position.lot)).toBe(true)
        }
        if (allowed.action === 'TRAIL_STOP') {
          const isLong = position.signedQuantity.gt(0)
          // The stop is on its side of the market and never looser, now and after later prices.
          expect(isLong ? allowed.stop.lt(position.exitPrice) : allowed.stop.gt(position.exitPrice)).toBe(true)
          expect(allowed.stop.gt(0)).toBe(true)
          const { stop } = position
          if (stop) expect(isTighter(position.signedQuantity, stop.price, allowed.stop)).toBe(false)
          if (stop?.trail) {
            const later = position.price.times(isLong ? 2 : '0.5')
            const [was, is] = [stop.trail, allowed.share].map((one) => trailedStop(position.signedQuantity, later, one))
            expect(isTighter(position.signedQuantity, was!, is!)).toBe(false)
          }
        }
      },
    ),
    { numRuns: 2000 },
  )
})

describe('a long position of 1,000 at $100 with a stop at $98', () => {
  const long: HeldPosition = {
    signedQuantity: new Big(1000),
    available: new Big(400),
    lot: new Big(1),
    price: new Big(100),
    exitPrice: new Big('99.9'),
    stop: { price: new Big(98) },
  }
  test.each([
    ['HOLD', undefined, {}],
    ['EXIT', undefined, {}],
    ['TRIM', '0.4', { quantity: '400' }],
    ['TRIM', '0.401', /401 is more than the 400 that are available/],
    ['TRIM', '1', /1,000 is more than the 400/],
    ['TRIM', '5', /is not a part of the position/],
    ['TRIM', '0', /is not a part of the position/],
    ['TRIM', '0.0001', /less than can be traded/],
    ['TRIM', undefined, /without an amount/],
    ['TRAIL_STOP', '0.01', { stop: '99' }],
    ['TRAIL_STOP', '0.02', { stop: '98' }],
    ['TRAIL_STOP', '0.025', { stop: '98' }],
    ['TRAIL_STOP', '0.0251', /looser than the present stop at \$98.00/],
    ['TRAIL_STOP', '0.001', /wrong side of \$99.90/],
    ['TRAIL_STOP', '0.0009', /is not between/],
    ['TRAIL_STOP', '0.51', /is not between/],
    ['TRAIL_STOP', '-0.01', /is not between/],
    ['TRAIL_STOP', undefined, /without an amount/],
  ] as const)('%s %s', (action, amount, expected) => {
    const allowed = check({ action, amount: amount === undefined ? undefined : new Big(amount) }, long)
    if (expected instanceof RegExp) {
      expect(allowed).toBeInstanceOf(NotAllowed)
      expect((allowed as NotAllowed).because).toMatch(expected)
    } else {
      const plain = Object.entries(allowed).map(([name, value]) => [
        name,
        value instanceof Big ? value.toFixed() : value,
      ])
      expect(Object.fromEntries(plain)).toMatchObject({ action, ...expected })
    }
  })
})
