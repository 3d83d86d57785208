import { Big } from '../../../src/base/amounts.ts'
import type { Execution } from '../../../src/trading/positions/rules/position.ts'
import fc from '../../support/fast-check.ts'

/** A decimal from `least` to `most` units of the last of `decimals` decimals. */
export const decimal = (decimals: number, least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((units) => new Big(units).div(new Big(10).pow(decimals)))

/** Quantities from the smallest coin to a large block. */
export const quantities = fc.oneof(decimal(0, 1, 1_000_000), decimal(4, 1, 500_000), fc.constant(new Big('0.0001')))

/** Prices from a hundred-millionth of a dollar to a hundred thousand. */
export const prices = fc.oneof(decimal(2, 1, 10_000_000), decimal(8, 1, 100_000_000))

/** Any execution: either side, with a commission or without, or with a rebate. */
export const executions: fc.Arbitrary<Execution> = fc.record({
  side: fc.constantFrom('buy' as const, 'sell' as const),
  quantity: quantities,
  price: prices,
  commission: fc.oneof(fc.constant(new Big(0)), decimal(4, -100, 50_000)),
})
