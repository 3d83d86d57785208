import { Big } from '../../../base/amounts.ts'
import { averageEntryPrice } from '../../positions/rules/position.ts'

/** The way in which a stop trails. */
export interface Trail {
  /** Its distance from the best price as a share of one; for one in dollars, that share when it was set. */
  share: Big
  /** Its distance in dollars a unit, if it was set in dollars. It counts instead of the share. */
  dollars?: Big
  /** The best price since it was set, in dollars. */
  bestPrice: Big
}

/** The smallest and the largest distance of a trailing stop, as shares of the price. */
export const trailLimits = { least: new Big('0.001'), most: new Big('0.5') }

type Held = { signedQuantity: Big; openCost: Big }

/** A price rounded to the decimals that people are shown: six below $10, four above, eight below a cent. */
export function toGrain(price: Big): Big {
  return price.round(price.lt('0.01') ? 8 : price.lt(10) ? 6 : 4, Big.roundHalfEven)
}

/** The price in dollars at which a position has this return (a share of one; negative is a loss) on its average entry price. */
export function priceAtReturn(held: Held, share: Big): Big {
  const move = held.signedQuantity.lt(0) ? share.neg() : share
  return toGrain(averageEntryPrice(held).times(move.plus(1)))
}

/**
 * The price in dollars of a trailing stop that keeps `share` of one from the best price: below it for a long position, above it
 * for a short one.
 */
export function trailedStop(signedQuantity: Big, bestPrice: Big, share: Big): Big {
  return toGrain(bestPrice.times(signedQuantity.lt(0) ? share.plus(1) : new Big(1).minus(share)))
}

/** The price in dollars of a trailing stop at this best price; a distance in dollars is kept exactly. */
export function stopOf(signedQuantity: Big, { share, dollars, bestPrice }: Trail): Big {
  if (!dollars) return trailedStop(signedQuantity, bestPrice, share)
  return signedQuantity.lt(0) ? bestPrice.plus(dollars) : bestPrice.minus(dollars)
}

/** The distance of a trailing stop as a share of its best price. */
export function shareOf({ share, dollars, bestPrice }: Trail): Big {
  return dollars ? dollars.div(bestPrice) : share
}

/**
 * Is a stop still untouched at this price: below it for a long position, above it for a short one? For a target the sides are
 * reversed.
 */
export function isAhead(kind: 'stop' | 'target', signedQuantity: Big, level: Big, price: Big): boolean {
  const isBelow = signedQuantity.gt(0) === (kind === 'stop')
  return isBelow ? level.lt(price) : level.gt(price)
}

/** Is a part of a position, with a level of this kind, closed with the whole position before the price gets to its level? */
export function isBehind(kind: 'stop' | 'target', signedQuantity: Big, part: Big, whole: Big): boolean {
  return part.eq(whole) || isAhead(kind, signedQuantity, part, whole)
}

/** The levels of parts that are behind new levels for the whole position. */
export function partsBehind<Part extends { kind: 'stop' | 'target'; price: Big }>(
  parts: Part[],
  wholes: { kind: 'stop' | 'target'; price: Big }[],
  signedQuantity: Big,
): Part[] {
  return parts.filter(({ kind, price }) =>
    wholes.some((whole) => whole.kind === kind && isBehind(kind, signedQuantity, price, whole.price)),
  )
}

/** Is a stop at `level` tighter than one at `than`? */
export function isTighter(signedQuantity: Big, level: Big, than: Big): boolean {
  return signedQuantity.gt(0) ? level.gt(than) : level.lt(than)
}

/** The distance of a level from the price, as a share of the price. */
export function distanceTo(level: Big, price: Big): Big {
  return level.minus(price).abs().div(price)
}
