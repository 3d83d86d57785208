import { Big } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Quote } from '../../../market/market.ts'
import { noPrice } from '../../../trading/orders/fresh-price.ts'
import type { Position } from '../../../trading/positions/rows/positions.ts'
import { closingSide, type Side } from '../../../trading/positions/rules/position.ts'
import type { SlotValues } from '../slot-values.ts'
import type { LaterSide } from './later.ts'

/**
 * Gives a price that is waited for its meaning by where the market is now. A limit that rests until the price is there is such a
 * wait, and the venue keeps it: `sell 10 if it hits 240` below 240. A limit on the other side would be filled at once, so the order
 * waits here: `buy 10 if it hits 240` below 240. A refusal says that there is no price to tell which.
 */
export function withCondition(
  side: LaterSide,
  slots: SlotValues,
  quote: Quote | undefined,
  position: Position | undefined,
): SlotValues | Refusal {
  const { reach, price, words } = slots
  if (reach === undefined || reach instanceof Refusal) return reach ?? slots
  if (!quote || noPrice(quote)) {
    const sentence = 'There is no price now to tell from where it gets there. Nothing was scheduled.'
    return new Refusal('NO_FRESH_PRICE', sentence, 'Name the side: `if it rises to 240`, `if it drops to 220`')
  }
  const { reach: said, ...others } = words
  const isOwn = price === undefined || (price instanceof Big && price.eq(reach))
  const order = words.now === undefined && slots.time === undefined && isOwn ? sideOf(side, position) : undefined
  const rests = order !== undefined && (order === 'buy' ? reach.lt(quote.ask) : reach.gt(quote.bid))
  const bare = { ...slots, reach: undefined }
  if (rests) return { ...bare, price: reach, words: { ...others, price: said! } }
  const name = reach.lt(quote.last) ? 'below' : 'above'
  return { ...bare, [name]: reach, words: { ...others, [name]: said! } }
}

/** The side of an order that may have a limit; undefined for other orders, and where nothing is open. */
function sideOf(side: LaterSide, position: Position | undefined): Side | undefined {
  if (side === 'buy' || side === 'sell') return side
  if (position === undefined || side === 'scaleout' || side === 'close all') return undefined
  const closing = closingSide(position.signedQuantity)
  if (side !== 'add') return closing
  return closing === 'sell' ? 'buy' : 'sell'
}
