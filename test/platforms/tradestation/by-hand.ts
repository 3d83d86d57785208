import { Big, floorTo } from '../../../src/base/amounts.ts'
import { type Account, book as bookFill, type Execution, heldOf, hold } from './account.ts'
import type { Book } from './book.ts'
import type { Broker } from './broker.ts'
import { isEnded, type Order, sideOf } from './order.ts'
import { readRequest } from './order-request.ts'
import { OrderRefused } from './refusals.ts'
import type { World } from './world.ts'

/** The acts that change an account without a request of its member. */
export interface Hands {
  /** Shares that were bought elsewhere, or, with a minus sign, sold short. No order explains them. */
  hold(account: Account, symbol: string, quantity: string, price: string): void
  /**
   * An order that the member places on the broker's page or by phone, as the API writes it, without `AccountID`; it is filled
   * at once if the market is there.
   */
  placeElsewhere(account: Account, body: Record<string, unknown>): Order
  /** The exchange takes an execution back: the order shows less than before, as broken. */
  bust(executionId: string): void
  /** The exchange corrects the price of an execution, in dollars a share. */
  correct(executionId: string, price: string): void
  /** `2` doubles every holding, `0.1` makes one of ten; the fraction is paid in cash, and resting orders end. */
  split(symbol: string, ratio: string): void
  /** Dollars a share for all who hold it. */
  payDividend(symbol: string, perShare: string): void
  /** A fee, in dollars. */
  charge(account: Account, dollars: string): void
}

/** Hands on a world. */
export function createHands(world: World, book: Book, broker: Broker): Hands {
  function executionOf(id: string): Execution {
    const found = world.accounts.flatMap(({ executions }) => executions).find((one) => one.id === id)
    if (!found || found.isTakenBack) throw new Error(`no execution ${id}`)
    return found
  }

  return {
    hold(account, symbol, quantity, price) {
      hold(account, symbol, new Big(quantity), new Big(price))
      world.tellPosition(account, symbol)
    },
    placeElsewhere(account, body) {
      const request = readRequest(world, { ...body, AccountID: account.id })
      const { result, proceed } = broker.place(account, request)
      const [placed] = result
      if (!placed || !('order' in placed)) throw new OrderRefused(placed?.refused ?? 'nothing was placed')
      placed.order.isExternal = true
      proceed()
      return placed.order
    },
    bust(executionId) {
      const execution = executionOf(executionId)
      const { order, quantity, price, fee } = execution
      execution.isTakenBack = true
      order.filled = order.filled.minus(quantity)
      order.filledValue = order.filledValue.minus(quantity.times(price))
      order.fee = order.fee.minus(fee)
      const back = sideOf(order) === 'buy' ? 'sell' : 'buy'
      bookFill(order.account, order.symbol, back, quantity, price, fee.times(-1))
      book.set(order, 'BRO')
      world.tellPosition(order.account, order.symbol)
    },
    correct(executionId, corrected) {
      const execution = executionOf(executionId)
      const { order, quantity, price } = execution
      const more = quantity.times(new Big(corrected).minus(price))
      order.filledValue = order.filledValue.plus(more)
      const dollars = more.times(sideOf(order) === 'buy' ? -1 : 1)
      order.account.cash = order.account.cash.plus(dollars)
      const holding = order.account.holdings.get(order.symbol)
      if (holding) holding.cost = holding.cost.minus(dollars)
      execution.price = new Big(corrected)
      world.tellOrder(order)
      if (holding) world.tellPosition(order.account, order.symbol)
    },
    split(symbol, ratio) {
      const times = new Big(ratio)
      const quote = world.quotes.get(symbol)
      if (quote) {
        quote.last = quote.last.div(times).round(6)
        for (const level of [...quote.bids, ...quote.asks]) level.price = level.price.div(times).round(6)
      }
      for (const account of world.accounts) {
        // Resting orders have quantities and prices from before.
        for (const order of [...account.orders]) {
          if (order.symbol === symbol && !isEnded(order)) book.end(order, 'OUT')
        }
        const held = account.holdings.get(symbol)
        if (!held) continue
        const exact = held.quantity.times(times)
        const whole = floorTo(exact.abs(), new Big(1)).times(exact.gt(0) ? 1 : -1)
        const fraction = exact.minus(whole)
        account.cash = account.cash.plus(fraction.times(world.price(symbol)).round(2))
        if (whole.eq(0)) account.holdings.delete(symbol)
        else account.holdings.set(symbol, { quantity: whole, cost: held.cost.times(whole).div(exact) })
        world.tellPosition(account, symbol)
      }
    },
    payDividend(symbol, perShare) {
      for (const account of world.accounts) {
        account.cash = account.cash.plus(heldOf(account, symbol).times(perShare))
      }
    },
    charge(account, dollars) {
      account.cash = account.cash.minus(dollars)
    },
  }
}
