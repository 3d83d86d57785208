import { type Big, sum } from '../../../src/base/amounts.ts'
import type { VenueFill } from '../../../src/venues/venue.ts'

/**
 * The change of a position by a fill, in units: the signed quantity, with the opposite sign for a fill that takes another
 * back.
 */
export function signedQuantity({ side, quantity, reverses }: VenueFill): Big {
  return (side === 'buy') === (reverses === undefined) ? quantity : quantity.neg()
}

/** The change of a position by fills, in units. */
export function netOf(fills: Iterable<VenueFill>): Big {
  return sum([...fills].map(signedQuantity))
}

/** The quantity that fills add to their order, in units, less the quantity that was taken back. */
export function filledBy(fills: Iterable<VenueFill>): Big {
  return sum([...fills].map(({ quantity, reverses }) => (reverses === undefined ? quantity : quantity.neg())))
}

/** The change of an account's cash by fills, in dollars: commissions count, and a bust returns them. */
export function cashOf(fills: Iterable<VenueFill>): Big {
  const dollars = ({ commission, reverses, ...fill }: VenueFill) => {
    const paid = signedQuantity({ commission, reverses, ...fill }).times(fill.price)
    return (reverses === undefined ? commission : commission.neg()).plus(paid).neg()
  }
  return sum([...fills].map(dollars))
}

/** Each fill once, in the order of its first appearance. */
export function distinct(fills: VenueFill[]): VenueFill[] {
  return [...new Map(fills.map((fill) => [fill.venueFillId, fill])).values()]
}
