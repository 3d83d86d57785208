import type { Big } from '../../../base/amounts.ts'
import {
  averageText,
  dollarsText,
  durationText,
  momentText,
  percentText,
  profitText,
  quantityText,
} from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { exchangeZone } from '../../../base/zone.ts'
import { type ClosedTrade, closedTrades, type Leg, realizedByTrade } from '../../../trading/orders/rows/trades.ts'
import { type TrackRecord, trackRecord } from '../../../trading/positions/rules/track-record.ts'
import { type Cell, type Columns, cell, linesIn } from '../../chat/columns.ts'
import { type Command, say } from '../command.ts'
import { exampleSymbol } from '../symbol.ts'

const tradesOnPage = 10
const rule = '━'.repeat(22)

export const listTrades: Command = {
  name: 'trades',
  aliases: ['track record', 'win rate', 'drawdown'],
  phrases: [
    {
      full: `closed trades, list trades, my trades, round trips, closed positions, what's win rate, what is win rate,
        win percentage, hit rate, win loss, trade statistics, trading stats, my stats, profit factor, max drawdown,
        maximum drawdown, what's drawdown, trade log, trade journal, how many trades won, past trades, recent trades,
        last trades, trade history, history of trades, my fills, past fills, recent fills, last fills, fills today, fills,
        past executions, recent executions, executions`,
      thin: 'stats, statistics',
    },
  ],
  description: 'Your closed trades, win rate and deepest fall',
  category: 'Positions',
  position: 51,
  effect: 'reads',
  usage: 'trades [PAGE]',
  example: 'trades',
  detail: `Your closed trades, the newest first, ${tradesOnPage} a page: average entry and exit, P&L after commissions, and how long each was held. A trade is a position from its first fill to FLAT. Below them, over all closed trades: the win rate (trades with a profit over all trades), the average win and loss, the profit factor (all profits over all losses) and the deepest fall of the summed P&L from an earlier high (the maximum drawdown). What was sold of a position that is still open counts in \`daily\`, not here. \`pl chart\` draws the course, open positions included.`,
  needs: 'viewer',
  account: 'looks',
  options: [{ name: 'quantity', type: 'quantity', description: 'Page of the list' }],
  async run({ parts, speaker }, { words: given }) {
    const page = Number(given.quantity ?? '1')
    if (!Number.isSafeInteger(page) || page < 1 || page > 1_000_000) return noPage(given.quantity!)
    const { accountId } = speaker
    const [trades, realized] = await Promise.all([
      closedTrades(parts.db, accountId, tradesOnPage, (page - 1) * tradesOnPage),
      realizedByTrade(parts.db, accountId),
    ])
    if (realized.length === 0) {
      const example = exampleSymbol(parts.market)
      return say(
        `📒 No trade is closed yet.\n💡 \`long ${example} 100\` records a position, \`close ${example}\` closes it`,
      )
    }
    const pages = Math.ceil(realized.length / tradesOnPage)
    if (page > pages) return noPage(String(page))
    const zone = speaker.timeZone ?? exchangeZone
    const columns = { columns: heads, rows: trades.map((trade) => rowOf(trade, zone)) }
    const lines = [
      pages > 1 ? `📒 CLOSED TRADES (page ${page} of ${pages})` : '📒 CLOSED TRADES',
      ...linesIn(columns),
      rule,
      ...recordLines(trackRecord(realized)),
      ...(page < pages ? [`💡 \`trades ${page + 1}\` goes on`] : []),
      ...(page === 1 ? [`💡 \`pl today\` counts today's fills, \`history ${trades[0]!.symbol}\` tells each`] : []),
    ]
    return { replies: [{ text: lines.join('\n'), columns }] }
  },
}

function noPage(page: string): Refusal {
  return new Refusal('NO_PAGE', `There is no page ${page.slice(0, 20)}.`, '`trades` shows the first one')
}

const heads: Columns['columns'] = [
  { head: 'Side' },
  { head: 'Symbol' },
  { head: 'Entered', isAmount: true },
  { head: 'Entry', isAmount: true },
  { head: 'Exited', isAmount: true },
  { head: 'Exit', isAmount: true },
  { head: 'P&L', isAmount: true },
  { head: 'Return', isAmount: true },
  { head: 'Held', isAmount: true },
  { head: 'Closed' },
]

function rowOf({ symbol, isLong, entry, exit, realized, opened, closed }: ClosedTrade, zone: string): Cell[] {
  const share = entry && percentText(realized.div(entry.quantity.times(entry.price)))
  return [
    cell(isLong ? 'LONG' : 'SHORT'),
    cell(symbol),
    ...legCells(entry, '· '),
    ...legCells(exit, '→ '),
    cell(profitText(realized), '· '),
    cell(share, '(', ')'),
    cell(durationText(Math.max(0, closed.getTime() - opened.getTime())), '· held '),
    cell(momentText(closed, zone), '· '),
  ]
}

/** The quantity of a leg and its average price. */
function legCells(leg: Leg | undefined, before: string): Cell[] {
  if (!leg) return [cell('nothing', before), cell(undefined)]
  return [cell(quantityText(leg.quantity), before), cell(averageText(leg.price), '@ ')]
}

function recordLines({ trades, won, lost, realized, winRate, ...record }: TrackRecord): string[] {
  const { averageWin, averageLoss, profitFactor, deepestFall } = record
  const even = trades - won - lost
  const counts = `${won} won, ${lost} lost${even > 0 ? `, ${even} even` : ''}`
  const shareWon = `${winRate!.times(100).toFixed(1)}%`
  const none = (amount: Big | undefined) => (amount ? profitText(amount) : 'none')
  return [
    `${trades} ${trades === 1 ? 'trade' : 'trades'}: ${counts} · win rate ${shareWon}`,
    `Average win ${none(averageWin)} · average loss ${none(averageLoss)} · profit factor ${profitFactor ? profitFactor.toFixed(2) : 'none without a loss'}`,
    `Realized in closed trades: ${profitText(realized)} · deepest fall: ${dollarsText(deepestFall)}`,
  ]
}
