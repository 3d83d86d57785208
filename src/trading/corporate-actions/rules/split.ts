import { Big, least } from '../../../base/amounts.ts'
import type { Holding, Side } from '../../positions/rules/position.ts'

/** `to` new units for `from` old ones, both whole: 1 and 10 where every ten shares become one, 10 and 1 where one becomes ten. */
export interface Ratio {
  to: Big
  from: Big
}

/** Of another symbol for the same units. */
export const unchanged: Ratio = { to: new Big(1), from: new Big(1) }

/** Does a ratio leave every quantity and price as it is? */
export const isUnchanged = ({ to, from }: Ratio) => to.eq(from)

/** A quantity in new units: exact where it divides, else to twelve decimals. */
export function inNewUnits(quantity: Big, { to, from }: Ratio): Big {
  return quantity.times(to).div(from)
}

/** What a price of an old unit is for a new one, in dollars: exact where it divides, else to twelve decimals. */
export function priceOfNewUnit(price: Big, { to, from }: Ratio): Big {
  return price.times(from).div(to)
}

/**
 * Is a price, in dollars a unit, one of new units? Judged by what an old unit cost last: it is, when it is nearer to what
 * that becomes than to that itself, as a ratio.
 */
export function isOfNewUnits(price: Big, ofOldUnit: Big, { to, from }: Ratio): boolean {
  const [squared, middle] = [price.times(price).times(to), ofOldUnit.times(ofOldUnit).times(from)]
  return from.gt(to) ? squared.gt(middle) : squared.lt(middle)
}

/** The whole lots in what a quantity becomes; nothing of it is rounded up. */
export function wholeLots(quantity: Big, ratio: Ratio, lot: Big): Big {
  return dividedDown(quantity.times(ratio.to), ratio.from.times(lot)).times(lot)
}

/** What is paid out in cash, since it is less than a lot. */
export interface PaidOut {
  /** New units: exact where it divides, else to twelve decimals. */
  quantity: Big
  /** Dollars, to the cent; a short position pays them. */
  cash: Big
  /** Dollars that it locks in. */
  realizedPnl: Big
}

/**
 * What a split makes of a holding. Quantity times ratio, for the same cost; what is not a whole lot (`lot`, in new units) is
 * paid out at `price`, dollars for a new unit, with its share of the cost, rounded to eight decimals.
 */
export function splitHolding(
  held: Holding,
  ratio: Ratio,
  lot: Big,
  price: Big,
): { holding: Holding; paidOut?: PaidOut } {
  const isLong = held.signedQuantity.gt(0)
  const open = held.signedQuantity.abs()
  const whole = wholeLots(open, ratio, lot)
  const signedQuantity = isLong ? whole : whole.neg()
  /** What is over, in `from`ths of a new unit. */
  const over = open.times(ratio.to).minus(whole.times(ratio.from))
  if (over.eq(0)) return { holding: { ...held, signedQuantity } }
  const share = () => held.openCost.times(over).div(open.times(ratio.to)).round(8, Big.roundHalfEven)
  const released = whole.eq(0) ? held.openCost : least(share(), held.openCost)
  const cash = over.times(price).div(ratio.from).round(2, Big.roundHalfEven)
  const realizedPnl = isLong ? cash.minus(released) : released.minus(cash)
  return {
    holding: {
      signedQuantity,
      openCost: held.openCost.minus(released),
      realizedPnl: held.realizedPnl.plus(realizedPnl),
    },
    paidOut: { quantity: over.div(ratio.from), cash, realizedPnl },
  }
}

/**
 * A stop or a target for new units, on the tick that is nearer to the market: a stop is never looser than it was, and a
 * target is reached no later; either by less than a tick.
 */
export function splitLevel(kind: 'stop' | 'target', signedQuantity: Big, price: Big, ratio: Ratio, tick: Big): Big {
  return onTick(price, ratio, tick, (kind === 'stop') === signedQuantity.gt(0))
}

/** The best price that a trail has seen, for new units, on the tick that is worse: the next price moves the stop no later. */
export function splitBestPrice(signedQuantity: Big, price: Big, ratio: Ratio, tick: Big): Big {
  return onTick(price, ratio, tick, signedQuantity.lt(0))
}

/** The limit of an order for new units: nothing is sold for less, or bought for more, than was said; the difference is less than a tick. */
export function splitLimit(side: Side, price: Big, ratio: Ratio, tick: Big): Big {
  return onTick(price, ratio, tick, side === 'sell')
}

/** The price at or beyond which something is to be done, for new units: it is met no later than it would have been. */
export function splitCondition(kind: 'above' | 'below', price: Big, ratio: Ratio, tick: Big): Big {
  return onTick(price, ratio, tick, kind === 'below')
}

/** What a ratio means, so that 1:10 and 10:1 are not mixed up: `every 10 shares become 1`. */
export function ratioMeaning({ to, from }: Ratio): string {
  return from.eq(1) ? `every share becomes ${to.toFixed()}` : `every ${from.toFixed()} shares become ${to.toFixed()}`
}

/** `1:10`. */
export const ratioText = ({ to, from }: Ratio) => `${to.toFixed()}:${from.toFixed()}`

/** A price for new units on a tick, at least one; a price for the same units stays what it is. */
function onTick(price: Big, ratio: Ratio, tick: Big, up: boolean): Big {
  if (isUnchanged(ratio)) return price
  const [amount, step] = [price.times(ratio.from), tick.times(ratio.to)]
  const ticks = dividedDown(amount, step)
  const reached = up && !ticks.times(step).eq(amount) ? ticks.plus(1) : ticks
  return (reached.gt(0) ? reached : new Big(1)).times(tick)
}

/** How often `step` is in `amount`, exactly: a quotient would be rounded first. */
function dividedDown(amount: Big, step: Big): Big {
  return amount.minus(amount.mod(step)).div(step)
}
