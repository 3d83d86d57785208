import { type Big, sum, zero } from '../../base/amounts.ts'
import type { Side } from '../../trading/positions/rules/position.ts'
import type { OrderReport, VenueFill, VenueOrderState } from '../venue.ts'
import type { Activity, AlpacaOrder } from './payloads.ts'
import { stateOf } from './statuses.ts'

/** An order with the orders that replaced it, oldest first. */
export type Chain = [AlpacaOrder, ...AlpacaOrder[]]

/** An order as the desk sent it: its chain, and for a stop with a target the chains of its other half. */
export interface Family {
  chain: Chain
  legs: Chain[]
}

/** Every order of a family. */
export const membersOf = ({ chain, legs }: Family): AlpacaOrder[] => [...chain, ...legs.flat()]

/** Alpaca's side of an order or a fill; a short sale is a sale. */
export const sideOf = (side: string | undefined): Side => (side?.startsWith('buy') ? 'buy' : 'sell')

const end = (chain: Chain) => chain.at(-1)!

/**
 * The order of a chain that counts now. A rejected successor is no successor: the one before it was filled or cancelled first, or goes
 * on.
 */
export function newestOf(chain: Chain): AlpacaOrder {
  const valid = chain.filter(({ status }, place) => place === 0 || stateOf(status) !== 'refused')
  return valid.at(-1)!
}

/** A fill from an activity; undefined when it is none. `others` may hold the fill that it takes back. */
export function fillIn(
  account: string,
  clientOrderId: string,
  activity: Activity,
  others: Activity[],
): VenueFill | undefined {
  const { id, symbol, side, qty, price, transaction_time, order_id } = activity
  if (!qty || !price || !transaction_time || symbol === undefined || order_id === undefined) return undefined
  const reverses = takenBack(activity, others)
  if (isTakingBack(activity) && reverses === undefined) return undefined
  return {
    account,
    venueFillId: id,
    clientOrderId,
    symbol,
    side: sideOf(side),
    quantity: qty.abs(),
    price,
    // Alpaca charges no commission on shares; its small regulatory fees come once a day as activities of their own.
    commission: zero,
    filledAt: transaction_time,
    ...(reverses !== undefined && { reverses }),
  }
}

/** Does an activity take an earlier fill back? */
export const isTakingBack = ({ type, status }: Activity): boolean => /bust/.test(type ?? '') || status === 'canceled'

/** The part of an activity's id behind the time: the execution. */
export const executionOf = (id: string): string => id.split('::').at(-1)!

/** The id of the fill that an activity takes back, if it is known. */
function takenBack(activity: Activity, others: Activity[]): string | undefined {
  if (!isTakingBack(activity)) return undefined
  const named = activity.previous_id ?? activity.previous_execution_id
  if (named === undefined) return undefined
  return others.find((one) => one !== activity && executionOf(one.id) === executionOf(named))?.id
}

/** The report on a family, with the fills that are known of it. */
export function reportOf(account: string, family: Family, fills: VenueFill[]): OrderReport {
  const { chain, legs } = family
  const root = chain[0]
  const newest = newestOf(chain)
  const quantity = root.qty ?? filledIn(chain, fills)
  const filledQuantity = sum([chain, ...legs].map((each) => filledIn(each, fills)))
  const leg = legs[0] && newestOf(legs[0])
  const state = stateIn(family, filledQuantity, quantity)
  return {
    account,
    clientOrderId: root.client_order_id,
    venueOrderId: newest.id,
    symbol: root.symbol,
    side: sideOf(root.side),
    quantity,
    // Of a stop with a target, the limit of Alpaca's first half is the target.
    ...(newest.limit_price && !leg && { limitPrice: newest.limit_price }),
    ...((leg?.stop_price ?? newest.stop_price) && { stopPrice: leg?.stop_price ?? newest.stop_price }),
    state,
    filledQuantity,
    fills,
    ...(state === 'working' && isOversized(chain, fills) && { isOversized: true }),
    ...(state === 'refused' && { words: 'Alpaca accepted the order and then rejected it' }),
  }
}

function stateIn({ chain, legs }: Family, filled: Big, quantity: Big): VenueOrderState {
  if (quantity.gt(0) && filled.gte(quantity)) return 'filled'
  const states = [chain, ...legs].map((each) => {
    // An order that was replaced by one that is not shown works on.
    const newest = newestOf(each)
    return stateOf(newest.status)
  })
  if (states.includes('working')) return 'working'
  // One half that was filled ends the other.
  return states.find((state) => state === 'filled') ?? states[0]!
}

/**
 * The quantity filled in a chain. It is open whether Alpaca's successor of a partly filled order counts from zero or goes on counting;
 * the fills decide, and until they are all shown, the quantities.
 */
export function filledIn(chain: Chain, fills: VenueFill[]): Big {
  const counts = chain.map(({ filled_qty }) => filled_qty ?? zero)
  const apart = sum(counts)
  const last = counts.at(-1)!
  const earlier = sum(counts.slice(0, -1))
  if (earlier.eq(0) || chain.length === 1) return apart
  const shown = sum(fills.map(({ quantity, reverses }) => (reverses === undefined ? quantity : quantity.neg())))
  if (shown.eq(apart)) return apart
  const isGoneOn = end(chain).qty?.eq(chain[0].qty ?? zero) === true && last.gte(counts.at(-2)!)
  return isGoneOn ? last : apart
}

/**
 * Has the order that replaced others the whole quantity again, although a part was filled before it came? One that counts that part as
 * its own, or is for the rest, is right. Whether it counts it is shown by the fills, when they are known (`fills`).
 */
export function isOversized(chain: Chain, fills: VenueFill[] = []): boolean {
  const newest = newestOf(chain)
  const [first, ...others] = chain.slice(0, chain.indexOf(newest))
  const before = first ? filledIn([first, ...others], []) : zero
  if (before.eq(0)) return false
  const own = newest.filled_qty ?? zero
  const shown = sum(fills.map(({ quantity, reverses }) => (reverses === undefined ? quantity : quantity.neg())))
  const isCounted = own.gte(before) && !shown.eq(before.plus(own))
  return !isCounted && before.plus(newest.qty ?? zero).gt(chain[0].qty ?? zero)
}
