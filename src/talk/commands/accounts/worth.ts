import { type Big, sum, zero } from '../../../base/amounts.ts'
import { dollarsText, profitText } from '../../../base/format.ts'
import { dayIn, exchangeZone, momentOn } from '../../../base/zone.ts'
import { type AccountBook, bookOf, cashOf } from '../../../trading/accounts/rows/account-book.ts'
import { equityAt } from '../../../trading/accounts/rows/day-equity.ts'
import type { Parts } from '../../../trading/parts.ts'
import { type Marked, markedPositions, unpriced } from '../positions/marks.ts'

/** The value of an account at the present marks, in dollars. */
export interface Worth {
  accountId: number
  book: AccountBook
  marked: Marked[]
  cash: Big
  /** The starting balance plus all P&L, realized and unrealized. */
  equity: Big
}

/** Computes the present value of an account. */
export async function worthOf(parts: Pick<Parts, 'db' | 'market' | 'clock'>, accountId: number): Promise<Worth> {
  const book = await bookOf(parts.db, accountId)
  const marked = await markedPositions(parts, accountId, book.open)
  const unrealized = sum(marked.map((one) => one.unrealized ?? zero))
  return { accountId, book, marked, cash: cashOf(book), equity: book.start.plus(book.realized).plus(unrealized) }
}

/** The start of the exchange's day that contains a moment. */
export function dayBegin(at: Date): Date {
  return momentOn(dayIn(at, exchangeZone), '00:00', exchangeZone)
}

/** The equity of an account at the start of the exchange's day, in dollars; undefined when it is not known. */
export function worthToday({ db, clock }: Pick<Parts, 'db' | 'clock'>, accountId: number): Promise<Big | undefined> {
  return equityAt(db, accountId, dayBegin(clock.now()))
}

/** Equity, cash, the P&L since the equity `began`, and all realized P&L; two lines. */
export function worthLines(worth: Worth, began: Big | undefined): string[] {
  const today = began ? profitText(worth.equity.minus(began)) : 'unknown (nobody looked when the day began)'
  return [
    `Account: equity ${equityText(worth)} · cash ${dollarsText(worth.cash)}`,
    `Today: ${today} · realized in all: ${profitText(worth.book.realized)}`,
  ]
}

/** The equity, with a note about stale or missing prices. */
export function equityText({ equity, marked }: Worth): string {
  const stale = marked.filter(({ quote }) => quote?.stale).map(({ position }) => position.symbol)
  return `${dollarsText(equity)}${stale.length > 0 ? ` (stale: ${stale.join(', ')})` : ''}${unpriced(marked)}`
}
