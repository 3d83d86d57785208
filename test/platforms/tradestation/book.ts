import { type Big, least, zero } from '../../../src/base/amounts.ts'
import { book, heldOf } from './account.ts'
import { type Group, isEnded, isExtended, isLive, leftOf, type Order, type Status, sideOf } from './order.ts'
import type { Level, World } from './world.ts'

/** The orders of all accounts against the market's prices. */
export interface Book {
  /** Sends an order that was accepted to the market, or queues it until the market opens. */
  route(order: Order): void
  /** Everything of a symbol, or of all symbols, against the present prices. */
  matchAll(symbol?: string): void
  /** Fills something at this price, wherever the market is. */
  fill(order: Order, quantity: Big, price: Big): void
  /** Ends an order; one that is partly filled ends as such. */
  end(order: Order, status: 'OUT' | 'EXP' | 'TSC' | 'REJ', reason?: string): void
  /** Gives an order a status, and tells it. */
  set(order: Order, status: Status): void
}

const atOnce: readonly string[] = ['IOC', 'FOK', 'OPG']

/** A book without orders. */
export function createBook(world: World): Book {
  function set(order: Order, status: Status): void {
    order.status = status
    if (isEnded(order)) order.closedAt = world.now()
    world.tellOrder(order)
  }

  function isItsTime(order: Order): boolean {
    const phase = world.phase()
    return phase === 'regular' || (phase === 'extended' && isExtended(order))
  }

  function route(order: Order): void {
    if (order.status !== 'OPN' && order.status !== 'DON') return
    if (!isItsTime(order)) {
      if (order.duration === 'IOC' || order.duration === 'FOK') end(order, 'OUT')
      else if (order.status !== 'DON') set(order, 'DON')
      return
    }
    if (world.draws.happens('unknownStatuses')) hideStatus(order)
    set(order, order.filled.gt(0) ? 'FPR' : 'ACK')
    match(order)
  }

  /** Shows a status that nobody knows, for a while. */
  function hideStatus(order: Order): void {
    order.shownStatus = 'ZZZ'
    world.agenda.after(world.draws.wait('status'), () => {
      order.shownStatus = undefined
      world.tellOrder(order)
    })
  }

  /** A stop is hit by a trade at its price or beyond. */
  function isHit(order: Order): boolean {
    const { stopPrice } = order
    if (!stopPrice || order.isTriggered) return true
    const last = world.quotes.get(order.symbol)!.last
    const isTouched = sideOf(order) === 'buy' ? last.gte(stopPrice) : last.lte(stopPrice)
    if (!isTouched) return false
    order.isTriggered = true
    if (world.draws.happens('stopHits')) {
      set(order, 'STP')
      set(order, order.filled.gt(0) ? 'FPR' : 'ACK')
    }
    return true
  }

  /** The levels at which an order would be filled now, best first. */
  function reached({ symbol, limitPrice, action }: Order): Level[] {
    const quote = world.quotes.get(symbol)!
    const isBuy = sideOf({ action }) === 'buy'
    return (isBuy ? quote.asks : quote.bids).filter(
      ({ price, size }) =>
        (!size || size.gt(0)) && (!limitPrice || (isBuy ? price.lte(limitPrice) : price.gte(limitPrice))),
    )
  }

  /** Units that a closing order may still take of its position. */
  function mostOf({ account, symbol, action }: Order): Big | undefined {
    if (action === 'SELL') return heldOf(account, symbol)
    if (action === 'BUYTOCOVER') return heldOf(account, symbol).times(-1)
    return undefined
  }

  function match(order: Order): void {
    if (!isLive(order) || order.isPartOnItsWay || order.duration === 'CLO') return
    const quote = world.quotes.get(order.symbol)
    if (quote && !world.halted.has(order.symbol) && isItsTime(order) && isHit(order)) take(order)
    if (atOnce.includes(order.duration) && !order.isPartOnItsWay) end(order, 'OUT')
  }

  function take(order: Order): void {
    const isWhole = order.isAllOrNone || order.duration === 'FOK'
    const there = reached(order)
    const sizes = there.reduce((total, { size }) => total.plus(size ?? leftOf(order)), zero)
    if (isWhole && sizes.lt(leftOf(order))) return
    for (const level of there) {
      if (isEnded(order)) return
      const most = mostOf(order)
      // Another order of the group was faster than its cancel.
      if (most?.lte(0)) {
        end(order, 'TSC')
        return
      }
      const wanted = most ? least(most, leftOf(order)) : leftOf(order)
      const quantity = least(least(level.size ?? wanted, wanted), isWhole ? wanted : (order.partSize ?? wanted))
      if (level.size) level.size = level.size.minus(quantity)
      fill(order, quantity, level.price)
      if (isEnded(order) || !order.partSize || isWhole) continue
      order.isPartOnItsWay = true
      world.agenda.after(world.draws.wait('part'), () => {
        order.isPartOnItsWay = false
        match(order)
      })
      return
    }
  }

  function fill(order: Order, quantity: Big, price: Big): void {
    const { account, symbol } = order
    const fee = account.feePerShare.times(quantity)
    order.filled = order.filled.plus(quantity)
    order.filledValue = order.filledValue.plus(quantity.times(price))
    order.fee = order.fee.plus(fee)
    account.executions.push({ id: world.ids.uuid(), order, quantity, price, fee, isTakenBack: false })
    book(account, symbol, sideOf(order), quantity, price, fee)
    const isWhole = leftOf(order).eq(0)
    if (order.fillsInAck) showLater(order)
    const isAsked = order.status === 'UCN' || order.status === 'RSN'
    set(order, isWhole ? 'FLL' : isAsked ? order.status : 'FPR')
    world.tellPosition(account, symbol)
    if (order.group) follow(order, order.group, quantity)
    if (isWhole) for (const child of order.children) send(child)
  }

  /** Shows `ACK` for a while in place of what the fills made of it. */
  function showLater(order: Order): void {
    if (order.shownStatus !== undefined) return
    order.shownStatus = 'ACK'
    world.agenda.after(world.draws.wait('status'), () => {
      order.shownStatus = undefined
      world.tellOrder(order)
    })
  }

  /** The other orders of a group after a fill: not in the same moment, when the world says so. */
  function follow(order: Order, { type, orders }: Group, quantity: Big): void {
    if (type === 'NORMAL') return
    const others = orders.filter((one) => one !== order && !isEnded(one))
    const wait = world.draws.happens('slowGroups') ? world.draws.wait('result') : 0
    world.agenda.after(wait, () => {
      for (const one of others) {
        if (isEnded(one)) continue
        const smaller = one.quantity.minus(quantity)
        if (type === 'OCO' || leftOf(order).eq(0) || smaller.lte(one.filled)) end(one, 'OUT')
        else {
          one.quantity = smaller
          world.tellOrder(one)
        }
      }
    })
  }

  /** An order that waited for the fill of another is sent. */
  function send(order: Order): void {
    if (order.status !== 'OSO') return
    set(order, 'OPN')
    route(order)
  }

  function end(order: Order, status: 'OUT' | 'EXP' | 'TSC' | 'REJ', reason?: string): void {
    if (isEnded(order)) return
    order.rejectReason = reason
    const isPart = order.filled.gt(0)
    set(order, isPart ? 'FLP' : status)
    for (const child of order.children) end(child, 'OUT')
    if (isPart && world.draws.happens('outsAfterPartial')) {
      world.agenda.after(world.draws.wait('status'), () => set(order, 'OUT'))
    }
  }

  return {
    route,
    matchAll(symbol) {
      const all = world.accounts.flatMap(({ orders }) => orders)
      for (const order of all) if (!isEnded(order) && (!symbol || order.symbol === symbol)) match(order)
    },
    fill,
    end,
    set,
  }
}
