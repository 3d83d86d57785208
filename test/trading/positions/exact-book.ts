import type { Execution } from '../../../src/trading/positions/rules/position.ts'

/** A fraction of whole numbers: nothing is ever rounded. */
export interface Ratio {
  over: bigint
  under: bigint
}

export const ratio = (over: bigint, under = 1n): Ratio => ({ over, under })
export const plus = (a: Ratio, b: Ratio) => ratio(a.over * b.under + b.over * a.under, a.under * b.under)
export const minus = (a: Ratio, b: Ratio) => plus(a, ratio(-b.over, b.under))
export const times = (a: Ratio, b: Ratio) => ratio(a.over * b.over, a.under * b.under)
export const by = (a: Ratio, b: Ratio) =>
  b.over < 0n ? ratio(-a.over * b.under, -a.under * b.over) : ratio(a.over * b.under, a.under * b.over)
export const isEqual = (a: Ratio, b: Ratio) => a.over * b.under === b.over * a.under
export const size = (a: Ratio) => (a.over < 0n ? ratio(-a.over, a.under) : a)
/** Is `a` no further from `b` than `most`? */
export const isWithin = (a: Ratio, b: Ratio, most: Ratio) => {
  const away = size(minus(a, b))
  return away.over * most.under <= most.over * away.under
}

/** A decimal in plain digits, as it is. */
export function exactly(decimal: { toFixed(): string }): Ratio {
  const [whole = '0', fraction = ''] = decimal.toFixed().split('.')
  return ratio(BigInt(whole + fraction), 10n ** BigInt(fraction.length))
}

const none = ratio(0n)

/** The result of a book of fills, in fractions. */
export interface Book {
  /** Negative when short. */
  quantity: Ratio
  averagePrice: Ratio
  realized: Ratio
  /** Dollars in less dollars out. */
  cash: Ratio
}

/**
 * Keeps a book of fills by the definitions, independently of the desk's code. A fill that adds moves the average price. A fill
 * that takes locks in the difference to it. The part beyond flat starts anew at the fill's price.
 */
export function keepBook(fills: Execution[]): Book {
  let book: Book = { quantity: none, averagePrice: none, realized: none, cash: none }
  for (const fill of fills) book = entered(book, fill)
  return book
}

function entered(book: Book, fill: Execution): Book {
  const price = exactly(fill.price)
  const commission = exactly(fill.commission)
  const change = fill.side === 'buy' ? exactly(fill.quantity) : times(exactly(fill.quantity), ratio(-1n))
  const cash = minus(minus(book.cash, times(change, price)), commission)
  const quantity = plus(book.quantity, change)
  const paid = minus(book.realized, commission)
  const same = book.quantity.over * change.over >= 0n
  if (same) {
    const cost = plus(times(book.quantity, book.averagePrice), times(change, price))
    return { quantity, averagePrice: by(cost, quantity), realized: paid, cash }
  }
  const beyond = quantity.over * book.quantity.over < 0n
  const closed = beyond ? times(book.quantity, ratio(-1n)) : change
  const locked = times(times(closed, ratio(-1n)), minus(price, book.averagePrice))
  const averagePrice = quantity.over === 0n ? none : beyond ? price : book.averagePrice
  return { quantity, averagePrice, realized: plus(paid, locked), cash }
}
