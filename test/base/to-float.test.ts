import Big from 'big.js'
import { expect, test } from 'vitest'
import { toFloat } from '../../src/base/amounts.ts'
import fc from '../support/fast-check.ts'

test('the float of an amount is the one that Big has', () => {
  const amount = fc
    .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: -12, max: 30 }))
    .map(([digits, decimals]) => new Big(`${digits}e${-decimals}`))
  fc.assert(
    fc.property(
      fc.oneof(
        amount,
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => new Big(value)),
      ),
      (one) => {
        expect(toFloat(one)).toBe(one.toNumber())
      },
    ),
    { numRuns: 5000 },
  )
})
