import type { Parts } from '../execution/parts.ts'
import { openPositions } from '../ledger/positions.ts'
import { sum, zero } from '../trading/amounts.ts'
import { positionText } from '../trading/describe.ts'
import { percentText, priceText, profitText } from '../trading/format.ts'
import { type Command, say } from './command.ts'
import { type Marked, markPosition } from './marks.ts'
import { exampleSymbol } from './symbol.ts'

export const listPositions: Command = {
  usage: 'positions',
  example: 'positions',
  detail: 'Every open position with the last price and what closing it would lock in.',
  needs: 'viewer',
  options: [],
  run: async ({ parts, speaker }) => say(await positionsText(parts, speaker.accountId)),
}

/** Open positions of an account, one line each, and the sum. */
export async function positionsText(parts: Pick<Parts, 'db' | 'market'>, accountId: number): Promise<string> {
  const open = await openPositions(parts.db, accountId)
  if (open.length === 0) return `📂 No open positions.\n💡 Record one with \`long ${exampleSymbol(parts.market)} 100\``
  const marked = await Promise.all(open.map((position) => markPosition(parts.market, position)))
  const total = sum(marked.map(({ unrealized }) => unrealized ?? zero))
  return ['📂 OPEN POSITIONS', ...marked.map(lineOf), `Unrealized P&L: ${profitText(total)}`].join('\n')
}

function lineOf({ position, quote, unrealized, unrealizedReturn }: Marked): string {
  if (!quote || !unrealized || !unrealizedReturn) return `${positionText(position)} · no price`
  const stale = quote.stale ? ` · stale: ${quote.stale}` : ''
  return `${positionText(position)} · now ${priceText(quote.last)} · ${profitText(unrealized)} (${percentText(unrealizedReturn)})${stale}`
}
