import { Big, floorTo } from '../../../src/base/amounts.ts'

/** The size of each of some parts of an order, in whole shares where it has them. */
export function partOf(quantity: Big, parts: number): Big {
  const step = quantity.lt(parts) ? quantity.div(parts).round(9) : floorTo(quantity.div(parts), new Big(1))
  return step.gt(0) ? step : quantity
}
