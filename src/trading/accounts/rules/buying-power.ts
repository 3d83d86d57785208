import { Big, sum, zero } from '../../../base/amounts.ts'
import type { Side } from '../../positions/rules/position.ts'

/**
 * The share of its value that a short position takes: 150%, Regulation T's margin for a short sale (12 CFR 220.12(c)(1)). A
 * broker counts the proceeds of the sale towards this margin. Here the proceeds buy nothing, so the account's own money covers
 * all of it.
 */
export const shortShare = new Big('1.5')

/** The funds on which buying power depends. */
export interface Funds {
  /** The starting balance and all realized P&L, in dollars. */
  settled: Big
  /** Open positions. A position without a mark (dollars a unit) counts at its average entry price. */
  positions: { signedQuantity: Big; openCost: Big; mark?: Big }[]
  /** Live opening orders: the unfilled units of each, at its limit or expected price in dollars. */
  openings: { side: Side; left: Big; price: Big }[]
  /** The balance at the broker of a linked account. It counts instead of all of the above. */
  broker?: BrokerFunds
}

/** The balance of a linked account, as its broker last told it; dollars. */
export interface BrokerFunds {
  cash: Big
  buyingPower: Big
  /** The most that orders take which were sent after the broker told the balance. */
  sentSince: Big
  /** Freed before the order: by the order that it replaces, or by the exit that comes first. */
  freed: Big
}

/** The buying power of an account and its parts, in dollars. */
export interface BuyingPower {
  /**
   * Settled funds less the cost of long positions, without the proceeds of short ones. Negative when recorded positions cost
   * more than the account has.
   */
  cash: Big
  /** Margin of short positions. */
  forShorts: Big
  /** The most that working orders may still take. */
  forOrders: Big
  /** The rest, for another order; never below zero. */
  left: Big
}

/**
 * The buying power of a cash account: long positions are paid in full, short ones take 150% of their value. A linked account has what
 * its broker says, less what was sent since.
 */
export function buyingPower({ settled, positions, openings, broker }: Funds): BuyingPower {
  if (broker) {
    const left = broker.buyingPower.plus(broker.freed).minus(broker.sentSince)
    return { cash: broker.cash, forShorts: zero, forOrders: broker.sentSince, left: left.gt(0) ? left : zero }
  }
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

/** Dollars of buying power that one unit takes, bought or sold short, at a price. */
export function takenByUnit(side: Side, price: Big): Big {
  return side === 'sell' ? price.times(shortShare) : price
}
