import { sum, zero } from '../../../base/amounts.ts'
import { percentText, priceText, profitText } from '../../../base/format.ts'
import { haltOf } from '../../../trading/accounts/rows/halts.ts'
import type { Parts } from '../../../trading/parts.ts'
import { type Marked, markedPositions } from '../../../trading/positions/marked.ts'
import type { AtVenue } from '../../../trading/protection/rows/at-venue.ts'
import { externalHoldings } from '../../../trading/reconcile/rows/books.ts'
import { type Gap, unexplainedGaps } from '../../../trading/reconcile/rows/gaps.ts'
import type { Action } from '../../chat/action.ts'
import { type Cell, type Columns, cell, linesIn } from '../../chat/columns.ts'
import type { Reply } from '../../chat/reply.ts'
import { positionActions } from '../../wording/actions.ts'
import { haltLine } from '../../wording/halt-line.ts'
import { protectionText } from '../../wording/levels.ts'
import { positionCells, positionColumns } from '../../wording/position-cells.ts'
import { gapActions, gapText, gapWords, heldText } from '../../wording/reconcile.ts'
import type { Command } from '../command.ts'
import { exampleSymbol } from '../symbol.ts'
import { unpriced } from './marks.ts'

export const listPositions: Command = {
  name: 'positions',
  aliases: ['pos', 'position'],
  phrases: [
    {
      full: `what do i hold, what am i holding, what do i have, what do i own, open positions, holdings,
        portfolio, what is open, what's open, what are positions, list positions, current positions,
        what am i in, what is my stop, what's my stop, where is my stop, where's my stop, what are my stops, my stops`,
      thin: 'book',
    },
  ],
  description: 'Your open positions with P&L',
  category: 'Positions',
  position: 30,
  effect: 'reads',
  usage: 'positions',
  example: 'positions',
  detail:
    'Every open position with the last price, its unrealized P&L at that price, and its stop and target with their distance.',
  needs: 'viewer',
  account: 'looks',
  options: [],
  run: async ({ parts, speaker }) => ({ replies: [await positionsReply(parts, speaker.accountId)] }),
}

/** The open positions of an account, a line each, and their sum; with buttons for each. */
export async function positionsReply(
  parts: Pick<Parts, 'db' | 'market' | 'clock'>,
  accountId: number,
): Promise<Reply & { actions: Action[][] }> {
  const [marked, halt, external, unexplained] = await Promise.all([
    markedPositions(parts, accountId),
    haltOf(parts.db, accountId),
    externalHoldings(parts.db, accountId),
    unexplainedGaps(parts.db, accountId),
  ])
  // A difference of one look may be over at the next.
  const gaps = [...unexplained.values()].filter(({ state }) => state !== 'seen')
  const above = halt ? [haltLine(halt)] : []
  if (marked.length === 0) {
    const example = `💡 Record one with \`long ${exampleSymbol(parts.market)} 100\``
    const atBroker = [...gapLines(gaps, external), ...externalLines(external)]
    const below = atBroker.length > 0 ? atBroker : halt ? [] : [example]
    return { text: [...above, '📂 No open positions.', ...below].join('\n'), actions: gaps.flatMap(gapActions) }
  }
  const total = sum(marked.map(({ unrealized }) => unrealized ?? zero))
  const columns: Columns = { columns: heads, rows: marked.map((one) => rowOf(one, gaps)) }
  const lines = [
    ...above,
    '📂 OPEN POSITIONS',
    ...linesIn(columns),
    `Unrealized P&L: ${profitText(total)}${unpriced(marked)}`,
    ...gapLines(gaps, external),
    ...externalLines(external),
  ]
  const actions = [...marked.map(({ position }) => positionActions(position)), ...gaps.flatMap(gapActions)]
  return { text: lines.join('\n'), columns, actions }
}

/** Differences between desk and broker that nothing explains, in symbols of which the desk has nothing, too. */
function gapLines(gaps: Gap[], external: Awaited<ReturnType<typeof externalHoldings>>): string[] {
  const [first] = gaps
  if (!first) return []
  const known = (symbol: string) => external.find((one) => one.symbol === symbol)?.signedQuantity
  return [...gaps.map((gap) => `🚨 ${gapText(gap, known(gap.symbol))}`), gapWords(first.symbol)]
}

/** What the broker of a linked account holds that is not the desk's. */
function externalLines(external: Awaited<ReturnType<typeof externalHoldings>>): string[] {
  if (external.length === 0) return []
  const held = external.map(({ symbol, signedQuantity }) => `${heldText(signedQuantity)} ${symbol}`)
  const hint = `💡 \`adopt ${external[0]!.symbol}\` makes it a position of the desk`
  return [`👁️ External, not touched by the desk: ${held.join(', ')}`, hint]
}

const heads: Columns['columns'] = [
  ...positionColumns,
  { head: 'Now', isAmount: true },
  { head: 'P&L', isAmount: true },
  { head: 'Return', isAmount: true },
  { head: 'Price is stale' },
  { head: 'Stop and target' },
  { head: 'Rests' },
  { head: 'At the broker' },
]

/** How far the protection of a position is at its venue. */
const atVenueWords: Record<AtVenue, string> = {
  rests: 'at the venue',
  unconfirmed: 'not confirmed at the venue: the desk watches',
  nowhere: 'not at the venue yet: the desk watches',
  ending: 'being taken back from the venue: the desk watches',
}

function rowOf({ position, protection, atVenue, quote, unrealized, unrealizedReturn }: Marked, gaps: Gap[]): Cell[] {
  const gap = gaps.find(({ symbol }) => symbol === position.symbol)
  const isPriced = quote && unrealized && unrealizedReturn
  return [
    ...positionCells(position),
    isPriced ? cell(priceText(quote.last), '· now ') : cell('no price', '· '),
    cell(isPriced && profitText(unrealized), '· '),
    cell(isPriced && percentText(unrealizedReturn), '(', ')'),
    cell(isPriced && quote.stale, '· stale: '),
    cell(protectionText(protection, isPriced && quote.last), '· '),
    cell(atVenue && atVenueWords[atVenue], '(', ')'),
    cell(gap && heldText(gap.venue), '· ⚠️ the broker shows '),
  ]
}
