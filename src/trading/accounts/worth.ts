import { type Big, sum, zero } from '../../base/amounts.ts'
import { dayIn, exchangeZone, momentOn } from '../../base/zone.ts'
import type { Parts } from '../parts.ts'
import { type Marked, markedPositions } from '../positions/marked.ts'
import { type AccountBook, bookOf, cashOf } from './rows/account-book.ts'
import { equityAt, type SpanStart } from './rows/day-equity.ts'

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

/** The start of the exchange's day for an account. */
export function worthToday({ db, clock }: Pick<Parts, 'db' | 'clock'>, accountId: number): Promise<SpanStart> {
  return equityAt(db, accountId, dayBegin(clock.now()))
}
