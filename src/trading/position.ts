import { Big, least, zero } from './amounts.ts'

/** What an order does. */
export type Side = 'buy' | 'sell'

/**
 * The net of fills. `openCost` is what was paid for (long) or received for (short) the open quantity, in dollars; it is
 * kept instead of an average price so that nothing is lost to rounding: a closing fill takes its share of the cost,
 * rounded to eight decimals, and the last one takes what is left. Over a whole round trip realized P&L is therefore
 * exactly what came in less what went out.
 */
export interface Holding {
  /** Negative when short. */
  signedQuantity: Big
  /** Dollars, never negative. */
  openCost: Big
  /** Dollars, commissions taken off. */
  realizedPnl: Big
}

/** What changes a holding. */
export interface Execution {
  side: Side
  quantity: Big
  /** Dollars per unit. */
  price: Big
  /** Dollars for the whole; positive is cost. */
  commission: Big
}

export const flat: Holding = { signedQuantity: zero, openCost: zero, realizedPnl: zero }

/** The side that opens or adds to a position in this direction. */
export function openingSide(direction: 'LONG' | 'SHORT'): Side {
  return direction === 'LONG' ? 'buy' : 'sell'
}

/** The side that takes from a position with this signed quantity. */
export function closingSide(signedQuantity: Big): Side {
  return signedQuantity.gt(0) ? 'sell' : 'buy'
}

/** `LONG`, `SHORT` or `FLAT`. */
export function directionOf(signedQuantity: Big): 'LONG' | 'SHORT' | 'FLAT' {
  if (signedQuantity.eq(0)) return 'FLAT'
  return signedQuantity.gt(0) ? 'LONG' : 'SHORT'
}

/** The holding after a fill, and the P&L that the fill locked in (its commission taken off). A fill beyond flat opens the other direction. */
export function afterFill(holding: Holding, fill: Execution): { holding: Holding; realizedPnl: Big } {
  const signed = fill.side === 'buy' ? fill.quantity : fill.quantity.neg()
  const open = holding.signedQuantity.abs()
  const opens = holding.signedQuantity.eq(0) || holding.signedQuantity.gt(0) === signed.gt(0)
  const closing = opens ? zero : open.lt(fill.quantity) ? open : fill.quantity
  const opening = fill.quantity.minus(closing)

  const share = () => holding.openCost.times(closing).div(open).round(8, Big.roundHalfEven)
  // Rounding may not take more than there is.
  const released = closing.eq(open) ? holding.openCost : least(share(), holding.openCost)
  const exchanged = closing.times(fill.price)
  const locked = holding.signedQuantity.gt(0) ? exchanged.minus(released) : released.minus(exchanged)
  const realizedPnl = (closing.eq(0) ? zero : locked).minus(fill.commission)
  return {
    realizedPnl,
    holding: {
      signedQuantity: holding.signedQuantity.plus(signed),
      openCost: (closing.eq(0) ? holding.openCost : holding.openCost.minus(released)).plus(opening.times(fill.price)),
      realizedPnl: holding.realizedPnl.plus(realizedPnl),
    },
  }
}

/** Quantity-weighted price of what is open, in dollars; zero when flat. */
export function averageEntryPrice(holding: Pick<Holding, 'signedQuantity' | 'openCost'>): Big {
  return holding.signedQuantity.eq(0) ? zero : holding.openCost.div(holding.signedQuantity.abs())
}

/** What closing the whole position at `price` would lock in, in dollars. */
export function unrealizedPnl(holding: Pick<Holding, 'signedQuantity' | 'openCost'>, price: Big): Big {
  const worth = holding.signedQuantity.abs().times(price)
  return holding.signedQuantity.lt(0) ? holding.openCost.minus(worth) : worth.minus(holding.openCost)
}

/** Unrealized P&L over the cost of what is open, as a share of one; zero when flat. */
export function unrealizedReturn(holding: Pick<Holding, 'signedQuantity' | 'openCost'>, price: Big): Big {
  return holding.openCost.eq(0) ? new Big(0) : unrealizedPnl(holding, price).div(holding.openCost)
}
