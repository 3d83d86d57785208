import { sum, zero } from '../../../base/amounts.ts'
import { averageText, percentText, priceText, profitText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { haltOf } from '../../../trading/accounts/rows/halts.ts'
import { worthOf, worthToday } from '../../../trading/accounts/worth.ts'
import type { Marked } from '../../../trading/positions/marked.ts'
import { lastClosedPosition, type Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { averageEntryPrice, directionOf } from '../../../trading/positions/rules/position.ts'
import { type Columns, cell, linesIn } from '../../chat/columns.ts'
import { positionActions } from '../../wording/actions.ts'
import { haltLine } from '../../wording/halt-line.ts'
import { protectionLines, protectionText } from '../../wording/levels.ts'
import { positionCells, positionColumns } from '../../wording/position-cells.ts'
import { worthLines } from '../accounts/worth.ts'
import { type Command, say } from '../command.ts'
import { exampleSymbol } from '../symbol.ts'
import { equityChart } from './equity-chart.ts'
import { unpriced } from './marks.ts'
import { renamedLines, resultsOf, type Span } from './results.ts'

const rule = '━'.repeat(22)
const spans: Span[] = ['today', 'week', 'all']

export const showProfitAndLoss: Command = {
  name: 'pl',
  aliases: ['p&l', 'pnl', 'profit'],
  phrases: [
    {
      full: `p/l, p&l, pnl, how am i doing, how are we doing, am i up, am i green, am i down, how much am i up,
        how much am i down, how much have i made, how much have i lost, what am i up, what is p&l,
        how's trade doing, how is trade doing, profit and loss, unrealized, how is doing, how am i doing on,
        my pnl, my profit, how much am i making`,
      thin: "profit, how's doing, performance",
    },
  ],
  description: 'P&L of a position: unrealized, realized, master',
  category: 'Positions',
  position: 40,
  effect: 'reads',
  usage: 'pl [SYMBOL] [today | week | all | chart]',
  example: 'pl BYND',
  detail:
    'Unrealized P&L at the last price, realized P&L of the position, and their sum, the master P&L; then the account: equity, cash, its P&L today (since midnight in New York, open positions included), and what it ever realized. A gain from before a position was recorded is realized or open, but no result of today; a line says how much that is. With several positions and none named: a line each and the sum. `pl today` and `pl week` say what was realized since midnight or Monday in New York, `pl BYND all` all that was ever traded in it. `pl chart` draws the equity and the P&L of your account since its first fill.',
  needs: 'viewer',
  account: 'looks',
  options: [
    { name: 'symbol', type: 'symbol', description: 'Which position' },
    {
      name: 'view',
      type: 'choice',
      choices: ['today', 'week', 'all', 'chart'],
      description: 'Since when, or a picture of the account',
    },
  ],
  async run(hearing, { words: given, symbol: named }) {
    if (given.view === 'chart' || /\b(chart|graph|curve|picture)\b/i.test(given.rest ?? '')) return equityChart(hearing)
    const { parts, speaker } = hearing
    if (named instanceof Refusal) return named
    const { accountId } = speaker
    const [halt, worth, began] = await Promise.all([
      haltOf(parts.db, accountId),
      worthOf(parts, accountId),
      worthToday(parts, accountId),
    ])
    const sayIt = (text: string, shown: Marked[] = [], columns?: Columns) => {
      const lines = [...(halt ? [haltLine(halt)] : []), text, ...worthLines(worth, began, parts.clock.now())]
      const actions = shown.map(({ position }) => positionActions(position))
      return { replies: [{ text: lines.join('\n'), ...(columns && { columns }), actions }] }
    }
    const span = spans.find((one) => one === given.view)
    const results = span && (await resultsOf(hearing, worth, span, named))
    if (results) {
      const text = results.lines.join('\n')
      return accountId === 0 ? say(text) : sayIt(text, [], results.columns)
    }
    const open = worth.marked
    const marked = named ? open.find((one) => one.position.symbol === named) : open.length === 1 ? open[0] : undefined
    if (marked) return sayIt(summaryText(marked), [marked])
    if (!named && open.length > 1) {
      const columns = columnsOf(open)
      return sayIt(sumText(open, columns), open, columns)
    }
    const closedIn = (symbol?: string) => lastClosedPosition(parts.db, accountId, symbol)
    // If the thread's symbol was never held, the member probably means the last closed position.
    const closed = (await closedIn(named ?? speaker.symbol)) ?? (named ? undefined : await closedIn())
    if (closed) return sayIt(closedText(closed))
    if (accountId === 0) return noPosition(named, exampleSymbol(parts.market))
    return sayIt(
      named
        ? [
            `💰 P&L SUMMARY - ${named}`,
            `You have no open position in ${named}. Nothing was traded in it yet.`,
            ...(await renamedLines(parts.db, named)),
          ].join('\n')
        : '💰 P&L SUMMARY\nNothing was traded in this account yet.',
    )
  },
}

function noPosition(named: string | undefined, example: string): Refusal {
  const where = named ? ` in ${named}` : ''
  const instead = `Record one with \`long ${named ?? example} 100\``
  return new Refusal('NO_POSITION', `You have no open position${where}.`, instead)
}

/** The summary of an open position. */
export function summaryText({ position, protection, quote, unrealized, unrealizedReturn }: Marked): string {
  const quantity = quantityText(position.signedQuantity)
  const stale = quote?.stale ? ` (stale: ${quote.stale})` : ''
  return [
    `💰 P&L SUMMARY - ${position.symbol}`,
    `Open: ${directionOf(position.signedQuantity)} ${quantity} @ ${averageText(averageEntryPrice(position))}`,
    `Current: ${quote ? priceText(quote.last) : 'no price'}${stale}`,
    ...protectionLines(protection, quote?.last),
    `Unrealized P&L: ${unrealized ? `${profitText(unrealized)} (${percentText(unrealizedReturn!)})` : 'unknown without a price'}`,
    `Realized P&L: ${profitText(position.realizedPnl)}`,
    rule,
    `Master P&L: ${unrealized ? profitText(position.realizedPnl.plus(unrealized)) : 'unknown without a price'}`,
  ].join('\n')
}

function closedText(position: Position): string {
  return [
    `💰 P&L SUMMARY - ${position.symbol}`,
    `Position: ${positionText(position)}`,
    `Realized P&L: ${profitText(position.realizedPnl)}`,
    rule,
    `Master P&L: ${profitText(position.realizedPnl)}`,
  ].join('\n')
}

function sumText(marked: Marked[], columns: Columns): string {
  const total = `Master P&L: ${profitText(sum(marked.map(masterOf)))}${unpriced(marked)}`
  return ['💰 P&L SUMMARY', ...linesIn(columns), rule, total].join('\n')
}

const masterOf = ({ position, unrealized }: Marked) => position.realizedPnl.plus(unrealized ?? zero)

const heads: Columns['columns'] = [
  ...positionColumns,
  { head: 'Unrealized', isAmount: true },
  { head: 'Return', isAmount: true },
  { head: 'Realized', isAmount: true },
  { head: 'Master', isAmount: true },
  { head: 'Price is stale' },
  { head: 'Stop and target' },
]

function columnsOf(marked: Marked[]): Columns {
  const rows = marked.map((one) => {
    const { position, protection, quote, unrealized, unrealizedReturn } = one
    return [
      ...positionCells(position),
      cell(unrealized ? profitText(unrealized) : 'unknown', '· unrealized '),
      cell(unrealizedReturn && percentText(unrealizedReturn), '(', ')'),
      cell(profitText(position.realizedPnl), '· realized '),
      cell(profitText(masterOf(one)), '· master '),
      cell(quote?.stale, '· stale: '),
      cell(protectionText(protection, quote?.last), '· '),
    ]
  })
  return { columns: heads, rows }
}
