import { Big, isMultiple, zero } from '../../../../src/base/amounts.ts'
import type {
  Cancelled,
  OrderEvent,
  OrderReference,
  Replaced,
  Submitted,
  VenueOrder,
  VenueOrderState,
  VenueRefusal,
  VenueRefusalCode,
} from '../../../../src/venues/venue.ts'
import type { Accounts } from './accounts.ts'
import type { Agenda } from './agenda.ts'
import {
  type BookOrder,
  beyond,
  isReachedAt,
  leftOf,
  type Price,
  reportOf,
  sizedParts,
  stateShown,
  touchOf,
  worsened,
} from './book-order.ts'
import { calmFate, type Fate } from './fate.ts'
import type { FillCause, TrueFill } from './truth.ts'

/** The parts of an exchange. */
export interface ExchangeParts {
  agenda: Agenda
  accounts: Accounts
  /** Lots by symbol; no other symbol is traded. */
  lots: Record<string, string>
  refusesDuplicates: boolean
  canReplace: boolean
  canShort: boolean
  /** The fate of an order that arrives for the first time. */
  fateOf(order: VenueOrder): Fate
  tell(event: OrderEvent): void
}

/**
 * The exchange of a difficult venue: it fills each order as its fate says. Calls to it always arrive and are always answered.
 */
export interface Exchange {
  setPrice(symbol: string, bid: Big, ask: Big): void
  take(order: VenueOrder): Submitted
  cancel(reference: OrderReference): Cancelled
  replace(reference: OrderReference, limitPrice: Big): Replaced
  /** The newest order with that client id, if customers can see it. */
  find(reference: OrderReference): BookOrder | undefined
  orders(): BookOrder[]
  /** Ends the difficulties: nothing unplanned happens to any order from now on, and every end is visible. */
  becomeCalm(): void
}

/** An exchange without prices. */
export function createExchange(parts: ExchangeParts): Exchange {
  const { agenda, accounts, tell } = parts
  const prices = new Map<string, Price>()
  const fates = new Map<string, Fate>()
  const orders: BookOrder[] = []
  let ids = 0
  const nextId = () => `venue-${++ids}`
  const lotOf = (symbol: string) => new Big(parts.lots[symbol]!)
  const tellOf = (order: BookOrder) => tell({ kind: 'order', report: reportOf(order) })

  /** A fault of the sender, whatever the fate of the order. */
  function faultOf({ symbol, quantity, limitPrice, side, account }: VenueOrder): VenueRefusal | undefined {
    if (!(symbol in parts.lots)) return refusal('NOT_TRADED', `${symbol} is not traded here`)
    const lot = lotOf(symbol)
    if (quantity.lte(0) || !isMultiple(quantity, lot)) return refusal('BAD_QUANTITY', `${quantity} is no quantity`)
    if (limitPrice?.lte(0)) return refusal('BAD_PRICE', `${limitPrice} is no price`)
    if (!limitPrice && !prices.has(symbol)) return refusal('NO_PRICE', `there is no price for ${symbol}`)
    if (!parts.canShort && side === 'sell' && quantity.gt(accounts.net(account, symbol)))
      return refusal('NOT_ENOUGH_HELD', `the account holds less than ${quantity} ${symbol}`)
    return undefined
  }

  function take(sent: VenueOrder): Submitted {
    passTime()
    const key = `${sent.account} ${sent.clientOrderId}`
    const isThere = orders.some(({ sent: one }) => `${one.account} ${one.clientOrderId}` === key)
    if (isThere && parts.refusesDuplicates) return refusal('DUPLICATE', `${sent.clientOrderId} is there already`)
    const fault = faultOf(sent)
    if (fault) return fault
    if (!fates.has(key) || isThere) fates.set(key, parts.fateOf(sent))
    const fate = fates.get(key)!
    if (fate.refused.times-- > 0) return refusal(fate.refused.code, 'refused for now')

    const order: BookOrder = {
      sent,
      fate,
      limitPrice: sent.limitPrice,
      state: 'working',
      venueOrderIds: [nextId()],
      parts: sizedParts(sent.quantity, fate.parts, lotOf(sent.symbol)),
      filledParts: 0,
      isPartOnItsWay: false,
      isCancelAsked: false,
      fills: [],
      listed: [],
      isShown: false,
      isEndShown: false,
    }
    orders.push(order)
    agenda.after(fate.missingMs, () => {
      order.isShown = true
    })
    tellOf(order)
    endIfFated(order)
    match(order)
    return { outcome: 'accepted', report: reportOf(order) }
  }

  /** Ends an order whose fate ends it after this many parts; no further part is filled meanwhile. */
  function endIfFated(order: BookOrder): void {
    const { end } = order.fate
    if (end?.afterParts === order.filledParts) agenda.after(end.afterMs, () => conclude(order, end.state, end.words))
  }

  /** Schedules the next part if the market is there. */
  function match(order: BookOrder): void {
    const next = order.parts[0]
    const { end } = order.fate
    const isHeld = end && order.filledParts >= end.afterParts
    if (order.state !== 'working' || !next || order.isPartOnItsWay || isHeld || !isReached(order)) return
    order.isPartOnItsWay = true
    agenda.after(next.afterMs, () => {
      order.isPartOnItsWay = false
      passTime()
      if (order.state !== 'working' || !isReached(order)) return
      fillPart(order, worsened(order, touch(order)), 'planned')
      match(order)
    })
  }

  function fillPart(order: BookOrder, price: Big, cause: FillCause): void {
    const left = leftOf(order)
    const part = order.parts.shift()?.quantity ?? left
    fill(order, part.lt(left) ? part : left, price, cause)
    const { bust, overfill } = order.fate
    const filled = order.fills.at(-1)!
    if (bust?.part === order.filledParts) agenda.after(bust.afterMs, () => takeBack(order, filled))
    order.filledParts++
    if (leftOf(order).eq(0) && overfill > 0) {
      fill(order, beyond(order.sent.quantity, overfill, lotOf(order.sent.symbol)), price, 'overfill')
    }
    if (order.parts.length === 0) conclude(order, 'cancelled', 'the rest was taken back')
    endIfFated(order)
  }

  function fill(order: BookOrder, quantity: Big, price: Big, cause: FillCause): void {
    const { account, clientOrderId, symbol, side } = order.sent
    const filledAt = agenda.now()
    const venueFillId = accounts.nextFillId(account)
    const filled = { account, venueFillId, clientOrderId, symbol, side, quantity, price, commission: zero, filledAt }
    book(order, { ...filled, cause })
    if (leftOf(order).eq(0)) conclude(order, 'filled')
    else tellOf(order)
  }

  function takeBack(order: BookOrder, { venueFillId, ...filled }: TrueFill): void {
    const id = accounts.nextFillId(filled.account)
    book(order, { ...filled, venueFillId: id, reverses: venueFillId, filledAt: agenda.now(), cause: 'bust' })
    if (order.state === 'filled' && leftOf(order).gt(0)) order.state = 'cancelled'
    order.words = `${venueFillId} was taken back`
    tellOf(order)
  }

  function book(order: BookOrder, filled: TrueFill): void {
    const { cause: _, ...shown } = filled
    order.fills.push(filled)
    accounts.add(filled)
    agenda.after(order.fate.listedAfterMs, () => {
      for (const one of order.fate.isRepeated ? [shown, shown] : [shown]) {
        order.listed.push(one)
        accounts.list(one)
      }
    })
    tell({ kind: 'fill', fill: shown })
    if (order.fate.isRepeated) tell({ kind: 'fill', fill: shown })
  }

  /** Ends an order; an order with another end becomes filled when nothing of it is left. */
  function conclude(order: BookOrder, state: VenueOrderState, words?: string): void {
    if (order.state !== 'working' && state !== 'filled') return
    order.state = state
    order.words = words
    const { lateFillMs, unknownStatusMs } = order.fate
    if (unknownStatusMs > 0) tellOf(order)
    agenda.after(unknownStatusMs, () => {
      order.isEndShown = true
      tellOf(order)
    })
    if (lateFillMs === undefined || state === 'filled' || state === 'refused') return
    agenda.after(lateFillMs, () => {
      if (leftOf(order).gt(0)) fillPart(order, order.limitPrice ?? touch(order), 'late')
    })
  }

  /** Expires the orders whose time is over. */
  function passTime(): void {
    for (const order of orders) {
      const { expiresAt } = order.sent
      if (order.state === 'working' && expiresAt && expiresAt <= agenda.now()) conclude(order, 'expired')
    }
  }

  const touch = ({ sent }: BookOrder): Big => touchOf(sent.side, prices.get(sent.symbol)!)
  const isReached = (order: BookOrder) => isReachedAt(order, prices.get(order.sent.symbol))

  function find({ account, clientOrderId }: OrderReference): BookOrder | undefined {
    return orders.findLast(
      ({ sent, isShown }) => isShown && sent.account === account && sent.clientOrderId === clientOrderId,
    )
  }

  /** The order to change, or the refusal of the change. */
  function changeable(reference: OrderReference): BookOrder | VenueRefusal {
    passTime()
    const order = find(reference)
    if (!order) return refusal('NO_SUCH_ORDER', `there is no order ${reference.clientOrderId}`)
    const { venueOrderId } = reference
    const isOld = venueOrderId !== undefined && venueOrderId !== order.venueOrderIds.at(-1)
    if (isOld && order.fate.replace.refusesOldIds) return refusal('NOT_CHANGEABLE', `${venueOrderId} was replaced`)
    return order
  }

  function cancel(reference: OrderReference): Cancelled {
    const order = changeable(reference)
    if ('outcome' in order) return order
    const ended = () => ({ outcome: 'ended' as const, report: reportOf(order) })
    if (order.state !== 'working') return stateShown(order) === 'working' ? { outcome: 'asked' } : ended()
    const fate = order.fate.cancel
    if (fate.refusedTimes-- > 0) return refusal('NOT_CHANGEABLE', 'it cannot be cancelled now')
    if (order.isCancelAsked) return { outcome: 'asked' }
    order.isCancelAsked = true
    let isAnswered = false
    agenda.after(fate.isRaced ? Math.max(1, fate.afterMs) : fate.afterMs, () => {
      isAnswered = true
      passTime()
      if (order.state === 'working' && fate.isRaced) fillPart(order, order.limitPrice ?? touch(order), 'raced a cancel')
      conclude(order, 'cancelled')
    })
    return isAnswered && stateShown(order) !== 'working' ? ended() : { outcome: 'asked' }
  }

  function replace(reference: OrderReference, limitPrice: Big): Replaced {
    if (!parts.canReplace) return refusal('NOT_CHANGEABLE', 'orders are not replaced here')
    const order = changeable(reference)
    if ('outcome' in order) return order
    const fate = order.fate.replace
    const isChangeable = order.state === 'working' && order.limitPrice && !order.isCancelAsked
    if (!isChangeable || fate.isRefused) return refusal('NOT_CHANGEABLE', 'it cannot be replaced now')
    if (limitPrice.lte(0)) return refusal('BAD_PRICE', `${limitPrice} is no price`)
    let isDone = false
    agenda.after(fate.afterMs, () => {
      isDone = true
      passTime()
      if (order.state !== 'working') return
      order.limitPrice = limitPrice
      if (fate.givesNewId) order.venueOrderIds.push(nextId())
      tellOf(order)
      match(order)
    })
    return isDone ? { outcome: 'replaced', report: reportOf(order) } : { outcome: 'asked' }
  }

  return {
    setPrice(symbol, bid, ask) {
      passTime()
      prices.set(symbol, { bid, ask })
      for (const order of orders) if (order.sent.symbol === symbol) match(order)
    },
    take,
    cancel,
    replace,
    find(reference) {
      passTime()
      return find(reference)
    },
    orders() {
      passTime()
      return [...orders]
    },
    becomeCalm() {
      const nothing = () => ({ ...calmFate(), bust: undefined, end: undefined, lateFillMs: undefined })
      for (const fate of fates.values()) Object.assign(fate, nothing())
      for (const order of orders) {
        Object.assign(order.fate, nothing())
        order.isShown = true
        order.isEndShown = order.state !== 'working'
        for (const part of order.parts) part.afterMs = 0
        match(order)
      }
    },
  }
}

function refusal(code: VenueRefusalCode, words: string): VenueRefusal {
  return { outcome: 'refused', code, words }
}
