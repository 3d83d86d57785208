import { type Big, sum, zero } from '../../../src/base/amounts.ts'
import { priceOfNewUnit } from '../../../src/trading/corporate-actions/rules/split.ts'
import type { Change, Correction, CurvePoint, PriceAt } from '../../../src/trading/positions/rules/equity-curve.ts'
import { type Execution, type Holding, unrealizedPnl } from '../../../src/trading/positions/rules/position.ts'

/** A fill as it is booked: when, of what, and what it locked in (dollars, commission taken off). */
export interface Booked extends Execution {
  symbol: string
  realizedPnl: Big
  at: Date
}

/** A fill as a change of its own. */
export const changeOf = ({ symbol, side, quantity, price, commission, realizedPnl, at }: Booked): Change => {
  const signedQuantity = side === 'buy' ? quantity : quantity.neg()
  return {
    symbol,
    signedQuantity,
    cost: signedQuantity.times(price).plus(realizedPnl).plus(commission),
    realizedPnl,
    price,
    at,
  }
}

/**
 * The curve from every single fill, to compare the one from sums with: what its fills up to then locked in, and what the positions
 * that they left, or that were put right since, were worth at the last known price. A fill is a price, too. Exact; fills
 * in the order of booking.
 */
export function exactCurve(
  fills: Booked[],
  prices: PriceAt[],
  moments: Date[],
  corrections: Correction[] = [],
): CurvePoint[] {
  const happened = [
    ...fills.map((fill) => ({ at: fill.at, symbol: fill.symbol, price: fill.price, fill, correction: undefined })),
    ...corrections.map((correction) => ({ ...correction, price: undefined, fill: undefined, correction })),
    ...prices.map((price) => ({ ...price, fill: undefined, correction: undefined })),
  ].sort((a, b) => a.at.getTime() - b.at.getTime())
  const holdings = new Map<string, Open>()
  const last = new Map<string, Big>()
  let realized = zero
  let next = 0
  return moments.map((at) => {
    for (; next < happened.length && happened[next]!.at <= at; next += 1) {
      const { symbol, price, fill, correction } = happened[next]!
      if (price) last.set(symbol, price)
      if (correction?.adjusts) adjust(correction, correction.adjusts)
      if (correction) holdings.set(symbol, correction)
      if (!fill) continue
      holdings.set(symbol, afterBooked(holdings.get(symbol) ?? nothing, fill))
      realized = realized.plus(fill.realizedPnl)
    }
    const unrealized = sum([...holdings].map(([symbol, holding]) => unrealizedPnl(holding, last.get(symbol)!)))
    return { at, realized, unrealized, total: realized.plus(unrealized) }
  })

  /** Converts the last price, which is of old units. */
  function adjust({ symbol }: Correction, { symbol: before, ratio, realizedPnl }: NonNullable<Correction['adjusts']>) {
    const price = last.get(before)
    if (price) last.set(symbol, priceOfNewUnit(price, ratio))
    holdings.delete(before)
    realized = realized.plus(realizedPnl)
  }
}

type Open = Pick<Holding, 'signedQuantity' | 'openCost'>

const nothing: Open = { signedQuantity: zero, openCost: zero }

/**
 * The holding after a booked fill. Its cost follows from the P&L of the fill, because a reversal or a late fill is no trade at
 * the average price of that time.
 */
function afterBooked(
  { signedQuantity: before, openCost }: Open,
  { side, quantity, price, commission, realizedPnl }: Booked,
): Open {
  const traded = side === 'buy' ? quantity : quantity.neg()
  const signedQuantity = before.plus(traded)
  const paid = traded.times(price).plus(realizedPnl).plus(commission)
  const cost = (before.lt(0) ? openCost.neg() : openCost).plus(paid)
  return { signedQuantity, openCost: signedQuantity.lt(0) ? cost.neg() : cost }
}
