import { type Big, sum, zero } from '../../../base/amounts.ts'
import { priceOfNewUnit, type Ratio } from '../../corporate-actions/rules/split.ts'
import { type Holding, unrealizedPnl } from './position.ts'

/** What fills of a symbol that follow each other changed, one or many of them together. */
export interface Change {
  symbol: string
  /** Units, bought less sold. */
  signedQuantity: Big
  /**
   * Dollars by which the cost of what is held went up: quantity times price, and what the fills locked in, commissions
   * included. It follows from what was booked, since a fill that takes another one back, or was booked late, is no trade at
   * the average price of then. What is held short has a cost below zero.
   */
  cost: Big
  /** What they locked in (dollars, commissions taken off). */
  realizedPnl: Big
  /** Dollars a unit, of the last of them, and when that was. */
  price: Big
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
 * that they left, or that were put right since, were worth at the last known price. A fill is a price, too. Exact. Fills may
 * be added up to one change where neither a moment nor a correction of the account lies between them.
 */
export function equityCurve(
  changes: Change[],
  prices: PriceAt[],
  moments: Date[],
  corrections: Correction[] = [],
): CurvePoint[] {
  const happened = [
    ...changes.map((change) => ({ ...change, change, correction: undefined })),
    ...corrections.map((correction) => ({ ...correction, price: undefined, change: undefined, correction })),
    ...prices.map((price) => ({ ...price, change: undefined, correction: undefined })),
  ].sort((a, b) => a.at.getTime() - b.at.getTime())
  const holdings = new Map<string, Open>()
  const last = new Map<string, Big>()
  let realized = zero
  let next = 0
  return moments.map((at) => {
    for (; next < happened.length && happened[next]!.at <= at; next += 1) {
      const { symbol, price, change, correction } = happened[next]!
      if (price) last.set(symbol, price)
      if (correction?.adjusts) adjust(correction, correction.adjusts)
      if (correction) hold(symbol, correction)
      if (!change) continue
      hold(symbol, after(holdings.get(symbol) ?? nothing, change))
      realized = realized.plus(change.realizedPnl)
    }
    const unrealized = sum([...holdings].map(([symbol, holding]) => unrealizedPnl(holding, last.get(symbol)!)))
    return { at, realized, unrealized, total: realized.plus(unrealized) }
  })

  /** Of what is closed, nothing is left to look at. */
  function hold(symbol: string, holding: Open): void {
    if (holding.signedQuantity.eq(0) && holding.openCost.eq(0)) holdings.delete(symbol)
    else holdings.set(symbol, holding)
  }

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

/** What is open after a change. */
function after({ signedQuantity: before, openCost }: Open, { signedQuantity: changed, cost }: Change): Open {
  const signedQuantity = before.plus(changed)
  const now = (before.lt(0) ? openCost.neg() : openCost).plus(cost)
  return { signedQuantity, openCost: signedQuantity.lt(0) ? now.neg() : now }
}

/** Round lengths of time in milliseconds, from a second to a week. */
const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800,
].map((seconds) => seconds * 1000)

/**
 * Moments at round times, a round step apart, from before `from` to the last one before `to`, then `to` itself: at most
 * `most` and two. A step is `least` milliseconds or more. Answers with the step in milliseconds, too.
 */
export function roundMoments(from: Date, to: Date, most: number, least = 0): { step: number; moments: Date[] } {
  const span = to.getTime() - from.getTime()
  const step =
    steps.find((one) => span / one <= most && one >= least) ?? Math.ceil(span / most / steps.at(-1)!) * steps.at(-1)!
  const moments: Date[] = []
  for (let at = Math.ceil(from.getTime() / step) * step - step; at < to.getTime(); at += step)
    moments.push(new Date(at))
  return { step, moments: [...moments, to] }
}
