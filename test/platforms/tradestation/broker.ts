import { Big, zero } from '../../../src/base/amounts.ts'
import { dayIn, exchangeZone } from '../../../src/base/zone.ts'
import { partOf } from '../broker/parts.ts'
import type { Phase } from '../broker/sessions.ts'
import { type Account, beginDay } from './account.ts'
import type { Book } from './book.ts'
import {
  type Group,
  type GroupType,
  isEnded,
  isExtended,
  isLive,
  isLong,
  leftOf,
  type Order,
  type Status,
  sideOf,
  summaryOf,
} from './order.ts'
import { amount, checkAccount, type OrderRequest } from './order-request.ts'
import { malformed, OrderRefused } from './refusals.ts'
import type { World } from './world.ts'

/** The result of one order of a placement. */
export type Placed = { order: Order } | { refused: string; orderId: string; summary: string }

/** The answer of the broker, and the work that begins once the caller has it. */
export interface Done<Result> {
  result: Result
  proceed(): void
}

/** The desk of the broker: it takes, cancels and replaces orders, and lets sessions begin and end. */
export interface Broker {
  place(account: Account, request: OrderRequest): Done<Placed[]>
  /** The orders of a group stand alone: some may be refused, and the others taken. */
  placeGroup(accountOf: (id: string) => Account, type: GroupType, requests: OrderRequest[]): Done<Placed[]>
  cancel(order: Order): Done<Order>
  replace(order: Order, body: Record<string, unknown>): Done<Order>
  /** The market came from one phase into another. */
  became(phase: Phase, before: Phase): void
}

/** The broker of a world, with its book. `answersRepeats`: a repeated OrderConfirmID is answered by the order that it made. */
export function createBroker(world: World, book: Book, { answersRepeats }: { answersRepeats: boolean }): Broker {
  function create(account: Account, request: OrderRequest, status: Status, group?: Group): Order {
    const { accountId: _, sends: __, ...terms } = request
    const order: Order = {
      ...terms,
      id: world.nextOrderId(),
      account,
      status,
      filled: zero,
      filledValue: zero,
      fee: zero,
      openedAt: world.now(),
      group,
      children: [],
      isTriggered: false,
      isPartOnItsWay: false,
      fillsInAck: world.draws.happens('fillsInAck'),
    }
    group?.orders.push(order)
    if (world.draws.happens('parts')) order.partSize = partOf(order.quantity, world.draws.between([2, 5]))
    if (world.draws.happens('missing')) {
      order.isHidden = true
      world.agenda.after(world.draws.wait('missing'), () => {
        order.isHidden = false
        world.tellOrder(order)
      })
    }
    account.orders.push(order)
    return order
  }

  /** Takes an order, or says why not; it goes on with `proceed`. */
  function take(account: Account, request: OrderRequest, group?: Group): Done<Placed[]> {
    const repeated = account.user.accounts
      .flatMap(({ orders }) => orders)
      .find(({ confirmId }) => confirmId !== undefined && confirmId === request.confirmId)
    if (repeated && answersRepeats) return { result: [{ order: repeated }], proceed: () => undefined }
    try {
      if (repeated) throw new OrderRefused(`OrderConfirmID ${request.confirmId} has already been used`)
      checkAccount(account, request, group?.orders)
    } catch (error) {
      if (!(error instanceof OrderRefused)) throw error
      return refuse(account, request, error.message)
    }
    const order = create(account, request, 'OPN', group)
    order.children = request.sends.flatMap(({ type, orders }) => createChildren(order, type, orders))
    return {
      result: [order, ...order.children].map((one) => ({ order: one })),
      proceed() {
        world.tellOrder(order)
        for (const child of order.children) world.tellOrder(child)
        book.route(order)
        if (Number(request.duration)) {
          world.agenda.after(Number(request.duration) * 60_000, () => book.end(order, 'EXP'))
        }
      },
    }
  }

  function refuse(account: Account, request: OrderRequest, reason: string): Done<Placed[]> {
    if (!world.draws.happens('lateRejects')) {
      const refused: Placed = { refused: reason, orderId: world.nextOrderId(), summary: summaryOf(request) }
      return { result: [refused], proceed: () => undefined }
    }
    const order = create(account, request, 'OPN')
    const reject = () => book.end(order, 'REJ', reason)
    return { result: [{ order }], proceed: () => world.agenda.after(world.draws.wait('reject'), reject) }
  }

  function createChildren(parent: Order, type: GroupType, requests: OrderRequest[]): Order[] {
    const group = type === 'NORMAL' ? undefined : groupOf(type)
    return requests.map((request) => Object.assign(create(parent.account, request, 'OSO', group), { parent }))
  }

  const groupOf = (type: GroupType): Group => ({ type, name: `${type} ${world.ids.digits(10)}`, orders: [] })

  function place(account: Account, request: OrderRequest): Done<Placed[]> {
    return take(account, request)
  }

  function placeGroup(accountOf: (id: string) => Account, type: GroupType, requests: OrderRequest[]): Done<Placed[]> {
    const group = groupOf(type)
    const done = requests.map((request) => take(accountOf(request.accountId), request, group))
    return {
      result: done.flatMap(({ result }) => result),
      proceed() {
        for (const { proceed } of done) proceed()
      },
    }
  }

  /** Is it an order that the broker still knows, and that is over? */
  function mustBeOpen(order: Order): void {
    if (!isEnded(order)) return
    const isOld = dayIn(order.closedAt!, exchangeZone) < dayIn(world.now(), exchangeZone)
    throw malformed(isOld ? 'Invalid order ID.' : 'Not an open order.')
  }

  function cancel(order: Order): Done<Order> {
    mustBeOpen(order)
    const isRaced = world.draws.happens('racingCancels')
    const isSlow = isRaced || world.draws.happens('slowCancels')
    const proceed = () => {
      if (isEnded(order) || order.status === 'UCN') return
      const wasLive = isLive(order)
      book.set(order, 'UCN')
      world.agenda.after(isSlow ? world.draws.wait('result') : 0, () => {
        if (isRaced && wasLive && !isEnded(order)) fillBefore(order)
        book.end(order, 'OUT')
      })
    }
    return { result: order, proceed }
  }

  /** Something, or everything, is filled just before the end. */
  function fillBefore(order: Order): void {
    const quote = world.quotes.get(order.symbol)
    const at = order.limitPrice ?? quote?.last
    const left = leftOf(order)
    const held = order.account.holdings.get(order.symbol)?.quantity.abs() ?? zero
    const isShort = (order.action === 'SELL' || order.action === 'BUYTOCOVER') && held.lt(left)
    const half = left.gt(1) ? left.div(2).round(0, Big.roundDown) : left
    if (at && !isShort) book.fill(order, world.draws.between([0, 1]) ? left : half, at)
  }

  function replace(order: Order, body: Record<string, unknown>): Done<Order> {
    mustBeOpen(order)
    if (order.isTriggered) throw malformed('too late: prior stop already triggered')
    if (order.status === 'UCN') throw malformed('Not an open order.')
    const terms = changed(order, body)
    try {
      checkAccount(order.account, terms, [order, ...(order.group?.orders ?? [])])
    } catch (error) {
      throw error instanceof OrderRefused ? malformed(`Order failed. Reason: ${error.message}`) : error
    }
    const isSlow = world.draws.happens('slowReplaces')
    const finish = (back: Status) => {
      if (order.status !== 'RSN') return
      // What was filled in between leaves nothing to replace: the old terms stay.
      if (terms.quantity.gt(order.filled)) Object.assign(order, terms)
      const isQueued = back === 'DON' || back === 'OPN' || back === 'OSO'
      book.set(order, isQueued ? back : order.filled.gt(0) ? 'FPR' : 'ACK')
      book.matchAll(order.symbol)
    }
    const proceed = () => {
      if (isEnded(order)) return
      const back = order.status
      if (back === 'RSN') return
      order.status = 'RSN'
      if (isSlow) world.tellOrder(order)
      world.agenda.after(isSlow ? world.draws.wait('result') : 0, () => finish(back))
    }
    return { result: order, proceed }
  }

  /** The terms that a replace asks for: the quantity is the whole one, with what was filled. */
  function changed(order: Order, body: Record<string, unknown>) {
    const { symbol, action, duration, route, isAllOrNone } = order
    if (body.AdvancedOptions !== undefined) throw malformed('AdvancedOptions are not supported by this server')
    if (body.OrderType !== undefined && body.OrderType !== 'Market') {
      throw malformed('Order type can only be updated to Market')
    }
    const isMarket = body.OrderType === 'Market'
    const type = isMarket ? ('Market' as const) : order.type
    const priceOf = (name: 'LimitPrice' | 'StopPrice', old: Big | undefined) => {
      if (isMarket) return undefined
      if (body[name] === undefined) return old
      if (!old) throw malformed(`${type} orders have no ${name}`)
      return amount(name, body[name])
    }
    const quantity = body.Quantity === undefined ? order.quantity : amount('Quantity', body.Quantity)
    if (quantity.lte(order.filled)) throw malformed('Quantity must be more than what is filled')
    return {
      symbol,
      action,
      duration,
      route,
      isAllOrNone,
      type,
      quantity,
      limitPrice: priceOf('LimitPrice', order.limitPrice),
      stopPrice: priceOf('StopPrice', order.stopPrice),
    }
  }

  /** Ends the orders of a session, and fills those that waited for its close. */
  function endSession(isLast: boolean): void {
    const today = dayIn(new Date(world.now().getTime() - 1000), exchangeZone)
    for (const order of world.accounts.flatMap(({ orders }) => orders)) {
      if (!isLive(order)) continue
      if (order.duration === 'CLO' && !isLast) fillAtClose(order)
      if (isEnded(order)) continue
      const isItsEnd = isLast || !isExtended(order)
      const isOver = !isLong(order) || order.goodTill! <= today
      if (!isItsEnd) continue
      if (isOver) book.end(order, order.duration === 'CLO' ? 'OUT' : 'EXP')
      // A cancel or a replace that is on its way goes on.
      else if (order.status === 'ACK' || order.status === 'FPR') book.set(order, 'DON')
    }
  }

  function fillAtClose(order: Order): void {
    const at = world.quotes.get(order.symbol)?.last
    const { limitPrice } = order
    const isReached = at && (!limitPrice || (sideOf(order) === 'buy' ? at.lte(limitPrice) : at.gte(limitPrice)))
    if (isReached && !world.halted.has(order.symbol)) book.fill(order, leftOf(order), at)
  }

  return {
    place,
    placeGroup,
    cancel,
    replace,
    became(phase, before) {
      if (before === 'regular') endSession(false)
      if (phase === 'closed') {
        endSession(true)
        return
      }
      if (before === 'closed') for (const account of world.accounts) beginDay(account)
      for (const order of world.accounts.flatMap(({ orders }) => orders)) {
        if (order.status === 'DON') book.route(order)
      }
      book.matchAll()
    },
  }
}
