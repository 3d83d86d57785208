import { Big, isMultiple, zero } from '../../../src/base/amounts.ts'
import { partOf } from '../broker/parts.ts'
import type { Phase } from '../broker/sessions.ts'
import { type Account, restingOf } from './account.ts'
import type { Book } from './book.ts'
import { isEnded, leftOf, type Order, type OrderStatus } from './order.ts'
import { amount, checkAccount, type OrderRequest, price, readRequest } from './order-request.ts'
import { impossible, malformed } from './refusals.ts'
import type { World } from './world.ts'

/** An order, and the work that begins once the caller has the answer. */
export interface Done {
  order: Order
  proceed(): void
}

/** The desk of the broker: it takes, cancels and replaces orders, and lets sessions begin and end. */
export interface Broker {
  place(account: Account, body: Record<string, unknown>): Done
  cancel(order: Order): Done
  replace(order: Order, body: Record<string, unknown>): Done
  /** The market came from one phase into another. */
  became(phase: Phase, before: Phase): void
}

const waiting: readonly OrderStatus[] = ['accepted', 'pending_new', 'done_for_day']
const replaceable: readonly OrderStatus[] = ['new', 'partially_filled', 'held']

/** The broker of a world, with its book. */
export function createBroker(world: World, book: Book): Broker {
  function create(account: Account, request: OrderRequest, status: OrderStatus): Order {
    const at = world.stamp()
    const order: Order = {
      id: world.ids.uuid(),
      account,
      clientOrderId: request.clientOrderId,
      symbol: request.symbol,
      side: request.side,
      type: request.type,
      timeInForce: request.timeInForce,
      quantity: request.quantity,
      limitPrice: request.limitPrice,
      stopPrice: request.stopPrice,
      isExtended: request.isExtended,
      orderClass: request.orderClass,
      status,
      filled: zero,
      filledValue: zero,
      createdAt: at,
      submittedAt: at,
      updatedAt: at,
      legs: [],
      isTriggered: false,
      isPartOnItsWay: false,
    }
    if (world.draws.happens('parts')) order.partSize = partOf(order.quantity, world.draws.between([2, 5]))
    if (world.draws.happens('missing')) {
      order.isHidden = true
      world.agenda.after(world.draws.wait('missing'), () => {
        order.isHidden = false
      })
    }
    account.orders.push(order)
    return order
  }

  function createLegs(order: Order, { target, stop, orderClass, quantity, symbol, timeInForce }: OrderRequest): void {
    const isPair = orderClass === 'oco'
    const side = isPair ? order.side : order.side === 'buy' ? 'sell' : 'buy'
    const common = { symbol, side, timeInForce, quantity, isExtended: false, orderClass } as const
    const leg = (terms: Pick<OrderRequest, 'type' | 'limitPrice' | 'stopPrice'>) => {
      const made = create(order.account, { ...common, ...terms, clientOrderId: world.ids.uuid() }, 'held')
      made.parent = order
      order.legs.push(made)
      return made
    }
    const aim = target && !isPair ? leg({ type: 'limit', limitPrice: target }) : isPair ? order : undefined
    if (!stop) return
    const guard = leg({ type: stop.limit ? 'stop_limit' : 'stop', stopPrice: stop.price, limitPrice: stop.limit })
    guard.twin = aim
    if (aim) aim.twin = guard
  }

  function refuseRepeat(account: Account, clientOrderId: string): void {
    if (account.orders.some((order) => order.clientOrderId === clientOrderId)) {
      throw malformed('client_order_id must be unique')
    }
  }

  function place(account: Account, body: Record<string, unknown>): Done {
    const request = readRequest(account, body)
    refuseRepeat(account, request.clientOrderId)
    checkAccount(account, request)
    const isOpen = world.phase() === 'regular' || (world.phase() === 'extended' && request.isExtended)
    const order = create(account, request, isOpen ? 'pending_new' : 'accepted')
    if (request.target || request.stop) createLegs(order, request)
    return { order, proceed: () => book.route(order) }
  }

  function cancel(order: Order): Done {
    if (isEnded(order)) throw impossible(`order is already in "${order.status}" state`)
    if (order.status === 'pending_cancel') throw impossible('order is pending cancel')
    if (order.status === 'pending_replace') throw impossible('order is pending replace')
    const isRaced = world.draws.happens('racingCancels')
    const isSlow = isRaced || world.draws.happens('slowCancels')
    if (!isSlow) return { order, proceed: () => book.end(order, 'canceled') }
    const proceed = () => {
      if (isEnded(order)) return
      book.set(order, 'pending_cancel')
      book.tell(order, 'pending_cancel')
      world.agenda.after(world.draws.wait('result'), () => {
        const at = order.limitPrice ?? world.quote(order.symbol)?.last
        const left = leftOf(order)
        const half = isMultiple(left, new Big(1)) && left.gt(1) ? left.div(2).round(0, Big.roundDown) : left
        if (isRaced && at && !isEnded(order)) book.fill(order, world.draws.between([0, 1]) ? left : half, at)
        book.end(order, 'canceled')
      })
    }
    return { order, proceed }
  }

  function replace(order: Order, body: Record<string, unknown>): Done {
    if (!replaceable.includes(order.status)) {
      throw impossible(`cannot replace order in ${order.status} status`)
    }
    const request = changed(order, body)
    refuseRepeat(order.account, request.clientOrderId)
    checkAccount(order.account, request, order)
    const wasHeld = order.status === 'held'
    const made = create(order.account, request, wasHeld ? 'held' : 'pending_new')
    made.replaces = order.id
    made.isOnItsWay = true
    order.isTriggered = false
    const finish = () => {
      made.isOnItsWay = false
      if (order.status !== 'pending_replace') return refuse()
      if (!world.carriesFills) {
        if (!world.replacesWhole) made.quantity = request.quantity.minus(order.filled)
      } else [made.filled, made.filledValue] = [order.filled, order.filledValue]
      if (leftOf(made).eq(0)) return refuse()
      takePlace(order, made)
      book.set(order, 'replaced')
      order.replacedAt = order.updatedAt
      order.replacedBy = made.id
      book.tell(order, 'replaced')
      if (wasHeld) return book.matchAll(order.symbol)
      book.route(made)
    }
    const refuse = () => {
      made.isOnItsWay = false
      if (order.status === 'pending_replace') book.set(order, order.filled.gt(0) ? 'partially_filled' : 'new')
      book.tell(order, 'order_replace_rejected')
      book.end(made, 'rejected')
    }
    const isSlow = world.draws.happens('slowReplaces')
    const proceed = () => {
      if (isEnded(order)) return refuse()
      book.set(order, 'pending_replace')
      if (isSlow) book.tell(order, 'pending_replace')
      world.agenda.after(isSlow ? world.draws.wait('result') : 0, finish)
    }
    return { order: made, proceed }
  }

  /** The order that a replace asks for. */
  function changed(order: Order, body: Record<string, unknown>): OrderRequest {
    if (body.notional !== undefined) throw impossible('notional orders cannot be replaced')
    const { symbol, side, type, isExtended, orderClass } = order
    const isFractional = !isMultiple(order.quantity, new Big(1))
    const quantity = body.qty === undefined ? order.quantity : amount('qty', body.qty)
    if (!isMultiple(quantity, new Big(1)) && !quantity.eq(order.quantity)) throw impossible('qty must be whole shares')
    if (isFractional && !quantity.eq(order.quantity)) throw impossible('qty of fractional orders cannot be replaced')
    if (quantity.lte(order.filled)) throw impossible('qty must be > filled_qty')
    if (body.limit_price !== undefined && !order.limitPrice) throw impossible(`${type} orders have no limit_price`)
    if (body.stop_price !== undefined && !order.stopPrice) throw impossible(`${type} orders have no stop_price`)
    return {
      clientOrderId: body.client_order_id === undefined ? world.ids.uuid() : String(body.client_order_id),
      symbol,
      side,
      type,
      timeInForce: (body.time_in_force as Order['timeInForce']) ?? order.timeInForce,
      quantity,
      limitPrice: body.limit_price === undefined ? order.limitPrice : price('limit_price', body.limit_price),
      stopPrice: body.stop_price === undefined ? order.stopPrice : price('stop_price', body.stop_price),
      isExtended,
      orderClass,
    }
  }

  /** The new order stands in the old one's place among its relatives. */
  function takePlace(order: Order, made: Order): void {
    made.partSize = order.partSize
    made.parent = order.parent
    made.legs = order.legs
    made.twin = order.twin
    if (order.twin) order.twin.twin = made
    for (const leg of order.legs) leg.parent = made
    if (order.parent) order.parent.legs = order.parent.legs.map((leg) => (leg === order ? made : leg))
    order.twin = undefined
    order.legs = []
  }

  /** Ends the orders of a session, and fills those that waited for its close. */
  function endSession(isLast: boolean): void {
    for (const account of world.accounts) {
      for (const order of [...account.orders]) {
        if (isEnded(order) || order.status === 'accepted') continue
        if (order.timeInForce === 'cls' && !isLast) fillAtClose(order)
        const isOver = order.timeInForce === 'gtc' ? false : isLast || !order.isExtended
        if (isOver && order.status !== 'held' && !isEnded(order)) book.end(order, 'expired')
        const isQuiet = order.status === 'new' || order.status === 'partially_filled'
        if (!isOver && !isLast && isQuiet && world.draws.happens('doneForDay')) {
          book.set(order, 'done_for_day')
          book.tell(order, 'done_for_day')
        }
      }
    }
  }

  function fillAtClose(order: Order): void {
    const at = world.quote(order.symbol)?.last
    const { limitPrice, side } = order
    const isReached = at && (!limitPrice || (side === 'buy' ? at.lte(limitPrice) : at.gte(limitPrice)))
    if (isReached && !world.halted.has(order.symbol)) book.fill(order, leftOf(order), at)
  }

  return {
    place,
    cancel,
    replace,
    became(phase, before) {
      if (before === 'regular' && phase !== 'regular') endSession(false)
      if (phase === 'closed') endSession(true)
      if (phase === 'closed') return
      for (const account of world.accounts) {
        for (const order of restingOf(account)) {
          if (waiting.includes(order.status)) book.route(order)
        }
      }
      book.matchAll()
    },
  }
}
