import { Big, least } from '../../../base/amounts.ts'
import type { Holding, Side } from '../../positions/rules/position.ts'

/** `to` new units replace `from` old ones, both whole: 1 and 10 when ten shares become one, 10 and 1 when one becomes ten. */
export interface Ratio {
  to: Big
  from: Big
}

/** The ratio of a rename: the units stay the same. */
export const unchanged: Ratio = { to: new Big(1), from: new Big(1) }

/** Does a ratio leave all quantities and prices as they are? */
export const isUnchanged = ({ to, from }: Ratio) => to.eq(from)

/** A quantity in new units: exact if it divides, else to twelve decimals. */
export function inNewUnits(quantity: Big, { to, from }: Ratio): Big {
  return quantity.times(to).div(from)
}

/** The price of a new unit from the price of an old one, in dollars: exact if it divides, else to twelve decimals. */
export function priceOfNewUnit(price: Big, { to, from }: Ratio): Big {
  return price.times(from).div(to)
}

/**
 * Is a price, in dollars a unit, one of new units? Compares it, by ratio, with the last price of an old unit: it is when it is
 * nearer to that price converted to new units than to that price itself.
 */
export function isOfNewUnits(price: Big, ofOldUnit: Big, { to, from }: Ratio): boolean {
  const [squared, middle] = [price.times(price).times(to), ofOldUnit.times(ofOldUnit).times(from)]
  return from.gt(to) ? squared.gt(middle) : squared.lt(middle)
}

/** A quantity in new units, rounded down to whole lots. */
export function wholeLots(quantity: Big, ratio: Ratio, lot: Big): Big {
  return dividedDown(quantity.times(ratio.to), ratio.from.times(lot)).times(lot)
}

/** A fraction below one lot that is paid out in cash. */
export interface PaidOut {
  /** New units: exact if it divides, else to twelve decimals. */
  quantity: Big
  /** Dollars, to the cent; a short position pays them. */
  cash: Big
  /** Realized P&L in dollars. */
  realizedPnl: Big
}

/**
 * A holding after a split: quantity times ratio, for the same cost. The fraction of a lot (`lot`, in new units) is paid out at
 * `price`, dollars a new unit. Its share of the cost, rounded to eight decimals, goes with it.
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
  /** The fraction, in `from`ths of a new unit. */
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
 * A stop or a target in new units, rounded to the tick nearer to the market. A stop is never looser than before, and a target
 * is reached no later; either by less than a tick.
 */
export function splitLevel(kind: 'stop' | 'target', signedQuantity: Big, price: Big, ratio: Ratio, tick: Big): Big {
  return onTick(price, ratio, tick, (kind === 'stop') === signedQuantity.gt(0))
}

/**
 * The best price of a trailing stop in new units, rounded to the worse tick, so that the next price moves the stop no later.
 */
export function splitBestPrice(signedQuantity: Big, price: Big, ratio: Ratio, tick: Big): Big {
  return onTick(price, ratio, tick, signedQuantity.lt(0))
}

/** The distance of a trailing stop in dollars of new units, rounded down, so that no stop is looser than before. */
export function splitDistance(dollars: Big, { to, from }: Ratio): Big {
  const grain = new Big('0.000000000001')
  return dividedDown(dollars.times(from), grain.times(to)).times(grain)
}

/**
 * The limit of an order in new units: it never sells for less or buys for more than the given limit; the difference is less
 * than a tick.
 */
export function splitLimit(side: Side, price: Big, ratio: Ratio, tick: Big): Big {
  return onTick(price, ratio, tick, side === 'sell')
}

/** The price of a condition in new units; it is met no later than before. */
export function splitCondition(kind: 'above' | 'below', price: Big, ratio: Ratio, tick: Big): Big {
  return onTick(price, ratio, tick, kind === 'below')
}

/** The meaning of a ratio in words, so that 1:10 and 10:1 are not mixed up: `every 10 shares become 1`. */
export function ratioMeaning({ to, from }: Ratio): string {
  return from.eq(1) ? `every share becomes ${to.toFixed()}` : `every ${from.toFixed()} shares become ${to.toFixed()}`
}

/** `1:10`. */
export const ratioText = ({ to, from }: Ratio) => `${to.toFixed()}:${from.toFixed()}`

/** A price in new units on a tick, at least one tick; with an unchanged ratio the price itself. */
function onTick(price: Big, ratio: Ratio, tick: Big, up: boolean): Big {
  if (isUnchanged(ratio)) return price
  const [amount, step] = [price.times(ratio.from), tick.times(ratio.to)]
  const ticks = dividedDown(amount, step)
  const reached = up && !ticks.times(step).eq(amount) ? ticks.plus(1) : ticks
  return (reached.gt(0) ? reached : new Big(1)).times(tick)
}

/** How often `step` fits into `amount`, exactly; a quotient would be rounded first. */
function dividedDown(amount: Big, step: Big): Big {
  return amount.minus(amount.mod(step)).div(step)
}
