import type { Big } from '../../../base/amounts.ts'
import { dollarsText, profitText } from '../../../base/format.ts'
import type { Worth } from '../../../trading/accounts/worth.ts'
import { unpriced } from '../positions/marks.ts'

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
