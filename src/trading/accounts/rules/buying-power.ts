import { Big, sum, zero } from '../../../base/amounts.ts'
import type { Side } from '../../positions/rules/position.ts'

/**
 * The share of its value that a short takes: 150%, Regulation T's margin for a short sale (12 CFR 220.12(c)(1)). A broker
 * counts the proceeds towards it; here nothing is bought with them, so all of it is the account's own.
 */
export const shortShare = new Big('1.5')

/** What decides how much an account may still buy. */
export interface Funds {
  /** Dollars that the account began with, and all that it has realized since. */
  settled: Big
  /** Open positions. One without a mark (dollars a unit) counts at its average entry price. */
  positions: { signedQuantity: Big; openCost: Big; mark?: Big }[]
  /** Orders that open and have no end yet: the units that are left of each, at its limit or expected price in dollars. */
  openings: { side: Side; left: Big; price: Big }[]
}

/** What an account has to buy with, in dollars. */
export interface BuyingPower {
  /** What is settled less the cost of long positions; the proceeds of short ones are not in it. Negative when more was recorded than the account has. */
  cash: Big
  /** What short positions take. */
  forShorts: Big
  /** What working orders may still take. */
  forOrders: Big
  /** What is left for another order; never less than nothing. */
  left: Big
}

/** The buying power of a cash account: long positions are paid in full, short ones take 150% of what they are worth. */
export function buyingPower({ settled, positions, openings }: Funds): BuyingPower {
  const longs = positions.filter(({ signedQuantity }) => signedQuantity.gt(0))
  const shorts = positions.filter(({ signedQuantity }) => signedQuantity.lt(0))
  const cash = settled.minus(sum(longs.map(({ openCost }) => openCost)))
  const forShorts = shortShare.times(
    sum(shorts.map(({ signedQuantity, openCost, mark }) => (mark ? signedQuantity.abs().times(mark) : openCost))),
  )
  const forOrders = sum(openings.map(({ side, left, price }) => left.times(takenByUnit(side, price))))
  const left = cash.minus(forShorts).minus(forOrders)
  return { cash, forShorts, forOrders, left: left.gt(0) ? left : zero }
}

/** Dollars of buying power that a unit takes which is bought, or sold short, at a price. */
export function takenByUnit(side: Side, price: Big): Big {
  return side === 'sell' ? price.times(shortShare) : price
}
