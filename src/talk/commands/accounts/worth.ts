import { dollarsText, durationText, profitText } from '../../../base/format.ts'
import type { SpanStart } from '../../../trading/accounts/rows/day-equity.ts'
import { venueTitle } from '../../../trading/accounts/rules/account-mode.ts'
import type { Worth } from '../../../trading/accounts/worth.ts'
import { unpriced } from '../positions/marks.ts'

/** Equity, cash, the P&L since the start of the day, and all realized P&L, in lines. */
export function worthLines(worth: Worth, day: SpanStart, now: Date): string[] {
  const told = toldText(worth, now)
  return [
    `Account: equity ${equityText(worth)} · cash ${cashText(worth)}${told ? ` (${told})` : ''}`,
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

const untold = 'not told by the broker yet'

/** The cash: of a linked account as its broker told it. */
export function cashText({ cash, broker }: Worth): string {
  if (!broker) return dollarsText(cash)
  return broker.balance ? dollarsText(broker.balance.cash) : untold
}

/** The source and the age of a linked account's balance: `as Alpaca told it 12 s ago`; undefined for the desk's own, and before. */
export function toldText({ broker }: Worth, now: Date): string | undefined {
  if (!broker?.balance) return undefined
  const ago = durationText(Math.max(0, now.getTime() - broker.balance.at.getTime()))
  return `as ${venueTitle(broker.venue)} told it ${ago} ago`
}

/** The equity, with a note about stale or missing prices. A linked account has the equity that its broker told. */
export function equityText({ equity, marked, broker }: Worth): string {
  if (broker) return broker.balance?.equity ? dollarsText(broker.balance.equity) : untold
  const stale = marked.filter(({ quote }) => quote?.stale).map(({ position }) => position.symbol)
  return `${dollarsText(equity)}${stale.length > 0 ? ` (stale: ${stale.join(', ')})` : ''}${unpriced(marked)}`
}
