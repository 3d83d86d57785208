import { type Big, zero } from '../../base/amounts.ts'
import type { VenueFill } from '../../venues/venue.ts'
import { afterFill, afterReversal, closedBy, type Holding } from '../positions/rules/position.ts'
import type { News } from './news.ts'
import type { AnyOrder } from './rows/orders.ts'
import type { BookedFill, FillToBook } from './rows/record-orders.ts'
import { followedAgain, isLive, leftOf, nextState, type OrderChange } from './rules/order-lifecycle.ts'

/** A property of a fill that its member has to know. */
export type Oddity = 'late' | 'not followed' | 'overfilled' | 'worse than its limit' | 'taken back'

/** A newly recorded fill and its result. */
export interface Execution {
  fill: VenueFill
  realizedPnl: Big
  /** The open quantity after it. */
  left: Big
  oddities: Oddity[]
}

/** An order after news, and the new parts of the news. */
export interface AppliedNews {
  before: AnyOrder
  order: AnyOrder
  executions: Execution[]
  rows: FillToBook[]
}

/**
 * Applies news to an order and a holding: the order's state and filled quantity, and the fills that were not booked yet, each
 * once. `booked` holds the known fills by the venue's id; new ones are added to it. Pure otherwise.
 */
export function applyNews(
  order: AnyOrder,
  holding: Holding,
  news: News,
  booked: Map<string, BookedFill>,
  venue: string,
): AppliedNews & { holding: Holding } {
  let now = news.isFollowedAgain
    ? { ...order, isLeft: false, state: followedAgain(order.state, order.filledQuantity.gt(0)) }
    : order
  let held: Holding = {
    signedQuantity: holding.signedQuantity,
    openCost: holding.openCost,
    realizedPnl: holding.realizedPnl,
  }
  const executions: Execution[] = []
  const rows: FillToBook[] = []
  for (const fill of news.fills) {
    const taken = fill.reverses === undefined ? undefined : booked.get(fill.reverses)
    if (booked.has(fill.venueFillId) || (fill.reverses !== undefined && !taken)) continue
    const after = taken ? afterReversal(held, { ...taken, side: order.side }) : afterFill(held, fill)
    const sign = taken ? -1 : 1
    const filledQuantity = now.filledQuantity.plus(fill.quantity.times(sign))
    const oddities = odditiesOf(now, fill, filledQuantity, news.limitPrice)
    // An overfilled order may still be whole after a fill of it is reversed.
    const change: OrderChange = filledQuantity.gte(order.quantity) ? 'whole' : taken ? 'reversed' : 'part'
    const side = taken ? opposite(order.side) : order.side
    const row: FillToBook = {
      ...fill,
      venue,
      orderId: order.id,
      accountId: order.accountId,
      side,
      // A reversal returns the commission of the fill.
      commission: taken ? taken.commission.neg() : fill.commission,
      realizedPnl: after.realizedPnl,
      closedQuantity: closedBy(held, { side, quantity: fill.quantity }),
    }
    now = {
      ...now,
      filledQuantity,
      filledValue: now.filledValue.plus(fill.quantity.times(fill.price).times(sign)),
      realizedPnl: now.realizedPnl.plus(after.realizedPnl),
      state: nextState(now.state, change, filledQuantity.gt(0)),
    }
    held = after.holding
    booked.set(fill.venueFillId, row)
    executions.push({ fill, realizedPnl: after.realizedPnl, left: held.signedQuantity.abs(), oddities })
    rows.push(row)
  }
  now = changed(now, news)
  return { before: order, order: now, holding: held, executions, rows }
}

function changed(order: AnyOrder, news: News): AnyOrder {
  const { change, limitPrice, stopPrice } = news
  // Another call for the order is under way, and the venue may accept it.
  const isContested = news.call !== undefined && order.callingUntil?.getTime() !== news.call.getTime()
  const isPartlyFilled = order.filledQuantity.gt(0)
  let state = change && !isContested ? nextState(order.state, change, isPartlyFilled) : order.state
  if (change === 'accepted') state = nextState(state, 'replace_settled', isPartlyFilled)
  const venueOrderId = news.venueOrderId ?? order.venueOrderId
  const isConfirmed = venueOrderId !== undefined
  return {
    ...order,
    state,
    venueOrderId,
    // A cancel can give back an order that the venue has.
    rests: order.rests || (isConfirmed && isLive({ state })),
    callingUntil: isConfirmed || !isLive({ state }) ? undefined : order.callingUntil,
    missingSince: news.venueOrderId === undefined ? order.missingSince : undefined,
    ...(order.stop && stopPrice && { stop: stopPrice }),
    ...(order.limit && limitPrice && { limit: { ...order.limit, price: limitPrice } }),
  }
}

function odditiesOf(order: AnyOrder, fill: VenueFill, filledQuantity: Big, newLimit: Big | undefined): Oddity[] {
  if (fill.reverses !== undefined) return ['taken back']
  const isWorse = isWorseThanLimit(order, fill.price, newLimit)
  return [
    ...(isLive(order) || order.state === 'filled'
      ? []
      : [order.isLeft ? ('not followed' as const) : ('late' as const)]),
    ...(filledQuantity.gt(order.quantity) ? ['overfilled' as const] : []),
    ...(isWorse ? ['worse than its limit' as const] : []),
  ]
}

/** A replaced order may be filled at its new limit before the venue reports that limit. */
function isWorseThanLimit({ limit, side, state }: AnyOrder, price: Big, newLimit: Big | undefined): boolean {
  if (!limit || (state === 'replace_asked' && !newLimit)) return false
  const isWorse = (than: Big) => (side === 'buy' ? price.gt(than) : price.lt(than))
  return isWorse(limit.price) && (newLimit === undefined || isWorse(newLimit))
}

/** The quantity that an order sets aside from its position: as an exit, of which a cancel can give a part back, or as protection. */
export function reservedBy(order: AnyOrder): { working: Big; resting: Big; protecting: Big } {
  const nothing = { working: zero, resting: zero, protecting: zero }
  if (order.purpose === 'open' || order.purpose === 'record' || !isLive(order)) return nothing
  const left = leftOf(order)
  if (order.purpose === 'protect') return { ...nothing, protecting: left }
  return { ...nothing, working: left, resting: order.rests ? left : zero }
}

/** Did the news change anything? */
export function hasMoved({ before, order, executions }: AppliedNews): boolean {
  if (executions.length > 0 || before.state !== order.state || before.venueOrderId !== order.venueOrderId) return true
  if (before.missingSince !== order.missingSince) return true
  if (before.stop && !before.stop.eq(order.stop!)) return true
  return before.limit !== undefined && !before.limit.price.eq(order.limit!.price)
}

const opposite = (side: AnyOrder['side']) => (side === 'buy' ? 'sell' : 'buy')
