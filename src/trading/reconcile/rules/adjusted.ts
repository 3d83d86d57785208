import { Big, least, zero } from '../../../base/amounts.ts'
import type { Holding } from '../../positions/rules/position.ts'

/** A holding brought to another quantity without a fill. */
export interface Adjusted {
  holding: Holding
  /** Units that left it, and what they locked in; absent when units came or nothing changed. */
  gone?: { quantity: Big; cash: Big; realizedPnl: Big }
}

/** The units of the desk's own position once a difference is booked: units of the other side are no rest of it. */
export function ownUnits(ledger: Big, gap: Big): Big {
  const target = ledger.plus(gap)
  return ledger.times(target).lt(0) ? zero : target
}

/**
 * Brings a holding to a quantity on its own side, or flat. Units that left take their share of the cost with them; with a price (dollars a
 * unit) they lock in P&L, without one nothing is known of it, and they lock in none. Units that came cost `price`.
 */
export function adjusted(holding: Holding, signedQuantity: Big, price: Big | undefined): Adjusted {
  const [before, after] = [holding.signedQuantity.abs(), signedQuantity.abs()]
  if (after.gte(before)) {
    const openCost = holding.openCost.plus(after.minus(before).times(price ?? zero))
    return { holding: { ...holding, signedQuantity, openCost } }
  }
  const quantity = before.minus(after)
  const share = () => holding.openCost.times(quantity).div(before).round(8, Big.roundHalfEven)
  const released = after.eq(0) ? holding.openCost : least(share(), holding.openCost)
  const cash = price ? price.times(quantity) : released
  const realizedPnl = holding.signedQuantity.gt(0) ? cash.minus(released) : released.minus(cash)
  return {
    holding: {
      signedQuantity,
      openCost: holding.openCost.minus(released),
      realizedPnl: holding.realizedPnl.plus(realizedPnl),
    },
    gone: { quantity, cash, realizedPnl },
  }
}
