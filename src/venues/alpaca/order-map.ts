import { Big, finestStep, isMultiple } from '../../base/amounts.ts'
import { refused } from '../shared/answers.ts'
import type { VenueOrder, VenueRefusal } from '../venue.ts'

const one = new Big(1)
/** US shares and funds, such as `AMD` and `BRK.B`. The desk does not trade crypto, options or currencies there. */
const share = /^[A-Z]{1,6}(\.[A-Z]{1,2})?$/

/** Is a symbol one of those that the desk trades at Alpaca? */
export const isShare = (symbol: string): boolean => share.test(symbol)

/** The reason why an order is not sent at all; undefined when Alpaca may take it. */
export function unfit(order: VenueOrder): VenueRefusal | undefined {
  const { symbol, quantity, limitPrice, stopPrice, targetPrice, isExtended } = order
  if (!isShare(symbol)) return refused('NOT_TRADED', `${symbol} is no US share; the desk trades only those at Alpaca`)
  if (quantity.lte(0) || !isMultiple(quantity, finestStep))
    return refused('BAD_QUANTITY', `${quantity} is not a quantity`)
  const wrong = [limitPrice, stopPrice, targetPrice].find((price) => price?.lte(0))
  if (wrong) return refused('BAD_PRICE', `${wrong} is not a price`)
  if (targetPrice && (!stopPrice || limitPrice))
    return refused('BAD_PRICE', 'a target goes with a stop and without a limit')
  if (targetPrice && !isMultiple(quantity, one)) {
    return refused('BAD_QUANTITY', 'Alpaca takes a stop with a target only for whole shares')
  }
  if (isExtended && (!limitPrice || stopPrice))
    return refused('OTHER', 'only an order with a limit trades before and after hours')
  return undefined
}

/**
 * The body of a new order. At the market, in fractions and outside regular hours it is for the day; otherwise it rests until the desk
 * or the member cancels it. `expiresAt` is not sent: Alpaca has no such time, so the desk cancels. `endsToday`: that time is before the
 * close, so the order is for the day, and ends there even without the desk.
 */
export function bodyOf(order: VenueOrder, endsToday = false): Record<string, unknown> {
  const { symbol, side, quantity, clientOrderId, limitPrice, stopPrice, targetPrice, isExtended } = order
  const common = { symbol, side, qty: quantity.toFixed(), client_order_id: clientOrderId }
  if (targetPrice && stopPrice) {
    return {
      ...common,
      order_class: 'oco',
      type: 'limit',
      time_in_force: 'gtc',
      take_profit: { limit_price: targetPrice.toFixed() },
      stop_loss: { stop_price: stopPrice.toFixed() },
    }
  }
  const rests = limitPrice !== undefined || stopPrice !== undefined
  const isForTheDay = !rests || endsToday || isExtended || !isMultiple(quantity, one)
  return {
    ...common,
    type: stopPrice ? (limitPrice ? 'stop_limit' : 'stop') : limitPrice ? 'limit' : 'market',
    time_in_force: isForTheDay ? 'day' : 'gtc',
    ...(limitPrice && { limit_price: limitPrice.toFixed() }),
    ...(stopPrice && { stop_price: stopPrice.toFixed() }),
    ...(isExtended && { extended_hours: true }),
  }
}
