import { Big, floorTo } from '../../../base/amounts.ts'

/** An order that protects a position at its venue: where it closes, in dollars a unit, and how much of it, in units. */
export interface RestingProtection {
  stop?: Big
  target?: Big
  quantity: Big
}

/** The facts on which the protection at the venue depends. */
export interface ProtectionFacts {
  /** The owner of the account wants protection to rest at the venue. */
  isOn: boolean
  capabilities: { canProtect?: boolean; canStop?: boolean }
  signedQuantity: Big
  /** Units that the venue does not show. */
  missingQuantity: Big
  /** Units that other exits may still take. */
  workingQuantity: Big
  /** Units of these that a member's order holds, which may rest for long. */
  restingQuantity: Big
  stop?: Big
  target?: Big
  /** The step of prices, in dollars. */
  tick: Big
  /** An order that opens or adds is working in the symbol. */
  isAdding: boolean
  /**
   * An order that takes from the position, opens or adds was sent a moment ago, and is not over; or one at the market for all that is open
   * is being filled, and ends the position.
   */
  isPassing: boolean
  /** A chunk of a scaleout is due in a moment, or its order is on the way. */
  isScalingOut: boolean
  /** It was taken back for another order, which is written in a moment. */
  isHeld: boolean
  /** A touched level, or the breaker, is closing the position. */
  isClosing: boolean
  /** The venue has ended the last order without being asked, and no level was set since. */
  isLost: boolean
}

/**
 * The wanted protection at the venue. `none`: nothing is to rest there. `because` says why the desk protects by itself although the
 * member wants the venue to; without it that lasts a moment only, or was told before.
 */
export type WantedProtection = { kind: 'rests'; order: RestingProtection } | { kind: 'none'; because?: string }

/**
 * Decides whether a position's levels rest at the venue. They do only while nothing else may take from the position, for exactly what is
 * open: then there is one protection, and never more of it than there is.
 */
export function protectionWanted(facts: ProtectionFacts): WantedProtection {
  const { signedQuantity, stop, target, capabilities } = facts
  if (!facts.isOn || signedQuantity.eq(0) || (!stop && !target)) return { kind: 'none' }
  if (stop && !capabilities.canStop) return { kind: 'none', because: 'it takes no orders with a stop' }
  if (stop && target && !capabilities.canProtect)
    return { kind: 'none', because: 'it takes no orders with a stop and a target' }
  if (facts.isClosing || facts.isHeld || facts.isScalingOut || facts.isLost || facts.isPassing) return { kind: 'none' }
  const quantity = signedQuantity.abs().minus(facts.missingQuantity)
  if (quantity.lte(0)) return { kind: 'none' }
  if (facts.isAdding)
    return { kind: 'none', because: `an order that ${signedQuantity.gt(0) ? 'buys' : 'sells'} is working` }
  if (facts.workingQuantity.gt(0))
    return {
      kind: 'none',
      ...(facts.restingQuantity.gt(0) && { because: 'another order holds a part of the position' }),
    }
  // Behind the orders: what one of them leaves as it fills is no news.
  if (!quantity.eq(floorTo(quantity, new Big(1))))
    return { kind: 'none', because: 'it keeps none for parts of a share' }
  const levels = onTicks(facts)
  if (!levels) return { kind: 'none', because: 'it has no price as low as the level' }
  return { kind: 'rests', order: { ...levels, quantity } }
}

/** The levels on the venue's ticks, never nearer to the price than the member's own; undefined when one would be at nothing. */
function onTicks({
  signedQuantity,
  stop,
  target,
  tick,
}: ProtectionFacts): Pick<RestingProtection, 'stop' | 'target'> | undefined {
  const isLong = signedQuantity.gt(0)
  const [lower, upper] = isLong ? [stop, target] : [target, stop]
  const down = lower && floorTo(lower, tick)
  const up = upper && ceilingTo(upper, tick)
  if (down?.lte(0)) return undefined
  const levels = isLong ? { stop: down, target: up } : { stop: up, target: down }
  return { ...(levels.stop && { stop: levels.stop }), ...(levels.target && { target: levels.target }) }
}

function ceilingTo(amount: Big, step: Big): Big {
  const down = floorTo(amount, step)
  return down.eq(amount) ? down : down.plus(step)
}

/** Is the order that rests the wanted one? A stop that is to be tighter by a trail may wait (`isTrailing`). */
export function isAsWanted(resting: RestingProtection, wanted: RestingProtection, mayWait = false): boolean {
  const isSame = (one: Big | undefined, other: Big | undefined) => (one && other ? one.eq(other) : one === other)
  const isStop =
    isSame(resting.stop, wanted.stop) || (mayWait && resting.stop !== undefined && wanted.stop !== undefined)
  return isStop && isSame(resting.target, wanted.target) && resting.quantity.eq(wanted.quantity)
}
