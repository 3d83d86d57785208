import { expect, test } from 'vitest'
import { Big } from '../../src/base/amounts.ts'
import { isReached, sideOf } from '../../src/trading/price-alerts/rules/price-alert.ts'
import fc from '../support/fast-check.ts'

const cents = fc.integer({ min: 1, max: 100_000 }).map((count) => new Big(count).div(100))

test('a level without a side is reached by the first price that crosses it, and by no price before', () => {
  fc.assert(
    fc.property(cents, cents, fc.array(cents, { maxLength: 30 }), (now, level, prices) => {
      fc.pre(!now.eq(level))
      const alert = sideOf(level, now)
      expect(isReached(alert, now)).toBe(false)
      const crosses = (price: Big) => price.eq(level) || price.gt(level) !== now.gt(level)
      expect(prices.findIndex((price) => isReached(alert, price))).toBe(prices.findIndex(crosses))
    }),
  )
})
