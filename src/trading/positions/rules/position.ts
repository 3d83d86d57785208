import { Big, least, zero } from '../../../base/amounts.ts'

/** The side of an order. */
export type Side = 'buy' | 'sell'

/**
 * The net of fills. `openCost` is the dollars paid for (long) or received for (short) the open quantity. Storing the cost
 * instead of an average price loses nothing to rounding: a closing fill takes its share of the cost, rounded to eight decimals,
 * and the last one takes the rest. Over a whole round trip realized P&L is therefore exactly the money in less the money out.
 */
export interface Holding {
  /** Negative when short. */
  signedQuantity: Big
  /** Dollars, never negative. */
  openCost: Big
  /** Dollars, commissions taken off. */
  realizedPnl: Big
}

/** A fill, as far as it changes a holding. */
export interface Execution {
  side: Side
  quantity: Big
  /** Dollars per unit. */
  price: Big
  /** Dollars for the whole fill; positive is cost. */
  commission: Big
}

export const flat: Holding = { signedQuantity: zero, openCost: zero, realizedPnl: zero }

/** The side that opens or adds to a position in this direction. */
export function openingSide(direction: 'LONG' | 'SHORT'): Side {
  return direction === 'LONG' ? 'buy' : 'sell'
}

/** The side that reduces a position with this signed quantity. */
export function closingSide(signedQuantity: Big): Side {
  return signedQuantity.gt(0) ? 'sell' : 'buy'
}

/** `LONG`, `SHORT` or `FLAT`. */
export function directionOf(signedQuantity: Big): 'LONG' | 'SHORT' | 'FLAT' {
  if (signedQuantity.eq(0)) return 'FLAT'
  return signedQuantity.gt(0) ? 'LONG' : 'SHORT'
}

/**
 * The holding after a fill, and the realized P&L of the fill after its commission. A fill beyond flat opens the other
 * direction.
 */
export function afterFill(holding: Holding, fill: Execution): { holding: Holding; realizedPnl: Big } {
  const signed = fill.side === 'buy' ? fill.quantity : fill.quantity.neg()
  const open = holding.signedQuantity.abs()
  const opens = holding.signedQuantity.eq(0) || holding.signedQuantity.gt(0) === signed.gt(0)
  const closing = opens ? zero : open.lt(fill.quantity) ? open : fill.quantity
  const opening = fill.quantity.minus(closing)

  const share = () => holding.openCost.times(closing).div(open).round(8, Big.roundHalfEven)
  // Rounding must not release more cost than the holding has.
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

/** The units of a fill that close the holding; the rest opens. */
export function closedBy(
  { signedQuantity }: Pick<Holding, 'signedQuantity'>,
  { side, quantity }: Pick<Execution, 'side' | 'quantity'>,
): Big {
  const opens = signedQuantity.eq(0) || signedQuantity.gt(0) === (side === 'buy')
  return opens ? zero : least(signedQuantity.abs(), quantity)
}

/**
 * The holding after the venue has reversed a fill, and the realized P&L of the reversal. If possible, the reversal undoes the
 * fill exactly and negates its P&L. If too much has happened since, it books the opposite trade at the same price, which comes
 * to the same dollars in total. `closedQuantity` is the result of `closedBy` for the fill.
 */
export function afterReversal(
  holding: Holding,
  fill: Execution & { realizedPnl: Big; closedQuantity: Big | undefined },
): { holding: Holding; realizedPnl: Big } {
  const { side, quantity, price, commission, realizedPnl, closedQuantity } = fill
  const signed = side === 'buy' ? quantity : quantity.neg()
  const signedQuantity = holding.signedQuantity.minus(signed)
  const locked = realizedPnl.plus(commission)
  const exchanged = quantity.times(price)
  const released = side === 'sell' ? exchanged.minus(locked) : exchanged.plus(locked)
  const isClosing = closedQuantity?.eq(quantity) ?? false
  const isOpening = closedQuantity?.eq(0) ?? false
  const openCost = isClosing ? holding.openCost.plus(released) : holding.openCost.minus(exchanged)
  // An exact undo needs a holding on the side that the fill found, or left.
  const stands = isClosing ? signed.times(holding.signedQuantity).lte(0) : signed.times(signedQuantity).gte(0)
  const isSound = isClosing || (openCost.gte(0) && signedQuantity.eq(0) === openCost.eq(0))
  if ((isClosing || isOpening) && stands && isSound) {
    const undone = realizedPnl.neg()
    return {
      realizedPnl: undone,
      holding: { signedQuantity, openCost, realizedPnl: holding.realizedPnl.plus(undone) },
    }
  }
  const opposite = side === 'buy' ? ('sell' as const) : ('buy' as const)
  return afterFill(holding, { side: opposite, quantity, price, commission: commission.neg() })
}

/** Quantity-weighted average price of the open quantity, in dollars; zero when flat. */
export function averageEntryPrice(holding: Pick<Holding, 'signedQuantity' | 'openCost'>): Big {
  return holding.signedQuantity.eq(0) ? zero : holding.openCost.div(holding.signedQuantity.abs())
}

/** The P&L of closing the whole position at `price`, in dollars. */
export function unrealizedPnl(holding: Pick<Holding, 'signedQuantity' | 'openCost'>, price: Big): Big {
  const worth = holding.signedQuantity.abs().times(price)
  return holding.signedQuantity.lt(0) ? holding.openCost.minus(worth) : worth.minus(holding.openCost)
}

/** Unrealized P&L over the open cost, as a share of one; zero when flat. */
export function unrealizedReturn(holding: Pick<Holding, 'signedQuantity' | 'openCost'>, price: Big): Big {
  return holding.openCost.eq(0) ? new Big(0) : unrealizedPnl(holding, price).div(holding.openCost)
}
