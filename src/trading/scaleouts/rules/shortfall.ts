import { type Big, zero } from '../../../base/amounts.ts'
import type { Side } from '../../positions/rules/position.ts'

/** The result of a gradual exit against trading everything at once at the decision price. */
export interface Shortfall {
  /** Quantity-weighted average price of the fills, in dollars. */
  averagePrice: Big
  /** Dollars a unit; positive is cost. */
  perUnit: Big
  /** Dollars; positive is cost. */
  total: Big
}

/**
 * Implementation shortfall of the executed quantity (Perold, "The implementation shortfall: paper versus reality", 1988):
 * selling below the decision price, or buying above it, is a cost. The decision price of a scaleout is the bid (or the ask, for
 * buying back) at its start, not the midpoint as in Perold, since either way of trading pays half a spread. The unexecuted
 * quantity costs nothing here, and commissions are in the P&L.
 */
export function implementationShortfall(side: Side, decisionPrice: Big, quantity: Big, proceeds: Big): Shortfall {
  if (quantity.eq(0)) return { averagePrice: zero, perUnit: zero, total: zero }
  const atDecision = decisionPrice.times(quantity)
  const total = side === 'sell' ? atDecision.minus(proceeds) : proceeds.minus(atDecision)
  return { averagePrice: proceeds.div(quantity), perUnit: total.div(quantity), total }
}
