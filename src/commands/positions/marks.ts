import type { Parts } from '../../execution/parts.ts'
import { openPositions, type Position } from '../../ledger/positions.ts'
import { type Protection, protectionOfAccount } from '../../ledger/protective-orders.ts'
import type { Market, Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import type { Big } from '../../trading/amounts.ts'
import { unrealizedPnl, unrealizedReturn } from '../../trading/position.ts'

/** A position at the mark, which is the last price; without a price nothing is known of its unrealized P&L. */
export interface Marked {
  position: Position
  quote?: Quote
  unrealized?: Big
  /** As a share of one. */
  unrealizedReturn?: Big
  protection?: Protection
}

/** A position at the present mark, with what protects it. */
async function markPosition(market: Market, position: Position, protection?: Protection): Promise<Marked> {
  const quote = await marksOf(market).quote(position.symbol)
  if (!quote) return { position, protection }
  return {
    position,
    protection,
    quote,
    unrealized: unrealizedPnl(position, quote.last),
    unrealizedReturn: unrealizedReturn(position, quote.last),
  }
}

/** The open positions of an account, each at the present mark; those that were read already, where they are given. */
export async function markedPositions(
  parts: Pick<Parts, 'db' | 'market'>,
  accountId: number,
  known?: Position[],
): Promise<Marked[]> {
  const open = known ?? (await openPositions(parts.db, accountId))
  const protection = open.length > 0 ? await protectionOfAccount(parts.db, accountId) : undefined
  return Promise.all(open.map((position) => markPosition(parts.market, position, protection?.get(position.id))))
}

/** What is said behind a sum that lacks positions, because nothing is known of their price; empty where it lacks none. */
export function unpriced(marked: Marked[]): string {
  return marked.some(({ unrealized }) => !unrealized) ? ' (without what has no price)' : ''
}
