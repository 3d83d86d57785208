import { type Big, zero } from '../../../src/base/amounts.ts'

/** A holding: `quantity` is negative when short, and `cost` are the dollars that it took (negative: brought). */
export interface Holding {
  quantity: Big
  cost: Big
}

/** Adds units to a holding of a symbol, or takes them away, at a price in dollars a unit; an empty holding is none. */
export function addTo(holdings: Map<string, Holding>, symbol: string, signed: Big, price: Big): void {
  const before = holdings.get(symbol) ?? { quantity: zero, cost: zero }
  const quantity = before.quantity.plus(signed)
  const isAdding = before.quantity.times(signed).gte(0)
  const isTurned = before.quantity.times(quantity).lt(0)
  if (quantity.eq(0)) holdings.delete(symbol)
  else if (isAdding) holdings.set(symbol, { quantity, cost: before.cost.plus(signed.times(price)) })
  else if (isTurned) holdings.set(symbol, { quantity, cost: quantity.times(price) })
  else holdings.set(symbol, { quantity, cost: before.cost.times(quantity).div(before.quantity) })
}
