import type { Db } from '../../db/client.ts'
import type { Parts } from '../../execution/parts.ts'
import { calledNow } from '../../ledger/corporate-actions.ts'
import { equityAt } from '../../ledger/day-equity.ts'
import { type BookedFill, fillsOf } from '../../ledger/fills.ts'
import { adjustmentsOf, paidOutBySymbol } from '../../ledger/position-adjustments.ts'
import { type Big, sum, zero } from '../../trading/amounts.ts'
import { positionText } from '../../trading/describe.ts'
import { dollarsText, momentText, priceText, profitText, quantityText } from '../../trading/format.ts'
import { isUnchanged, ratioText } from '../../trading/split.ts'
import { dayAfter, dayIn, exchangeZone, momentOn, weekdayOf, whenText } from '../../trading/zone.ts'
import { dayBegin, type Worth } from '../accounts/worth.ts'
import type { Hearing } from '../command.ts'

/** Of what time results are wanted: of the exchange's day or week so far, or of all. */
export type Span = 'today' | 'week' | 'all'

const rule = '━'.repeat(22)

/** What was realized in a span, by symbol, or in one symbol that is named; in lines. */
export async function resultsOf(
  { parts, speaker }: Hearing,
  worth: Worth,
  span: Span,
  symbol: string | undefined,
): Promise<string[]> {
  const { db } = parts
  const { accountId } = speaker
  const now = parts.clock.now()
  const since = span === 'all' ? undefined : beginOf(span, now)
  const [fills, paidOut, renamed] = await Promise.all([
    fillsOf(db, accountId, { symbol, since }),
    paidOutBySymbol(db, accountId, { symbol, since }),
    symbol === undefined ? [] : renamedLines(db, symbol),
  ])
  if (span === 'all' && fills.length === 0) return [...neverTraded(symbol), ...renamed]
  const zone = speaker.timeZone ?? exchangeZone
  const lines =
    span === 'all' && symbol
      ? ofOneSymbol(worth, symbol, fills, paidOut.get(symbol) ?? zero, await splitLines(parts, accountId, symbol), zone)
      : [title(span, since && whenText(since, now, zone)), ...bySymbol(fills, paidOut)]
  const week = span === 'week' ? [`This week, with what is open: ${await gainedSince(parts, worth, since!)}`] : []
  return [...lines, ...week, ...renamed]
}

/** Where the rest of a symbol is that is called otherwise by now; nothing where it is not. */
export async function renamedLines(db: Db, symbol: string): Promise<string[]> {
  const now = await calledNow(db, symbol)
  return now === undefined ? [] : [`${symbol} is ${now} now: \`pl ${now} all\` has what was open then, and since`]
}

/** That amounts of before a split are of old shares: fills stay as they were. */
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

const realizedIn = (fills: BookedFill[]): Big => sum(fills.map(({ realizedPnl }) => realizedPnl))
const countText = (fills: BookedFill[]) => `${fills.length} ${fills.length === 1 ? 'fill' : 'fills'}`

/** By what each position is called now. What fractions that were paid out after a split locked in is no fill's. */
function bySymbol(fills: BookedFill[], paidOut: Map<string, Big>): string[] {
  const symbols = [...new Set([...fills.map(({ heldAs }) => heldAs), ...paidOut.keys()])].sort()
  const lines = symbols.map((symbol) => {
    const own = fills.filter(({ heldAs }) => heldAs === symbol)
    const paid = paidOut.get(symbol)
    const what = [...(own.length > 0 ? [countText(own)] : []), ...(paid ? ['cash for a fraction'] : [])].join(', ')
    return `${symbol} · ${what} · realized ${profitText(realizedIn(own).plus(paid ?? zero))}`
  })
  const realized = realizedIn(fills).plus(sum(paidOut.values()))
  return [...(lines.length > 0 ? lines : ['Nothing was traded.']), rule, `Realized: ${profitText(realized)}`]
}

async function gainedSince({ db }: Parts, { accountId, equity }: Worth, since: Date): Promise<string> {
  const began = await equityAt(db, accountId, since)
  return began ? profitText(equity.minus(began)) : 'unknown (nobody looked when it began)'
}

/** Everything that was ever traded in a symbol: what was paid and received, and what came of it. */
function ofOneSymbol(
  { marked }: Worth,
  symbol: string,
  fills: BookedFill[],
  paidOut: Big,
  splits: string[],
  zone: string,
): string[] {
  const open = marked.find(({ position }) => position.symbol === symbol)
  const traded = (side: BookedFill['side']) => {
    const own = fills.filter((fill) => fill.side === side)
    const dollars = sum(own.map(({ quantity, price }) => quantity.times(price)))
    return `${quantityText(sum(own.map(({ quantity }) => quantity)))} for ${dollarsText(dollars)}`
  }
  const realized = realizedIn(fills).plus(paidOut)
  const stale = open?.quote?.stale ? ` (stale: ${open.quote.stale})` : ''
  return [
    `💰 P&L OF ALL TIME - ${symbol}`,
    `${countText(fills)} since ${momentText(fills[0]!.at, zone)}`,
    `Bought ${traded('buy')} · sold ${traded('sell')} · commissions ${dollarsText(sum(fills.map(({ commission }) => commission)))}`,
    ...splits,
    open
      ? `Open: ${positionText(open.position)} · now ${open.quote ? priceText(open.quote.last) : 'no price'}${stale}`
      : 'Position: FLAT',
    ...(open ? [`Unrealized P&L: ${open.unrealized ? profitText(open.unrealized) : 'unknown without a price'}`] : []),
    `Realized P&L: ${profitText(realized)}`,
    rule,
    `Master P&L: ${masterText(realized, open)}`,
  ]
}

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
