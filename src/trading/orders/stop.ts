import type { Big } from '../../base/amounts.ts'
import { priceText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Quote } from '../../market/market.ts'
import type { VenueCapabilities } from '../../venues/venue.ts'
import type { Side } from '../positions/rules/position.ts'

/** An order with a stop, before it is sent; prices in dollars a unit. */
interface StopWanted {
  side: Side
  symbol: string
  stopPrice?: Big
  limitPrice?: Big
}

/**
 * The refusal of an order with a stop; undefined when it can be sent, and for an order without one. A stop that the price has
 * passed already would trade at once, and a limit on the wrong side of its stop would not trade when the stop is reached.
 */
export function unfitStop(
  { side, symbol, stopPrice, limitPrice }: StopWanted,
  quote: Quote | undefined,
  { canStop }: Pick<VenueCapabilities, 'canStop'>,
): Refusal | undefined {
  if (!stopPrice) return undefined
  if (!canStop)
    return new Refusal(
      'STOP_NOT_TAKEN',
      'The venue takes no orders with a stop. Nothing was done.',
      'Use a limit, or `alert`',
    )
  const isBuy = side === 'buy'
  const [market, where] = isBuy ? [quote?.ask, 'above'] : [quote?.bid, 'below']
  const reached = [market, quote?.last].find((price) => price && (isBuy ? price.gte(stopPrice) : price.lte(stopPrice)))
  if (reached) {
    const there = reached.eq(stopPrice) ? 'there' : isBuy ? 'above that' : 'below that'
    const sentence = `A ${side} order with a stop waits until the price gets ${isBuy ? 'up' : 'down'} to it, and ${symbol} is at ${priceText(reached)}, ${there} already: it would ${side} at once. Nothing was done.`
    const protect = isBuy ? `, or buy first and then protect it with \`stop ${symbol} ${stopPrice.toFixed()}\`` : ''
    return new Refusal('STOP_REACHED', sentence, `Name a stop ${where} ${priceText(reached)}${protect}`)
  }
  if (limitPrice && (isBuy ? limitPrice.lt(stopPrice) : limitPrice.gt(stopPrice))) {
    const sentence = `A limit of ${priceText(limitPrice)} is ${isBuy ? 'below' : 'above'} the stop of ${priceText(stopPrice)}: when the stop is reached, the order would not be filled. Nothing was done.`
    return new Refusal('LIMIT_BEFORE_STOP', sentence, `Name a limit at the stop or ${where} it`)
  }
  return undefined
}
