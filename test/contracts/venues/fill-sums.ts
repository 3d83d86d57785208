import { type Big, sum } from '../../../src/base/amounts.ts'
import type { VenueFill } from '../../../src/venues/venue.ts'

/** What a fill adds to a position, in units: its quantity with a sign, and the other one when it takes a fill back. */
export function signedQuantity({ side, quantity, reverses }: VenueFill): Big {
  return (side === 'buy') === (reverses === undefined) ? quantity : quantity.neg()
}

/** What fills add to a position, in units. */
export function netOf(fills: Iterable<VenueFill>): Big {
  return sum([...fills].map(signedQuantity))
}

/** What fills filled of their order, in units, less what was taken back. */
export function filledBy(fills: Iterable<VenueFill>): Big {
  return sum([...fills].map(({ quantity, reverses }) => (reverses === undefined ? quantity : quantity.neg())))
}

/** What fills do to the cash of an account, in dollars: commissions count, and a bust gives them back. */
export function cashOf(fills: Iterable<VenueFill>): Big {
  const dollars = ({ commission, reverses, ...fill }: VenueFill) => {
    const paid = signedQuantity({ commission, reverses, ...fill }).times(fill.price)
    return (reverses === undefined ? commission : commission.neg()).plus(paid).neg()
  }
  return sum([...fills].map(dollars))
}

/** Each fill once, in the order in which they first came. */
export function distinct(fills: VenueFill[]): VenueFill[] {
  return [...new Map(fills.map((fill) => [fill.venueFillId, fill])).values()]
}
