import { Big, floorTo } from '../../base/amounts.ts'
import { percentText, priceText, quantityText } from '../../base/format.ts'
import { distanceTo, isAhead, isTighter, trailedStop } from '../../trading/protection/rules/protection.ts'
import type { GuardianAction } from './guardian-rules.ts'

/** The facts of a position that the risk rules use. */
export interface HeldPosition {
  signedQuantity: Big
  /** The quantity that no live exit order takes already. */
  available: Big
  lot: Big
  /** The price for a close now, in dollars: the bid when long, the ask when short, else the last price. */
  exitPrice: Big
  /** The last price, in dollars. */
  price: Big
  /** `trail` is a share of the price; a stop that trails by dollars has these, too. */
  stop?: { price: Big; trail?: Big; dollars?: Big }
}

/** An allowed action with its amounts. */
export type AllowedAction =
  | { action: 'HOLD' }
  | { action: 'EXIT' }
  | { action: 'TRIM'; share: Big; quantity: Big }
  /** `stop` is the initial level, never looser than the present stop. */
  | { action: 'TRAIL_STOP'; share: Big; stop: Big }

/** The reason why an action is not allowed, without a full stop. */
export class NotAllowed {
  readonly because: string
  constructor(because: string) {
    this.because = because
  }
}

const least = new Big('0.001')
const most = new Big('0.5')
/** Trails are offered in steps of half a percent, so a trail may be wider than the present stop by one step. */
const tolerance = new Big('0.005')

/**
 * Applies the risk rules to a proposal from any source. Only actions that do not add risk pass: an exit, a trim within
 * the available quantity, a trailing stop that is not looser than the present one and on its side of the market, or a hold.
 */
export function check(
  proposal: { action: GuardianAction; amount?: Big },
  held: HeldPosition,
): AllowedAction | NotAllowed {
  const { action, amount } = proposal
  if (held.signedQuantity.eq(0)) return new NotAllowed('nothing is open')
  if (action === 'HOLD') return { action }
  if (action === 'EXIT') {
    return held.available.gt(0) ? { action } : new NotAllowed('all of it is already on its way out')
  }
  if (!amount) return new NotAllowed(`${action} without an amount`)
  return action === 'TRIM' ? checkTrim(amount, held) : checkTrail(amount, held)
}

function checkTrim(share: Big, held: HeldPosition): AllowedAction | NotAllowed {
  if (share.lte(0) || share.gt(1)) return new NotAllowed(`TRIM ${percentText(share)} is not a part of the position`)
  const quantity = floorTo(held.signedQuantity.abs().times(share), held.lot)
  if (quantity.lte(0))
    return new NotAllowed(`${percentText(share).slice(1)} of the position is less than can be traded`)
  if (quantity.gt(held.available)) {
    return new NotAllowed(
      `${quantityText(quantity)} is more than the ${quantityText(held.available)} that are available`,
    )
  }
  return { action: 'TRIM', share, quantity }
}

function checkTrail(share: Big, held: HeldPosition): AllowedAction | NotAllowed {
  if (share.lt(least) || share.gt(most)) {
    return new NotAllowed(`a trail of ${percentText(share)} is not between 0.10% and 50.00%`)
  }
  const { stop, signedQuantity, price } = held
  if (stop?.trail && share.gt(stop.trail)) {
    return new NotAllowed(
      `a trail of ${percentText(share).slice(1)} is looser than the ${stop.dollars ? priceText(stop.dollars) : percentText(stop.trail).slice(1)} of the present stop`,
    )
  }
  if (stop && share.gt(distanceTo(stop.price, price).plus(tolerance))) {
    return new NotAllowed(
      `a trail of ${percentText(share).slice(1)} is looser than the present stop at ${priceText(stop.price)}`,
    )
  }
  const level = trailedStop(signedQuantity, price, share)
  const tighter = stop && !isTighter(signedQuantity, level, stop.price) ? stop.price : level
  if (!isAhead('stop', signedQuantity, tighter, held.exitPrice)) {
    return new NotAllowed(`a stop at ${priceText(tighter)} is on the wrong side of ${priceText(held.exitPrice)}`)
  }
  return { action: 'TRAIL_STOP', share, stop: tighter }
}
