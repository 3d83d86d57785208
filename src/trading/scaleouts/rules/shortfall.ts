import { type Big, zero } from '../../../base/amounts.ts'
import type { Side } from '../../positions/rules/position.ts'

/** How a gradual exit did against trading everything at once at the price of the decision. */
export interface Shortfall {
  /** Quantity-weighted price of the fills, in dollars. */
  averagePrice: Big
  /** Dollars a unit; positive is cost. */
  perUnit: Big
  /** Dollars; positive is cost. */
  total: Big
}

/**
 * Implementation shortfall of what was executed (Perold, "The implementation shortfall: paper versus reality", 1988):
 * selling below the decision price, or buying above it, is a cost. The decision price of a scaleout is the bid (the ask,
 * when it buys back) at its start, and not the mean of both as with Perold: half a spread is paid on either way. What was
 * not executed costs nothing here, and commissions are in the P&L.
 */
export function implementationShortfall(side: Side, decisionPrice: Big, quantity: Big, proceeds: Big): Shortfall {
  if (quantity.eq(0)) return { averagePrice: zero, perUnit: zero, total: zero }
  const atDecision = decisionPrice.times(quantity)
  const total = side === 'sell' ? atDecision.minus(proceeds) : proceeds.minus(atDecision)
  return { averagePrice: proceeds.div(quantity), perUnit: total.div(quantity), total }
}
