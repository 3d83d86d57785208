import type { Big } from '../../../base/amounts.ts'
import type { Side } from '../../positions/rules/position.ts'

/** The price in dollars beyond which chunks wait: a floor under a sale, or a cap over a purchase. */
export interface Bound {
  kind: 'floor' | 'cap'
  price: Big
}

/** The kind of bound that limits an order of this side. */
export const boundOf = (side: Side): Bound['kind'] => (side === 'sell' ? 'floor' : 'cap')

/** Can an order of this side trade only beyond the bound now? A sale trades at the bid, a purchase at the ask. */
export function isBeyond(side: Side, bound: Big, { bid, ask }: { bid: Big; ask: Big }): boolean {
  return side === 'sell' ? bid.lt(bound) : ask.gt(bound)
}

/**
 * The share of their distance that the chunks behind a late one keep, so that all of them stay in the window of a bounded
 * scaleout. After the window it is all of it. Times are milliseconds.
 */
export function squeezed({ due, until, now }: { due: number; until: number; now: number }): number {
  return now <= due || now >= until ? 1 : (until - now) / (until - due)
}
