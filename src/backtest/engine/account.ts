import { type Book, forgetPosition, type Lot } from './book.ts'
import type { Costs } from './costs.ts'
import type { ExitReason, Trade } from './trade.ts'

/**
 * The cash of a run and its finished trades. Its numbers are floats: a run simulates, no order and no row comes from it, and a
 * decimal library would make it a hundred times as slow. Figures are compared to 1e-6, and rounded where they are shown.
 */
export interface Account {
  cash: number
  trades: Trade[]
  /** Dollars: the profit of all finished trades. */
  realized: number
  /** Dollars of commission and of interest on borrowed shares so far. */
  fees: number
  borrowed: number
}

/** A fill of a symbol: signed units at dollars a unit, at a place of the timeline. */
export interface Fill {
  units: number
  price: number
  at: number
  reason: ExitReason
}

/**
 * Books a fill: it closes open lots of the other side first, in the order in which they were opened, and opens one with the
 * rest.
 */
export function bookFill(account: Account, book: Book, fill: Fill, costs: Costs, days: readonly string[]): void {
  const { units, price, at } = fill
  const fees = Math.abs(units) * price * costs.commission + costs.perFill
  account.cash -= units * price + fees
  account.fees += fees
  let left = Math.abs(units)
  const each = fees / left
  const closes = book.quantity !== 0 && book.quantity > 0 !== units > 0
  if (closes) {
    const closed = Math.min(left, Math.abs(book.quantity))
    closeLots(account, book, closed, each, fill, days)
    left -= closed
    const rest = Math.abs(book.quantity) - closed
    if (rest === 0) forgetPosition(book)
    else book.quantity = Math.sign(book.quantity) * rest
  }
  if (left === 0) return
  book.quantity += Math.sign(units) * left
  book.lots.push({ quantity: left, price, fees: each * left, at })
}

function closeLots(
  account: Account,
  book: Book,
  quantity: number,
  feesEach: number,
  { price, at, reason }: Fill,
  days: readonly string[],
): void {
  const sign = Math.sign(book.quantity)
  for (let left = quantity; left > 0; ) {
    const lot = book.lots[0]!
    const taken = Math.min(left, lot.quantity)
    const fees = takeFees(lot, taken) + feesEach * taken
    const profit = sign * taken * (price - lot.price) - fees
    account.realized += profit
    account.trades.push({
      symbol: book.symbol,
      side: sign > 0 ? 'long' : 'short',
      quantity: taken,
      entryDay: days[lot.at]!,
      exitDay: days[at]!,
      entryAt: lot.at,
      exitAt: at,
      entryPrice: lot.price,
      exitPrice: price,
      fees,
      profit,
      returned: profit / (taken * lot.price),
      reason,
    })
    left -= taken
    lot.quantity -= taken
    if (lot.quantity === 0) book.lots.shift()
  }
}

/** The part of a lot's commission that goes with some of its units. */
function takeFees(lot: Lot, units: number): number {
  const fees = (lot.fees * units) / lot.quantity
  lot.fees -= fees
  return fees
}
