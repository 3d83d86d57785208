import type { Big } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Quote } from '../../market/market.ts'
import type { Parts } from '../parts.ts'
import type { Position } from '../positions/rows/positions.ts'
import { averageEntryPrice, closingSide, type Side } from '../positions/rules/position.ts'

/** The reason why a quote cannot be traded on; undefined when it can. */
export function noPrice(quote: Quote | undefined): string | undefined {
  if (!quote) return 'the market has no price for it'
  return quote.stale
}

/** An order, and the open position in its symbol. */
interface Wanted {
  accountId: number
  symbol: string
  side: Side
  quote: Quote | undefined
  position: Pick<Position, 'signedQuantity'> | undefined
}

/**
 * The refusal of an order for which there is no fresh price; undefined where there is one. An exit at a broker needs none: the broker
 * fills it without a price of the desk's, and only what opens the other side is held back later.
 */
export async function noFreshPrice({ venues }: Parts, wanted: Wanted): Promise<Refusal | undefined> {
  const { accountId, symbol, side, quote, position } = wanted
  const unusable = noPrice(quote)
  if (!unusable) return undefined
  const isExit = position !== undefined && closingSide(position.signedQuantity) === side
  if (isExit && (await venues.of(accountId)).venue.capabilities.isLinked) return undefined
  return withoutPrice(symbol, unusable, side === 'sell' ? 'Nothing was sold' : 'Nothing was bought')
}

/** The refusal itself. `done` says that nothing was done; without it, something may have been. */
export function withoutPrice(symbol: string, why: string, done?: string): Refusal {
  const again = 'Try again when the price is fresh'
  return new Refusal('NO_FRESH_PRICE', `${symbol} cannot be traded now: ${why}.`, done ? `${done}. ${again}` : again)
}

/** The quote that an exit expects. A market that cannot be asked has none, and keeps no exit from being sent. */
export async function quoteToExit({ market, log }: Pick<Parts, 'market' | 'log'>, symbol: string) {
  return market.quote(symbol).catch((cause) => {
    log.warn({ err: cause, symbol }, 'the market could not be asked for the price of an exit')
    return undefined
  })
}

/**
 * The dollars a unit at which an order at the market would trade now: the side of the quote that it meets. An exit for which there is no
 * quote counts the average entry price; anything else has a quote (`noFreshPrice`).
 */
export function priceNow(side: Side, quote: Quote | undefined, position: Position | undefined): Big {
  return quote ? (side === 'sell' ? quote.bid : quote.ask) : averageEntryPrice(position!)
}
