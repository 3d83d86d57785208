import { type Big, least, zero } from '../../../base/amounts.ts'
import type { Side } from '../../positions/rules/position.ts'

/** The net units of an account in a symbol, by who keeps count; negative when short. */
export interface Counted {
  /** The desk's own position. */
  ledger: Big
  /** Units that are not the desk's. */
  external: Big
  /** All that the venue shows. */
  venue: Big
}

/** Units that the venue shows more (negative: fewer) than the ledger and what is external explain. */
export function gapOf({ ledger, external, venue }: Counted): Big {
  return venue.minus(ledger).minus(external)
}

/** Units of the desk's position that the venue does not show on its side: no order may take them. */
export function missingOf({ ledger, venue }: Pick<Counted, 'ledger' | 'venue'>): Big {
  const shown = ledger.gt(0) ? venue : venue.neg()
  const there = shown.gt(0) ? shown : zero
  const missing = ledger.abs().minus(there)
  return missing.gt(0) ? missing : zero
}

/** An execution elsewhere, divided. */
export interface Allocated {
  /** The units that close the desk's position. */
  ofDesk: Big
  /** The external units afterwards; negative when short. */
  external: Big
}

/**
 * Divides an execution of an order that is not the desk's: it first closes what is external, then the desk's position, and what is
 * left of it is external. So a member's own shares beside the desk's go first.
 */
export function allocate(
  { side, quantity }: { side: Side; quantity: Big },
  { ledger, external }: Pick<Counted, 'ledger' | 'external'>,
): Allocated {
  const sign = side === 'buy' ? 1 : -1
  const closes = (units: Big, most: Big) => (units.times(sign).lt(0) ? least(units.abs(), most) : zero)
  const ofExternal = closes(external, quantity)
  const ofDesk = closes(ledger, quantity.minus(ofExternal))
  return { ofDesk, external: external.plus(quantity.minus(ofDesk).times(sign)) }
}

/** Old units for one new one, from which on fewer units look like a reverse split and not like a sale. */
const leastReverse = 5
/** The most new units for one old one, or the reverse, that the desk takes for a split. */
const mostNew = 1000

/**
 * Do the venue's units look like those after a split that nobody has reported yet: a whole multiple, half as many again, or a whole
 * fraction of a fifth or less? Stops wait then, because the price has changed with the units.
 */
export function isSplitLike(held: Big, venue: Big): boolean {
  if (held.eq(0) || venue.eq(0) || held.gt(0) !== venue.gt(0) || held.eq(venue)) return false
  const [before, after] = [held.abs(), venue.abs()]
  if (after.gt(before)) {
    const doubled = after.times(2).mod(before)
    const times = after.div(before)
    return doubled.eq(0) && times.lte(mostNew) && (after.mod(before).eq(0) || times.eq('1.5'))
  }
  const times = before.div(after)
  return before.mod(after).eq(0) && times.gte(leastReverse) && times.lte(mostNew)
}
