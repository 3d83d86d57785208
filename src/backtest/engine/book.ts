import type { Columns } from '../../strategies/screeners/strategy.ts'
import type { Levels, Prepared, Trader, Wish } from './port.ts'

/** Units of one fill that are still open. */
export interface Lot {
  quantity: number
  /** Dollars a unit, and dollars of commission for all of it. */
  price: number
  fees: number
  /** Its place on the timeline. */
  at: number
}

/** A split at the open of a day: `to` new units for `from` old ones. */
export interface Split {
  day: string
  to: number
  from: number
}

/** Cash for each unit held before the open of a day, in dollars; a short position pays it. */
export interface Dividend {
  day: string
  amount: number
}

/** A symbol of a run with all that is open in it. Prices are dollars a unit. */
export interface Book {
  symbol: string
  bars: Columns
  prepared: Prepared
  trader: Trader
  /** Signed units, and the lots that they are made of. */
  quantity: number
  lots: Lot[]
  orders: Wish[]
  /** The position is closed at the next open. */
  isClosing: boolean
  /** A position was entered after the open of the bar that is played. */
  enteredWithin: boolean
  /** Units of the chunks of a scaleout that are still to come, the next one last. */
  chunks: number[]
  stop?: number
  target?: number
  trail?: { share: number; best: number }
  /** The last close. */
  mark: number
  /** Corporate actions by day; undefined when there are none. */
  actions?: Map<string, { split?: Split; dividend?: Dividend }>
}

/** The position has ended: what protected or sold it ends, too. */
export function forgetPosition(book: Book): void {
  book.lots.length = 0
  book.quantity = 0
  book.chunks.length = 0
  book.isClosing = false
  clearLevels(book)
}

/** Sets levels around a price, the entry's or the last close, in place of those before. */
export function setLevels(
  book: Book,
  { stop, target, stopShare, targetShare, trailShare }: Levels,
  price: number,
): void {
  const sign = book.quantity > 0 ? 1 : -1
  clearLevels(book)
  book.stop = stop ?? (stopShare === undefined ? undefined : price * (1 - sign * stopShare))
  book.target = target ?? (targetShare === undefined ? undefined : price * (1 + sign * targetShare))
  if (trailShare !== undefined) {
    book.trail = { share: trailShare, best: price }
    moveTrail(book, price)
  }
}

/** Moves a trailing stop on by a price; never back. */
export function moveTrail(book: Book, price: number): void {
  const { trail } = book
  if (!trail) return
  const sign = book.quantity > 0 ? 1 : -1
  if (sign * price > sign * trail.best) trail.best = price
  const moved = trail.best * (1 - sign * trail.share)
  if (book.stop === undefined || sign * moved > sign * book.stop) book.stop = moved
}

function clearLevels(book: Book): void {
  book.stop = undefined
  book.target = undefined
  book.trail = undefined
}
