import { type Book, moveTrail } from './book.ts'
import { type Bar, limitFill, type Sign, stopFill } from './fill-rule.ts'

/** An exit by a level of the position, before slippage. */
export interface Touched {
  price: number
  reason: 'stop' | 'target'
  atOpen: boolean
}

/**
 * The exit of a position on a bar by its levels. A bar that touches stop and target counts as the stop. After an entry within the
 * bar only what certainly came later counts for the trader: the open does not, and a target needs the close beyond it. Moves a
 * trailing stop: the bar's own best price counts once it is certain that the close came after it.
 */
export function touchedLevel(book: Book, bar: Bar, enteredWithin: boolean): Touched | undefined {
  const sign: Sign = book.quantity > 0 ? 1 : -1
  const exit = -sign as Sign
  const { stop, target, trail } = book
  if (stop !== undefined) {
    const fill = stopFill(exit, stop, bar)
    // The open before an entry is no price at which it could have left.
    if (fill) return { reason: 'stop', ...(enteredWithin ? { price: stop, atOpen: false } : fill) }
  }
  if (target !== undefined) {
    const seen = enteredWithin ? { open: bar.close, high: bar.close, low: bar.close, close: bar.close } : bar
    const fill = limitFill(exit, target, seen)
    if (fill) return { reason: 'target', ...(enteredWithin ? { price: target, atOpen: false } : fill) }
  }
  if (!trail) return undefined
  moveTrail(book, enteredWithin ? bar.close : sign > 0 ? bar.high : bar.low)
  const moved = book.stop!
  // From the best price to the close the market passed the stop that the best price had moved.
  return sign * bar.close <= sign * moved ? { price: moved, reason: 'stop', atOpen: false } : undefined
}
