import { sum, zero } from '../../../base/amounts.ts'
import { percentText, priceText, profitText } from '../../../base/format.ts'
import { haltOf } from '../../../trading/accounts/rows/halts.ts'
import type { Parts } from '../../../trading/parts.ts'
import { type Marked, markedPositions } from '../../../trading/positions/marked.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import type { Action } from '../../chat/action.ts'
import type { Reply } from '../../chat/reply.ts'
import { positionActions } from '../../wording/actions.ts'
import { haltLine } from '../../wording/halt-line.ts'
import { protectionPhrase } from '../../wording/levels.ts'
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
        what am i in`,
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
  const [marked, halt] = await Promise.all([markedPositions(parts, accountId), haltOf(parts.db, accountId)])
  const above = halt ? [haltLine(halt)] : []
  if (marked.length === 0) {
    const example = `💡 Record one with \`long ${exampleSymbol(parts.market)} 100\``
    return { text: [...above, '📂 No open positions.', ...(halt ? [] : [example])].join('\n'), actions: [] }
  }
  const total = sum(marked.map(({ unrealized }) => unrealized ?? zero))
  const lines = [
    ...above,
    '📂 OPEN POSITIONS',
    ...marked.map(lineOf),
    `Unrealized P&L: ${profitText(total)}${unpriced(marked)}`,
  ]
  return { text: lines.join('\n'), actions: marked.map(({ position }) => positionActions(position)) }
}

function lineOf({ position, protection, quote, unrealized, unrealizedReturn }: Marked): string {
  if (!quote || !unrealized || !unrealizedReturn)
    return `${positionText(position)} · no price${protectionPhrase(protection)}`
  const stale = quote.stale ? ` · stale: ${quote.stale}` : ''
  return `${positionText(position)} · now ${priceText(quote.last)} · ${profitText(unrealized)} (${percentText(unrealizedReturn)})${stale}${protectionPhrase(protection, quote.last)}`
}
