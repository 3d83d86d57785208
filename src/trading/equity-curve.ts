import { type Big, sum, zero } from './amounts.ts'
import { type Execution, type Holding, unrealizedPnl } from './position.ts'
import { priceOfNewUnit, type Ratio } from './split.ts'

/** A fill as it is booked: when, of what, and what it locked in (dollars, commission taken off). */
export interface Booked extends Execution {
  symbol: string
  realizedPnl: Big
  at: Date
}

/** What a symbol was worth at a moment, in dollars a unit. */
export interface PriceAt {
  symbol: string
  price: Big
  at: Date
}

/** A holding that was put right without a fill: what is held from then on. */
export interface Correction extends Pick<Holding, 'signedQuantity' | 'openCost'> {
  symbol: string
  at: Date
  /** A split, or another symbol: how the holding was called, what its units became, and what was paid out locked in. */
  adjusts?: { symbol: string; ratio: Ratio; realizedPnl: Big }
}

/** P&L of an account at a moment, in dollars. */
export interface CurvePoint {
  at: Date
  realized: Big
  /** Of what was open, at the last price that was known then. */
  unrealized: Big
  /** Their sum. */
  total: Big
}

/**
 * The P&L of an account at each of the moments, which rise: what its fills up to then locked in, and what the positions
 * that they left, or that were put right since, were worth at the last known price. A fill is a price, too. Exact; fills
 * in the order of booking.
 */
export function equityCurve(
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

  /** The last price was one of old units. */
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
 * What is open after a fill that was booked. Its cost follows from what the fill locked in: a fill that takes another one
 * back, or was booked late, is no trade at the average price of then.
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

/** Round lengths of time in milliseconds, from a second to a week. */
const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800,
].map((seconds) => seconds * 1000)

/**
 * Moments at round times, a round step apart, from before `from` to the last one before `to`, then `to` itself: at most
 * `most` and two. Answers with the step in milliseconds, too.
 */
export function roundMoments(from: Date, to: Date, most: number): { step: number; moments: Date[] } {
  const span = to.getTime() - from.getTime()
  const step = steps.find((one) => span / one <= most) ?? Math.ceil(span / most / steps.at(-1)!) * steps.at(-1)!
  const moments: Date[] = []
  for (let at = Math.ceil(from.getTime() / step) * step - step; at < to.getTime(); at += step)
    moments.push(new Date(at))
  return { step, moments: [...moments, to] }
}
