import { type Big, sum, zero } from '../../../base/amounts.ts'
import { priceOfNewUnit, type Ratio } from '../../corporate-actions/rules/split.ts'
import { type Holding, unrealizedPnl } from './position.ts'

/** The change of a holding by one fill, or by several consecutive fills of a symbol together. */
export interface Change {
  symbol: string
  /** Units bought less units sold. */
  signedQuantity: Big
  /**
   * Dollars by which the cost of the holding went up: quantity times price, plus the realized P&L, commissions included. It
   * follows from the booked P&L, because a reversal or a late fill is no trade at the average price of that time. The cost of a
   * short holding is negative.
   */
  cost: Big
  /** Realized P&L of the fills (dollars, commissions taken off). */
  realizedPnl: Big
  /** The price of the last fill (dollars a unit), and its time. */
  price: Big
  at: Date
}

/** The price of a symbol at a moment, in dollars a unit. */
export interface PriceAt {
  symbol: string
  price: Big
  at: Date
}

/** A correction of a holding without a fill: the holding from then on. */
export interface Correction extends Pick<Holding, 'signedQuantity' | 'openCost'> {
  symbol: string
  at: Date
  /**
   * For a split or a rename: the former symbol, the ratio of the units, and the P&L of a paid-out fraction. `isCash`: nothing but the
   * P&L changes, also when the holding is another one by now.
   */
  adjusts?: { symbol: string; ratio: Ratio; realizedPnl: Big; isCash?: boolean }
}

/** P&L of an account at a moment, in dollars. */
export interface CurvePoint {
  at: Date
  realized: Big
  /** P&L of the open holdings at the last price known then. */
  unrealized: Big
  /** The sum of both. */
  total: Big
}

/**
 * The exact P&L of an account at each of these moments, in rising order. It is the realized P&L of the fills up to then, plus
 * the unrealized P&L of the holdings after fills and corrections, at the last known price. A fill counts as a price, too. Fills
 * may be combined into one change if neither a moment nor a correction of the account lies between them.
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
      if (correction?.adjusts?.isCash) {
        realized = realized.plus(correction.adjusts.realizedPnl)
        continue
      }
      if (correction?.adjusts) adjust(correction, correction.adjusts)
      if (correction) hold(symbol, correction)
      if (!change) continue
      hold(symbol, after(holdings.get(symbol) ?? nothing, change))
      realized = realized.plus(change.realizedPnl)
    }
    const unrealized = sum([...holdings].map(([symbol, holding]) => unrealizedPnl(holding, last.get(symbol)!)))
    return { at, realized, unrealized, total: realized.plus(unrealized) }
  })

  /** Closed holdings are removed, so that no later moment looks at them. */
  function hold(symbol: string, holding: Open): void {
    if (holding.signedQuantity.eq(0) && holding.openCost.eq(0)) holdings.delete(symbol)
    else holdings.set(symbol, holding)
  }

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

/** The holding after a change. */
function after({ signedQuantity: before, openCost }: Open, { signedQuantity: changed, cost }: Change): Open {
  const signedQuantity = before.plus(changed)
  const now = (before.lt(0) ? openCost.neg() : openCost).plus(cost)
  return { signedQuantity, openCost: signedQuantity.lt(0) ? now.neg() : now }
}

/** Round steps in milliseconds, from a second to a week. */
const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800,
].map((seconds) => seconds * 1000)

/**
 * Moments one round step apart, from before `from` to the last one before `to`, then `to` itself: at most `most` plus two. A
 * step is at least `least` milliseconds. Returns the step in milliseconds, too.
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
