import { Big } from '../../base/amounts.ts'
import { evenChunks } from '../../trading/scaleouts/rules/scaleout-plan.ts'
import { type Book, setLevels } from './book.ts'
import type { Heard, Trader } from './port.ts'

const one = new Big(1)

/** The desk that a strategy sees for one symbol. Its wishes are kept in the book until the next bar. */
export function traderOf(book: Book, now: { equity: number }, hear: (wish: Omit<Heard, 'day'>) => void): Trader {
  const { symbol } = book
  return {
    get quantity() {
      return book.quantity
    },
    get equity() {
      return now.equity
    },
    order(wish) {
      hear({ symbol, does: 'order', what: wish })
      book.orders.push(wish)
    },
    close() {
      hear({ symbol, does: 'close' })
      book.isClosing = book.quantity !== 0
    },
    scaleout(chunks) {
      hear({ symbol, does: 'scaleout', what: chunks })
      const units = Math.abs(book.quantity)
      const count = Math.min(Math.floor(chunks), units)
      if (!(count >= 1)) return
      // The desk's own plan: even chunks, whose sum is the whole.
      const plan = evenChunks(new Big(units), one, new Array<number>(count).fill(0))
      book.chunks = plan.map(({ quantity }) => quantity.toNumber()).reverse()
    },
    protect(levels) {
      hear({ symbol, does: 'protect', what: levels })
      if (book.quantity !== 0) setLevels(book, levels, book.mark)
    },
    cancel() {
      hear({ symbol, does: 'cancel' })
      book.orders.length = 0
    },
  }
}
