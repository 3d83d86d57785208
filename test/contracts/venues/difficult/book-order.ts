import { type Big, floorTo, zero } from '../../../../src/base/amounts.ts'
import type { Side } from '../../../../src/trading/positions/rules/position.ts'
import type { OrderReport, VenueFill, VenueOrder, VenueOrderState } from '../../../../src/venues/venue.ts'
import { filledBy } from '../fill-sums.ts'
import type { Fate, Part } from './fate.ts'
import type { TrueFill } from './truth.ts'

/** An order in the book of a difficult venue. */
export interface BookOrder {
  sent: VenueOrder
  fate: Fate
  limitPrice?: Big
  state: VenueOrderState
  words?: string
  /** The newest last. */
  venueOrderIds: string[]
  /** The parts that are to be filled, in units. */
  parts: { quantity: Big; afterMs: number }[]
  filledParts: number
  /** A part waits for its time. */
  isPartOnItsWay: boolean
  isCancelAsked: boolean
  fills: TrueFill[]
  /** The fills that reports show; some may come later, and some twice. */
  listed: VenueFill[]
  /** Can customers find it? */
  isShown: boolean
  /** Do customers see its end? */
  isEndShown: boolean
}

/** The units that may still be filled. */
export function leftOf({ sent, fills }: BookOrder): Big {
  const left = sent.quantity.minus(filledBy(fills))
  return left.gt(0) ? left : zero
}

/** The sizes of an order's parts, in lots; they add up to its quantity. Empty parts are left out, so there may be fewer. */
export function sizedParts(quantity: Big, parts: Part[], lot: Big): BookOrder['parts'] {
  const whole = parts.reduce((total, { weight }) => total + weight, 0)
  const sized = parts.map(({ weight, afterMs }) => ({
    quantity: floorTo(quantity.times(weight).div(whole), lot),
    afterMs,
  }))
  const rest = sized.reduce((left, part) => left.minus(part.quantity), quantity)
  const last = sized.at(-1)!
  last.quantity = last.quantity.plus(rest)
  return sized.filter((part) => part.quantity.gt(0))
}

/** Best bid and ask, in dollars. */
export interface Price {
  bid: Big
  ask: Big
}

/** The market's price for a seller or a buyer. */
export function touchOf(side: Side, { bid, ask }: Price): Big {
  return side === 'buy' ? ask : bid
}

/** Can the order be filled at this price? An order without a limit always can. */
export function isReachedAt({ sent, limitPrice }: BookOrder, price: Price | undefined): boolean {
  if (!price) return false
  if (!limitPrice) return true
  const touch = touchOf(sent.side, price)
  return sent.side === 'buy' ? touch.lte(limitPrice) : touch.gte(limitPrice)
}

/** The price of a fill of an order: `price`, unless its fate makes it worse than its limit. */
export function worsened({ sent, limitPrice, fate }: BookOrder, price: Big): Big {
  if (!limitPrice || fate.worse === 0) return price
  return limitPrice.times(sent.side === 'buy' ? 1 + fate.worse : 1 - fate.worse)
}

/** Units beyond a quantity: a share of it, and at least a lot. */
export function beyond(quantity: Big, share: number, lot: Big): Big {
  const drawn = floorTo(quantity.times(share), lot)
  return drawn.gt(0) ? drawn : lot
}

/** The state that the venue shows: customers may not see the end of an order yet. */
export function stateShown({ state, isEndShown }: BookOrder): VenueOrderState {
  return isEndShown ? state : 'working'
}

/** The venue's report on an order. */
export function reportOf(order: BookOrder): OrderReport {
  const { sent, limitPrice, words, state } = order
  const shown = stateShown(order)
  return {
    account: sent.account,
    clientOrderId: sent.clientOrderId,
    venueOrderId: order.venueOrderIds.at(-1)!,
    symbol: sent.symbol,
    side: sent.side,
    quantity: sent.quantity,
    ...(limitPrice && { limitPrice }),
    state: shown,
    filledQuantity: filledBy(order.fills),
    fills: [...order.listed],
    ...(shown !== state ? { words: 'status: pending_review' } : words !== undefined && { words }),
  }
}
