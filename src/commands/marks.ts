import type { Position } from '../ledger/positions.ts'
import type { Market, Quote } from '../market/market.ts'
import type { Big } from '../trading/amounts.ts'
import { unrealizedPnl, unrealizedReturn } from '../trading/position.ts'

/** A position at the mark, which is the last price; without a price nothing is known of its unrealized P&L. */
export interface Marked {
  position: Position
  quote?: Quote
  unrealized?: Big
  /** As a share of one. */
  unrealizedReturn?: Big
}

/** A position at the present mark. */
export async function markPosition(market: Market, position: Position): Promise<Marked> {
  const quote = await market.quote(position.symbol)
  if (!quote) return { position }
  return {
    position,
    quote,
    unrealized: unrealizedPnl(position, quote.last),
    unrealizedReturn: unrealizedReturn(position, quote.last),
  }
}
