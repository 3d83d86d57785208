import { type Big, sum, zero } from '../../../base/amounts.ts'
import { dollarsText, momentText, priceText, profitText, quantityText } from '../../../base/format.ts'
import { dayAfter, dayIn, exchangeZone, momentOn, weekdayOf, whenText } from '../../../base/zone.ts'
import type { Db } from '../../../infra/db/client.ts'
import { equityAt } from '../../../trading/accounts/rows/day-equity.ts'
import { dayBegin, type Worth } from '../../../trading/accounts/worth.ts'
import { calledNow } from '../../../trading/corporate-actions/rows/corporate-actions.ts'
import { isUnchanged, ratioText } from '../../../trading/corporate-actions/rules/split.ts'
import { type Result, resultsBySymbol, type Traded, tradedOf } from '../../../trading/orders/rows/fills.ts'
import type { Parts } from '../../../trading/parts.ts'
import { adjustmentsOf, paidOutBySymbol } from '../../../trading/positions/rows/position-adjustments.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { type Cell, type Columns, cell, linesIn } from '../../chat/columns.ts'
import { gainedText, leftOut } from '../accounts/worth.ts'
import type { Hearing } from '../command.ts'

/** The time span of results: the exchange's day or week so far, or all time. */
export type Span = 'today' | 'week' | 'all'

const rule = '━'.repeat(22)

/** Results in lines; the lines of several symbols are also in columns. */
interface Results {
  lines: string[]
  columns?: Columns
}

/** The realized P&L of a time span, for each symbol or for a named one. */
export async function resultsOf(
  { parts, speaker }: Hearing,
  worth: Worth,
  span: Span,
  symbol: string | undefined,
): Promise<Results> {
  const { db } = parts
  const { accountId } = speaker
  const now = parts.clock.now()
  const since = span === 'all' ? undefined : beginOf(span, now)
  const [paidOut, renamed] = await Promise.all([
    paidOutBySymbol(db, accountId, { symbol, since }),
    symbol === undefined ? [] : renamedLines(db, symbol),
  ])
  const zone = speaker.timeZone ?? exchangeZone
  const shown =
    span === 'all' && symbol
      ? await ofOneSymbol(parts, worth, symbol, paidOut.get(symbol) ?? zero, zone)
      : await bySymbol(
          db,
          accountId,
          { symbol, since },
          paidOut,
          span,
          title(span, since && whenText(since, now, zone)),
        )
  if (!shown) return { lines: [...neverTraded(symbol), ...renamed] }
  const week = span === 'week' ? await weekLines(parts, worth, since!) : []
  return { ...shown, lines: [...shown.lines, ...week, ...renamed] }
}

/** A note about the new name of a renamed symbol; empty without one. */
export async function renamedLines(db: Db, symbol: string): Promise<string[]> {
  const now = await calledNow(db, symbol)
  return now === undefined ? [] : [`${symbol} is ${now} now: \`pl ${now} all\` has what was open then, and since`]
}

/** A note for each split: earlier fills stay in old shares. */
async function splitLines({ db }: Parts, accountId: number, symbol: string): Promise<string[]> {
  const adjusted = (await adjustmentsOf(db, accountId)).filter((one) => one.symbol === symbol)
  const ratios = adjusted.flatMap(({ adjusts }) => (adjusts && !isUnchanged(adjusts.ratio) ? [adjusts.ratio] : []))
  return ratios.map((ratio) => `What was traded before the split ${ratioText(ratio)} counts in shares of then`)
}

function beginOf(span: 'today' | 'week', now: Date): Date {
  if (span === 'today') return dayBegin(now)
  const day = dayIn(now, exchangeZone)
  const sinceMonday = (weekdayOf(day) + 6) % 7
  return momentOn(dayAfter(day, -sinceMonday), '00:00', exchangeZone)
}

function title(span: Span, since: string | undefined): string {
  return since ? `💰 P&L ${span === 'today' ? 'TODAY' : 'THIS WEEK'} - since ${since}` : '💰 P&L OF ALL TIME'
}

const realizedIn: Record<Span, string> = {
  today: 'Realized today',
  week: 'Realized this week',
  all: 'Realized in all',
}

const countText = (fills: number) => `${fills} ${fills === 1 ? 'fill' : 'fills'}`

/**
 * The realized P&L by the present name of each symbol; undefined if nothing was ever traded. Cash for fractions of a share
 * after a split is added, because it belongs to no fill.
 */
async function bySymbol(
  db: Db,
  accountId: number,
  only: { symbol?: string; since?: Date },
  paidOut: Map<string, Big>,
  span: Span,
  heading: string,
): Promise<Results | undefined> {
  const results = await resultsBySymbol(db, accountId, only)
  if (only.since === undefined && results.length === 0) return undefined
  const symbols = [...new Set([...results.map(({ symbol }) => symbol), ...paidOut.keys()])].sort()
  const rows = symbols.map((symbol) =>
    rowOf(
      symbol,
      results.find((one) => one.symbol === symbol),
      paidOut.get(symbol),
    ),
  )
  const columns = { columns: heads, rows }
  const realized = sum([...results.map((one) => one.realized), ...paidOut.values()])
  const traded = rows.length > 0 ? linesIn(columns) : ['Nothing was traded.']
  return { lines: [heading, ...traded, rule, `${realizedIn[span]}: ${profitText(realized)}`], columns }
}

const heads: Columns['columns'] = [{ head: 'Symbol' }, { head: 'Traded' }, { head: 'Realized', isAmount: true }]

function rowOf(symbol: string, result: Result | undefined, paid: Big | undefined): Cell[] {
  const what = [...(result ? [countText(result.fills)] : []), ...(paid ? ['cash for a fraction'] : [])].join(', ')
  const realized = (result?.realized ?? zero).plus(paid ?? zero)
  return [cell(symbol), cell(what, '· '), cell(profitText(realized), '· realized ')]
}

async function weekLines({ db }: Parts, worth: Worth, since: Date): Promise<string[]> {
  const began = await equityAt(db, worth.accountId, since)
  return [gainedText('This week', worth, began), ...leftOut('This week', began)]
}

/** All trades in a symbol: the bought and sold amounts, and the P&L; undefined if there are none. */
async function ofOneSymbol(
  parts: Parts,
  { accountId, marked }: Worth,
  symbol: string,
  paidOut: Big,
  zone: string,
): Promise<Results | undefined> {
  const [traded, splits] = await Promise.all([
    tradedOf(parts.db, accountId, symbol),
    splitLines(parts, accountId, symbol),
  ])
  if (!traded) return undefined
  const open = marked.find(({ position }) => position.symbol === symbol)
  const realized = traded.realized.plus(paidOut)
  const stale = open?.quote?.stale ? ` (stale: ${open.quote.stale})` : ''
  const lines = [
    `💰 P&L OF ALL TIME - ${symbol}`,
    `${countText(traded.fills)} since ${momentText(traded.first, zone)}`,
    `Bought ${amountText(traded.bought)} · sold ${amountText(traded.sold)} · commissions ${dollarsText(traded.commissions)}`,
    ...splits,
    open
      ? `Open: ${positionText(open.position)} · now ${open.quote ? priceText(open.quote.last) : 'no price'}${stale}`
      : 'Position: FLAT',
    ...(open ? [`Unrealized P&L: ${open.unrealized ? profitText(open.unrealized) : 'unknown without a price'}`] : []),
    `Realized P&L: ${profitText(realized)}`,
    rule,
    `Master P&L: ${masterText(realized, open)}`,
  ]
  return { lines }
}

const amountText = ({ quantity, dollars }: Traded['bought']) => `${quantityText(quantity)} for ${dollarsText(dollars)}`

function masterText(realized: Big, open: Worth['marked'][number] | undefined): string {
  if (!open) return profitText(realized)
  return open.unrealized ? profitText(realized.plus(open.unrealized)) : 'unknown without a price'
}

function neverTraded(symbol: string | undefined): string[] {
  return [
    `💰 P&L OF ALL TIME${symbol ? ` - ${symbol}` : ''}`,
    `Nothing was ever traded${symbol ? ` in ${symbol}` : ''} in this account.`,
    '💡 `accounts` shows whether you have another one',
  ]
}
