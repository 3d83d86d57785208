import { Big, zero } from '../../../base/amounts.ts'
import type { Ratio } from '../../corporate-actions/rules/split.ts'

/** The largest number of units in a ratio. */
const most = 100_000

/**
 * New units for one old unit as two whole numbers, `3` and `2` for 1.5. A venue may round the ratio, so the nearest fraction with small
 * numbers is taken. Undefined for a ratio that no split has.
 */
export function ratioFrom(newForOld: Big): Ratio | undefined {
  if (newForOld.lte(0)) return undefined
  // The convergents of its continued fraction; the first that is as exact as the venue's digits is meant.
  let [p, q, before, under] = [new Big(1), zero, zero, new Big(1)]
  let rest = newForOld
  for (let step = 0; step < 30; step++) {
    const whole = rest.round(0, Big.roundDown)
    ;[p, before] = [whole.times(p).plus(before), p]
    ;[q, under] = [whole.times(q).plus(under), q]
    if (p.gt(most) || q.gt(most)) return undefined
    const off = p.div(q).minus(newForOld).abs()
    if (p.gt(0) && off.lte(newForOld.times('0.000001'))) return { to: p, from: q }
    const left = rest.minus(whole)
    if (left.eq(0)) return undefined
    rest = new Big(1).div(left)
  }
  return undefined
}

/**
 * The ratio that a venue's action means: its own, or by the units that it added to what was held. `now` is the quantity that the
 * venue shows.
 */
export function ratioOf({ ratio, quantity }: { ratio?: Big; quantity?: Big }, now: Big): Ratio | undefined {
  if (ratio) return ratioFrom(ratio)
  if (!quantity) return undefined
  const before = now.minus(quantity)
  return before.times(now).gt(0) ? ratioFrom(now.div(before)) : undefined
}
