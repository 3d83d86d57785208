import { Big, floorTo, zero } from '../../../src/base/amounts.ts'
import { type Account, book as bookFill, heldOf, hold } from './account.ts'
import { type Activity, listOther, record, tradeEvent } from './activities.ts'
import type { Book } from './book.ts'
import type { Broker } from './broker.ts'
import { isEnded, type Order } from './order.ts'
import { assetOf, type World } from './world.ts'

/** A corporate action as the data API shows it, without its id. */
export interface CorporateAction {
  list: 'forward_splits' | 'reverse_splits' | 'name_changes' | 'cash_dividends'
  shown: Record<string, unknown>
}

/** The acts that change an account without a request of its member. */
export interface Hands {
  /** Shares that were bought elsewhere, or, with a minus sign, sold short. No order explains them. */
  hold(account: Account, symbol: string, quantity: string, price: string): void
  /** An order that the member places on the broker's page or by phone; it is filled at once if the market is there. */
  placeElsewhere(account: Account, body: Record<string, unknown>): Order
  /** The broker takes an execution back. Kept: its activity stays on the list, and only the event stream tells. */
  bust(executionId: string, how?: { isActivityKept?: boolean }): void
  /** The broker corrects the price of an execution. */
  correct(executionId: string, price: string): void
  /** `ratio` new shares for one old share: 2, or 0.1. Fractions are paid out at the new price. */
  split(symbol: string, ratio: string): void
  /** The symbol is another from now on. */
  rename(symbol: string, newSymbol: string): void
  /** Dollars a share for everybody who holds it. */
  payDividend(symbol: string, perShare: string): void
  /** The broker takes a fee in dollars. */
  charge(account: Account, dollars: string): void
  corporateActions: CorporateAction[]
}

/** The hands of a world. */
export function createHands(world: World, book: Book, broker: Broker): Hands {
  const corporateActions: CorporateAction[] = []

  function executionOf(id: string): Activity & { execution: NonNullable<Activity['execution']> } {
    const all = world.accounts.flatMap(({ activities }) => activities)
    const found = all.find(({ execution }) => execution?.id === id)
    if (!found?.execution || found.execution.isTakenBack) throw new Error(`there is no execution ${id}`)
    return found as ReturnType<typeof executionOf>
  }

  /** Takes an execution out of the order, the holding and the cash. */
  function undo({ order, quantity, price }: NonNullable<Activity['execution']>): void {
    order.filled = order.filled.minus(quantity)
    order.filledValue = order.filledValue.minus(quantity.times(price))
    bookFill(order.account, order.symbol, order.side === 'buy' ? 'sell' : 'buy', quantity, price)
    if (order.status === 'filled') book.set(order, order.filled.gt(0) ? 'partially_filled' : 'new')
    if (order.status === 'partially_filled' || order.status === 'new') {
      book.set(order, 'canceled')
      order.canceledAt = order.updatedAt
    }
  }

  function bust(executionId: string, { isActivityKept = false } = {}): void {
    const activity = executionOf(executionId)
    const { order, quantity, price } = activity.execution
    activity.execution.isTakenBack = true
    if (!isActivityKept) [activity.isListed, activity.isTakenOff] = [false, true]
    undo(activity.execution)
    const id = world.ids.uuid()
    tellOf(order, 'trade_bust', id, quantity, price, executionId, { reason: 'TRADE_BUST' })
  }

  function correct(executionId: string, corrected: string): void {
    const activity = executionOf(executionId)
    const { order, quantity, price } = activity.execution
    const newPrice = new Big(corrected)
    order.filledValue = order.filledValue.plus(quantity.times(newPrice.minus(price)))
    const dollars = quantity.times(newPrice.minus(price)).times(order.side === 'buy' ? -1 : 1)
    order.account.cash = order.account.cash.plus(dollars)
    const holding = order.account.holdings.get(order.symbol)
    if (holding) holding.cost = holding.cost.minus(dollars)
    activity.execution.price = newPrice
    activity.shown.price = corrected
    const id = world.ids.uuid()
    tellOf(order, 'trade_correct', id, quantity, newPrice, executionId)
  }

  function tellOf(
    order: Order,
    type: 'trade_bust' | 'trade_correct',
    id: string,
    quantity: Big,
    price: Big,
    previousId: string,
    more: Record<string, unknown> = {},
  ): void {
    const { account, symbol } = order
    const at = world.stamp()
    const event = tradeEvent(order, type, id, quantity, price, previousId)
    const shown = { id, activity_type: 'FILL' }
    record(account, { id: `${at}::${id}`, createdAt: at, isListed: false, shown, event })
    book.tell(order, type, {
      execution_id: id,
      previous_execution_id: previousId,
      qty: String(quantity),
      price: String(price),
      position_qty: String(heldOf(account, symbol)),
      ...more,
    })
  }

  function split(symbol: string, ratio: string): void {
    const times = new Big(ratio)
    const quote = world.quotes.get(symbol)
    if (quote) {
      for (const side of ['bid', 'ask', 'last'] as const) quote[side] = quote[side].div(times).round(6)
    }
    const [newRate, oldRate] = times.gte(1) ? [times, new Big(1)] : [new Big(1), new Big(1).div(times).round(6)]
    announce(times.gte(1) ? 'forward_splits' : 'reverse_splits', {
      symbol,
      ...(times.gte(1) ? { cusip: cusipOf(symbol) } : { old_cusip: cusipOf(symbol), new_cusip: `${cusipOf(symbol)}N` }),
      new_rate: Number(newRate),
      old_rate: Number(oldRate),
      ex_date: today(),
    })
    for (const account of world.accounts) {
      const held = account.holdings.get(symbol)
      // Resting orders have quantities and prices from before.
      for (const order of [...account.orders]) {
        if (order.symbol === symbol && !isEnded(order)) book.end(order, 'canceled', { reason: 'CORPORATE_ACTION' })
      }
      if (!held) continue
      const exact = held.quantity.times(times)
      const whole = floorTo(exact.abs(), new Big(1)).times(exact.gt(0) ? 1 : -1)
      const price = held.cost.div(exact)
      const before = held.quantity
      if (whole.eq(0)) account.holdings.delete(symbol)
      else account.holdings.set(symbol, { quantity: whole, cost: held.cost.times(whole).div(exact) })
      const details = { ratio, old_qty: String(before), new_qty: String(whole) }
      listOther(account, 'SPLIT', { symbol, quantity: whole.minus(before), subType: subTypeOf(times), details })
      const fraction = exact.minus(whole)
      if (!fraction.eq(0)) {
        const dollars = fraction.times(quote?.last ?? price).round(2)
        account.cash = account.cash.plus(dollars)
        listOther(account, 'MISC', { symbol, quantity: fraction.times(-1), dollars })
      }
    }
  }

  const subTypeOf = (ratio: Big) => (ratio.gte(1) ? 'FSPLIT' : 'RSPLIT')
  const today = () => world.now().toISOString().slice(0, 10)
  const cusipOf = (symbol: string) => `${symbol}00000000`.slice(0, 9)

  function announce(list: CorporateAction['list'], shown: Record<string, unknown>): void {
    corporateActions.push({ list, shown: { id: world.ids.uuid(), process_date: today(), ...shown } })
  }

  function rename(symbol: string, newSymbol: string): void {
    const asset = world.assets.get(symbol)!
    world.assets.delete(symbol)
    world.assets.set(newSymbol, { ...asset, symbol: newSymbol })
    // The old symbol stays known, so that old orders can be shown; nothing trades by it.
    world.assets.set(symbol, assetOf(world.ids, symbol, { status: 'inactive', tradable: false }))
    const quote = world.quotes.get(symbol)
    if (quote) world.quotes.set(newSymbol, quote)
    world.quotes.delete(symbol)
    announce('name_changes', {
      old_symbol: symbol,
      new_symbol: newSymbol,
      old_cusip: cusipOf(symbol),
      new_cusip: cusipOf(newSymbol),
    })
    for (const account of world.accounts) {
      for (const order of [...account.orders]) {
        if (order.symbol === symbol && !isEnded(order)) book.end(order, 'canceled', { reason: 'CORPORATE_ACTION' })
      }
      const held = account.holdings.get(symbol)
      if (!held) continue
      account.holdings.delete(symbol)
      account.holdings.set(newSymbol, held)
      const details = { old_symbol: symbol, new_symbol: newSymbol }
      listOther(account, 'NC', { symbol, quantity: held.quantity.times(-1), subType: 'SNC', details })
      listOther(account, 'NC', { symbol: newSymbol, quantity: held.quantity, subType: 'SNC', details })
    }
  }

  return {
    corporateActions,
    hold: (account, symbol, quantity, price) => hold(account, symbol, new Big(quantity), new Big(price)),
    placeElsewhere(account, body) {
      const { order, proceed } = broker.place(account, body)
      order.isExternal = true
      proceed()
      return order
    },
    bust,
    correct,
    split,
    rename,
    payDividend(symbol, perShare) {
      announce('cash_dividends', {
        symbol,
        cusip: cusipOf(symbol),
        rate: Number(perShare),
        special: false,
        foreign: false,
        ex_date: today(),
      })
      for (const account of world.accounts) {
        const quantity = heldOf(account, symbol)
        if (quantity.eq(0)) continue
        const dollars = quantity.times(perShare)
        account.cash = account.cash.plus(dollars)
        listOther(account, 'DIV', { symbol, quantity, dollars, perShare: new Big(perShare), subType: 'CDIV' })
      }
    },
    charge(account, dollars) {
      account.cash = account.cash.minus(dollars)
      listOther(account, 'FEE', { dollars: zero.minus(dollars) })
    },
  }
}
