import { type Big, sum, zero } from '../../base/amounts.ts'
import { dayIn, exchangeZone, momentOn } from '../../base/zone.ts'
import type { Parts } from '../parts.ts'
import { type Marked, markedPositions } from '../positions/marked.ts'
import { type AccountBook, bookOf, cashOf } from './rows/account-book.ts'
import { equityAt, type SpanStart } from './rows/day-equity.ts'
import { type AtBroker, toldBalanceOf } from './rows/told-balance.ts'

/**
 * The value of an account at the present marks, in dollars. `cash` and `equity` are those of the desk's books, from which P&L is
 * measured; a linked account has those of `broker`, which people are shown.
 */
export interface Worth {
  accountId: number
  book: AccountBook
  marked: Marked[]
  cash: Big
  /** The starting balance plus all P&L, realized and unrealized. */
  equity: Big
  /** Only of a linked account. */
  broker?: AtBroker
}

/** Computes the present value of an account. */
export async function worthOf(
  parts: Pick<Parts, 'db' | 'market' | 'clock' | 'venues'>,
  accountId: number,
): Promise<Worth> {
  const { venue } = accountId === 0 ? {} : await parts.venues.of(accountId)
  const told = venue?.capabilities.isLinked ? toldBalanceOf(parts.db, accountId) : undefined
  const [book, broker] = await Promise.all([bookOf(parts.db, accountId), told])
  const marked = await markedPositions(parts, accountId, book.open)
  const unrealized = sum(marked.map((one) => one.unrealized ?? zero))
  const equity = book.start.plus(book.realized).plus(unrealized)
  return { accountId, book, marked, cash: cashOf(book), equity, ...(broker && { broker }) }
}

/** The start of the exchange's day that contains a moment. */
export function dayBegin(at: Date): Date {
  return momentOn(dayIn(at, exchangeZone), '00:00', exchangeZone)
}

/** The start of the exchange's day for an account. */
export function worthToday({ db, clock }: Pick<Parts, 'db' | 'clock'>, accountId: number): Promise<SpanStart> {
  return equityAt(db, accountId, dayBegin(clock.now()))
}
