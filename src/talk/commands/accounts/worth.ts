import { dollarsText, profitText } from '../../../base/format.ts'
import type { SpanStart } from '../../../trading/accounts/rows/day-equity.ts'
import type { Worth } from '../../../trading/accounts/worth.ts'
import { unpriced } from '../positions/marks.ts'

/** Equity, cash, the P&L since the start of the day, and all realized P&L, in lines. */
export function worthLines(worth: Worth, day: SpanStart): string[] {
  return [
    `Account: equity ${equityText(worth)} · cash ${dollarsText(worth.cash)}`,
    `${gainedText('Today', worth, day)} · realized in all: ${profitText(worth.book.realized)}`,
    ...leftOut('Today', day),
  ]
}

/** The P&L of an account in a span, open positions included. */
export function gainedText(span: 'Today' | 'This week', { equity }: Pick<Worth, 'equity'>, began: SpanStart): string {
  const gained = began.equity ? profitText(equity.minus(began.equity)) : 'unknown (nobody looked when it began)'
  return `${span}, with what is open: ${gained}`
}

/** A line about the P&L that is no result of the span, because positions had it before they were recorded; none without any. */
export function leftOut(span: 'Today' | 'This week', { brought }: SpanStart): string[] {
  return brought.eq(0) ? [] : [`${span} leaves out ${profitText(brought)} of P&L from before positions were recorded`]
}

/** The equity, with a note about stale or missing prices. */
export function equityText({ equity, marked }: Worth): string {
  const stale = marked.filter(({ quote }) => quote?.stale).map(({ position }) => position.symbol)
  return `${dollarsText(equity)}${stale.length > 0 ? ` (stale: ${stale.join(', ')})` : ''}${unpriced(marked)}`
}
