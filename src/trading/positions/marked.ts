import type { Big } from '../../base/amounts.ts'
import type { Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import type { Parts } from '../parts.ts'
import { type AtVenue, protectionAtVenue } from '../protection/rows/at-venue.ts'
import { type Protection, protectionOfAccount } from '../protection/rows/protective-orders.ts'
import { presentQuotes } from './present-quotes.ts'
import { openPositions, type Position } from './rows/positions.ts'
import { unrealizedPnl, unrealizedReturn } from './rules/position.ts'

/** A position at its mark, the last price. Without a price its unrealized P&L is unknown. */
export interface Marked {
  position: Position
  quote?: Quote
  unrealized?: Big
  /** As a share of one. */
  unrealizedReturn?: Big
  protection?: Protection
  /** The order that protects it at its venue, if there is one. */
  atVenue?: AtVenue
}

/**
 * The open positions of an account, each at the present mark. A market that does not answer leaves them without a price.
 * `known`: the positions, if they are already read.
 */
export async function markedPositions(
  { db, market, clock }: Pick<Parts, 'db' | 'market' | 'clock'>,
  accountId: number,
  known?: Position[],
): Promise<Marked[]> {
  const open = known ?? (await openPositions(db, accountId))
  if (open.length === 0) return []
  const quote = (symbol: string) =>
    marksOf(market)
      .quote(symbol)
      .catch(() => undefined)
  const [protection, atVenue, quotes] = await Promise.all([
    protectionOfAccount(db, accountId),
    open.some(({ protectingQuantity }) => protectingQuantity.gt(0)) ? protectionAtVenue(db, { accountId }) : none,
    presentQuotes({ db, quote, now: clock.now() }, open),
  ])
  return open.map((position) => {
    const { id } = position
    return { ...marked(position, quotes.get(id)), protection: protection.get(id), atVenue: atVenue.get(id) }
  })
}

const none = new Map<number, AtVenue>()

function marked(position: Position, quote: Quote | undefined): Marked {
  if (!quote) return { position }
  return {
    position,
    quote,
    unrealized: unrealizedPnl(position, quote.last),
    unrealizedReturn: unrealizedReturn(position, quote.last),
  }
}
