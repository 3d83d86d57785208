import type { Account } from './account.ts'
import { type Book, forgetPosition } from './book.ts'

/**
 * Corporate actions at an open, before anything trades. A dividend is paid for the units of before. A split multiplies units and
 * divides prices; the fraction of a unit that is left over is paid out at the open, which is one of new units.
 */
export function applyActions(account: Account, book: Book, day: string, open: number): void {
  const due = book.actions?.get(day)
  if (!due) return
  if (due.dividend) account.cash += book.quantity * due.dividend.amount
  if (!due.split) return
  const ratio = due.split.to / due.split.from
  const exact = book.quantity * ratio
  const whole = Math.trunc(exact + Math.sign(exact) * slack)
  account.cash += (exact - whole) * open
  scale(book, ratio)
  trimLots(book, Math.abs(whole))
  book.quantity = whole
  if (whole === 0) forgetPosition(book)
}

const slack = 1e-9

function scale(book: Book, ratio: number): void {
  for (const lot of book.lots) {
    lot.quantity *= ratio
    lot.price /= ratio
  }
  for (const name of ['stop', 'target'] as const) if (book[name] !== undefined) book[name] /= ratio
  if (book.trail) book.trail.best /= ratio
  book.mark /= ratio
  book.chunks = book.chunks.map((units) => Math.floor(units * ratio + slack))
  book.orders = book.orders.map((wish) => ({
    ...wish,
    ...(wish.quantity !== undefined && { quantity: Math.floor(wish.quantity * ratio + slack) }),
    ...(wish.limit !== undefined && { limit: wish.limit / ratio }),
    ...(wish.stop !== undefined && { stop: wish.stop / ratio }),
    ...(wish.levels && { levels: scaledLevels(wish.levels, ratio) }),
  }))
}

function scaledLevels(levels: NonNullable<Book['orders'][number]['levels']>, ratio: number) {
  const { stop, target } = levels
  return {
    ...levels,
    ...(stop !== undefined && { stop: stop / ratio }),
    ...(target !== undefined && { target: target / ratio }),
  }
}

/** Takes the paid-out fraction from the last lots, so that their sum is the whole units that are left. */
function trimLots(book: Book, whole: number): void {
  let sum = 0
  book.lots = book.lots.filter((lot) => {
    lot.quantity = Math.max(0, Math.min(lot.quantity, whole - sum))
    sum += lot.quantity
    return lot.quantity > 0
  })
  const last = book.lots.at(-1)
  if (last) last.quantity += whole - sum
}
