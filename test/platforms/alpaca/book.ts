import { type Big, least, zero } from '../../../src/base/amounts.ts'
import { book, heldOf } from './account.ts'
import { listFill } from './activities.ts'
import { isEnded, leftOf, type Order, type OrderStatus, orderJson } from './order.ts'
import type { World } from './world.ts'

/** The orders of all accounts against the market's price. */
export interface Book {
  /** Sends an order that was accepted to the market, or queues it until the market opens. */
  route(order: Order): void
  /** Fills of an order what can be filled now. */
  match(order: Order): void
  /** Everything of a symbol, or of all symbols, against the present prices. */
  matchAll(symbol?: string): void
  /** Fills something at this price, wherever the market is. */
  fill(order: Order, quantity: Big, price: Big): void
  /** Ends an order, and what ends with it. */
  end(order: Order, status: 'canceled' | 'expired' | 'rejected', more?: Record<string, unknown>): void
  set(order: Order, status: OrderStatus): void
  tell(order: Order, event: string, more?: Record<string, unknown>): void
}

const waiting: readonly OrderStatus[] = ['accepted', 'pending_new', 'done_for_day']
const fillable: readonly OrderStatus[] = ['new', 'partially_filled', 'pending_cancel', 'pending_replace']

/** A book without orders. */
export function createBook(world: World): Book {
  function tell(order: Order, event: string, more: Record<string, unknown> = {}): void {
    const hasId = event !== 'pending_new' && event !== 'pending_cancel' && event !== 'pending_replace'
    world.tell(order.account, event, {
      ...(hasId && { execution_id: world.ids.uuid() }),
      timestamp: order.updatedAt,
      ...more,
      order: orderJson(order),
    })
  }

  function set(order: Order, status: OrderStatus): void {
    order.status = status
    order.updatedAt = world.stamp()
  }

  function route(order: Order): void {
    if (!waiting.includes(order.status)) return
    const isAtOnce = order.timeInForce === 'ioc' || order.timeInForce === 'fok'
    if (isItsTime(order)) open(order)
    else if (isAtOnce) end(order, 'canceled')
    else if (order.status === 'pending_new') set(order, 'accepted')
  }

  function open(order: Order): void {
    set(order, order.filled.gt(0) ? 'partially_filled' : 'new')
    if (world.draws.happens('unknownStatuses')) hideStatus(order)
    tell(order, 'new')
    if (!world.draws.happens('lateRejects')) match(order)
    else world.agenda.after(world.draws.wait('reject'), () => end(order, 'rejected'))
  }

  /** Shows a status that nobody knows, for a while. */
  function hideStatus(order: Order): void {
    order.shownStatus = 'pending_review'
    world.agenda.after(world.draws.wait('status'), () => {
      order.shownStatus = undefined
    })
  }

  function isItsTime({ timeInForce, isExtended }: Order): boolean {
    const phase = world.phase()
    if (timeInForce === 'opg') return phase === 'regular'
    return phase === 'regular' || (phase === 'extended' && isExtended)
  }

  /** Dollars a share at which the market would fill it now; undefined when it would not. */
  function reachedAt(order: Order): Big | undefined {
    const quote = world.quote(order.symbol)
    if (!quote || world.halted.has(order.symbol) || !isItsTime(order)) return undefined
    const { side, stopPrice, limitPrice } = order
    if (stopPrice && !order.isTriggered) {
      const touched = side === 'buy' ? [quote.ask, quote.last] : [quote.bid, quote.last]
      if (!touched.some((price) => (side === 'buy' ? price.gte(stopPrice) : price.lte(stopPrice)))) return undefined
      order.isTriggered = true
    }
    const price = side === 'buy' ? quote.ask : quote.bid
    if (limitPrice && (side === 'buy' ? price.gt(limitPrice) : price.lt(limitPrice))) return undefined
    return price
  }

  function match(order: Order): void {
    if (order.status === 'held') watchStop(order)
    if (!fillable.includes(order.status) || order.isPartOnItsWay || order.timeInForce === 'cls') return
    const isAtOnce = ['ioc', 'fok', 'opg'].includes(order.timeInForce)
    const price = reachedAt(order)
    for (let there = sharesThere(order, price); there.gt(0) && !isEnded(order); there = sharesThere(order, price)) {
      fill(order, least(least(there, leftOf(order)), order.partSize ?? leftOf(order)), price!)
      if (isEnded(order)) return
      if (!order.partSize || isAtOnce) continue
      order.isPartOnItsWay = true
      world.agenda.after(world.draws.wait('part'), () => {
        order.isPartOnItsWay = false
        match(order)
      })
      return
    }
    if (isAtOnce) end(order, 'canceled')
  }

  /** The held half of a pair takes over when its stop is touched. */
  function watchStop(order: Order): void {
    const { twin, stopPrice } = order
    if (!stopPrice || (twin ? !fillable.includes(twin.status) : order.parent?.status !== 'filled')) return
    reachedAt(order)
    if (!order.isTriggered) return
    order.twin = undefined
    if (twin) {
      twin.twin = undefined
      order.quantity = least(order.quantity, leftOf(twin))
      end(twin, 'canceled')
    }
    set(order, 'new')
    tell(order, 'new')
    match(order)
  }

  /** Shares that an order can have now at a price. */
  function sharesThere(order: Order, price: Big | undefined): Big {
    if (!price) return zero
    const { askSize, bidSize } = world.quote(order.symbol)!
    const left = leftOf(order)
    const size = (order.side === 'buy' ? askSize : bidSize) ?? left
    return order.timeInForce === 'fok' && size.lt(left) ? zero : size
  }

  function takeShares({ side, symbol }: Order, quantity: Big): void {
    const quote = world.quote(symbol)
    const size = side === 'buy' ? quote?.askSize : quote?.bidSize
    if (!quote || !size) return
    const left = size.gt(quantity) ? size.minus(quantity) : zero
    if (side === 'buy') quote.askSize = left
    else quote.bidSize = left
  }

  function fill(order: Order, quantity: Big, price: Big): void {
    const { account, symbol, side } = order
    takeShares(order, quantity)
    order.filled = order.filled.plus(quantity)
    order.filledValue = order.filledValue.plus(quantity.times(price))
    book(account, symbol, side, quantity, price)
    const isWhole = leftOf(order).eq(0)
    if (isWhole) {
      set(order, 'filled')
      order.filledAt = order.updatedAt
    } else if (order.status === 'new') set(order, 'partially_filled')
    else order.updatedAt = world.stamp()
    const executionId = world.ids.uuid()
    listFill(order, executionId, quantity, price)
    tell(order, isWhole ? 'fill' : 'partial_fill', {
      execution_id: executionId,
      price: String(price),
      qty: String(quantity),
      position_qty: String(heldOf(account, symbol)),
    })
    const { twin } = order
    if (twin && !isEnded(twin)) {
      // The held stop is for no more than the target has left.
      if (isWhole) end(twin, 'canceled')
      else twin.quantity = leftOf(order)
    }
    if (isWhole) for (const leg of order.legs) wake(leg)
  }

  /** A leg lives from the moment when the whole entry is filled; of a pair, the stop stays held. */
  function wake(leg: Order): void {
    if (leg.status !== 'held' || leg.parent?.orderClass === 'oco') return
    if (leg.twin && leg.stopPrice) {
      watchStop(leg)
      return
    }
    set(leg, 'new')
    tell(leg, 'new')
    match(leg)
  }

  function end(order: Order, status: 'canceled' | 'expired' | 'rejected', more?: Record<string, unknown>): void {
    if (isEnded(order)) return
    set(order, status)
    if (status === 'canceled') order.canceledAt = order.updatedAt
    if (status === 'expired') order.expiredAt = order.updatedAt
    if (status === 'rejected') order.failedAt = order.updatedAt
    tell(order, status, more)
    for (const other of [order.twin, ...order.legs]) if (other) end(other, 'canceled')
  }

  return {
    route,
    match,
    matchAll(symbol) {
      const all = world.accounts.flatMap(({ orders }) => orders)
      for (const order of all) if (!isEnded(order) && (!symbol || order.symbol === symbol)) match(order)
    },
    fill,
    end,
    set,
    tell,
  }
}
