import { createHash } from 'node:crypto'
import { isMultiple } from '../../base/amounts.ts'
import type { CcxtMarket, Exchange } from '../../infra/exchanges/exchange.ts'
import { refused } from '../shared/answers.ts'
import type { VenueOrder, VenueRefusal } from '../venue.ts'
import { leastCost, leastQuantity, lotOf, pairOf, tickOf } from './symbols.ts'

/**
 * The id of an order at the exchange, as a UUID: all of them take one. An attempt that was refused for certain is followed by one with another
 * id, since ids are unique among open orders alone, and none is ever used twice.
 */
export function exchangeIdOf(clientOrderId: string, attempt: number): string {
  const hex = createHash('sha256')
    .update(attempt === 0 ? clientOrderId : `${clientOrderId} ${attempt}`)
    .digest('hex')
  // The form of a random UUID.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The pair of an order, or the reason why it is not sent at all: the exchange's steps and minimums are told before anything is. */
export function fitting(
  exchange: Exchange,
  title: string,
  money: string,
  order: VenueOrder,
): CcxtMarket | VenueRefusal {
  const { symbol, side, quantity, limitPrice, stopPrice, targetPrice, isExtended } = order
  const pair = pairOf(exchange, symbol)
  if (!pair) return refused('NOT_TRADED', `${title} has no pair ${symbol}`)
  if (pair.quote !== money) {
    const words = `${symbol} is paid in ${pair.quote}; the desk keeps its books at ${title} in ${money}, and trades only pairs with it`
    return refused('NOT_TRADED', words)
  }
  if (pair.active === false) return refused('HALTED', `${title} does not trade ${symbol} now`)
  if (quantity.lte(0)) return refused('BAD_QUANTITY', `${quantity} is not a quantity`)
  const lot = lotOf(pair)
  if (!isMultiple(quantity, lot))
    return refused('BAD_QUANTITY', `${title} takes ${pair.base} in steps of ${lot.toFixed()}`)
  const least = leastQuantity(pair)
  if (least && quantity.lt(least))
    return refused('BAD_QUANTITY', `${title} takes no less than ${least.toFixed()} ${pair.base} in an order`)
  if (limitPrice?.lte(0)) return refused('BAD_PRICE', `${limitPrice} is not a price`)
  if (stopPrice || targetPrice || isExtended)
    return refused(
      stopPrice?.lte(0) ? 'BAD_PRICE' : 'OTHER',
      'the desk sends orders at the market or with a limit there',
    )
  if (!limitPrice) {
    const isByCost = side === 'buy' && exchange.features?.spot?.createOrder?.marketBuyRequiresPrice === true
    const words = `${title} takes purchases at the market by their cost alone, and the desk orders quantities: buy with a limit`
    return isByCost ? refused('OTHER', words) : pair
  }
  const tick = tickOf(pair)
  if (!isMultiple(limitPrice, tick))
    return refused('BAD_PRICE', `prices of ${symbol} at ${title} are multiples of ${tick.toFixed()} ${pair.quote}`)
  const cost = leastCost(pair)
  if (cost && quantity.times(limitPrice).lt(cost))
    return refused('BAD_QUANTITY', `${title} takes no order for less than ${cost.toFixed()} ${pair.quote}`)
  return pair
}
