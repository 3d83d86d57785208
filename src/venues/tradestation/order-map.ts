import { Big, isMultiple } from '../../base/amounts.ts'
import { calendarOf } from '../../market/calendar.ts'
import type { Side } from '../../trading/positions/rules/position.ts'
import { refused } from '../shared/answers.ts'
import type { VenueOrder, VenueRefusal } from '../venue.ts'

const one = new Big(1)
/** US shares and funds, such as `AMD` and `BRK.B`. The desk does not trade options, futures or currencies there. */
const share = /^[A-Z]{1,6}(\.[A-Z]{1,2})?$/

/** Is a symbol one of those that the desk trades at TradeStation? */
export const isShare = (symbol: string): boolean => share.test(symbol)

/** The reason why an order is not sent at all; undefined when TradeStation may take it. */
export function unfit(order: VenueOrder): VenueRefusal | undefined {
  const { symbol, quantity, limitPrice, stopPrice, targetPrice, isExtended } = order
  if (!isShare(symbol))
    return refused('NOT_TRADED', `${symbol} is no US share; the desk trades only those at TradeStation`)
  if (quantity.lte(0)) return refused('BAD_QUANTITY', `${quantity} is not a quantity`)
  if (!isMultiple(quantity, one)) return refused('BAD_QUANTITY', 'TradeStation takes whole shares only')
  const wrong = [limitPrice, stopPrice, targetPrice].find((price) => price?.lte(0))
  if (wrong) return refused('BAD_PRICE', `${wrong} is not a price`)
  if (targetPrice && (!stopPrice || limitPrice))
    return refused('BAD_PRICE', 'a target goes with a stop and without a limit')
  if (isExtended && (!limitPrice || stopPrice))
    return refused('OTHER', 'only an order with a limit trades before and after hours')
  return undefined
}

/** TradeStation's word for the side: it tells sales of what is held from short sales. */
export type TradeAction = 'BUY' | 'SELL' | 'SELLSHORT' | 'BUYTOCOVER'

/**
 * The action of an order. An exit closes what the desk knows to be open; of other sales the shares that are held decide (`held`, negative
 * when short). Undefined: the order would turn the position round, for which TradeStation wants two orders.
 */
export function actionOf(side: Side, quantity: Big, isExit: boolean, held: Big): TradeAction | undefined {
  if (isExit) return side === 'sell' ? 'SELL' : 'BUYTOCOVER'
  if (side === 'sell') {
    if (held.lte(0)) return 'SELLSHORT'
    return quantity.lte(held) ? 'SELL' : undefined
  }
  if (held.gte(0)) return 'BUY'
  return quantity.lte(held.abs()) ? 'BUYTOCOVER' : undefined
}

/** An order with the words that only the adapter knows. */
export interface Placed {
  action: TradeAction
  confirmId: string
  /** The last session in which it may trade, for an order with a time: TradeStation ends it then, even without the desk. */
  lastDay?: LastDay
}

/** The session that goes on now, or a later one by its day: `2026-11-30`. */
export type LastDay = 'today' | (string & {})

/**
 * The last session in which an order that ends at a time may trade. Undefined when none comes before that time: then the desk alone
 * ends it.
 */
export function lastDayOf(expiresAt: Date, now: Date): LastDay | undefined {
  const last = calendarOf('').lastSession(expiresAt)
  if (last.close <= now) return undefined
  return last.open <= now ? 'today' : last.day
}

/**
 * The request for a new order. At the market it is for the day, which queues it for the next session while the market is closed; with a
 * limit or a stop it rests until somebody cancels it or its last day is over, and outside regular hours until the end of the extended day. A stop with a
 * target is a group of two orders, of which one ends the other.
 */
export function requestOf(order: VenueOrder, placed: Placed): { path: string; body: Record<string, unknown> } {
  const { limitPrice, stopPrice, targetPrice, isExtended } = order
  const { confirmId } = placed
  if (targetPrice && stopPrice) {
    const resting = { TimeInForce: { Duration: 'GTC' } }
    return {
      path: '/v3/orderexecution/ordergroups',
      body: {
        Type: 'OCO',
        Orders: [
          { ...commonOf(order, placed), ...resting, ...typeOf(targetPrice, undefined), OrderConfirmID: confirmId },
          {
            ...commonOf(order, placed),
            ...resting,
            ...typeOf(undefined, stopPrice),
            // Each half has an id of its own, made of the first one.
            OrderConfirmID: secondOf(confirmId),
          },
        ],
      },
    }
  }
  const rests = limitPrice !== undefined || stopPrice !== undefined
  return {
    path: '/v3/orderexecution/orders',
    body: {
      ...commonOf(order, placed),
      TimeInForce: timeInForceOf(rests, isExtended, placed.lastDay),
      ...typeOf(limitPrice, stopPrice),
      OrderConfirmID: confirmId,
    },
  }
}

function timeInForceOf(rests: boolean, isExtended: boolean | undefined, lastDay: LastDay | undefined) {
  if (isExtended) return { Duration: 'DYP' }
  if (!rests || lastDay === 'today') return { Duration: 'DAY' }
  return lastDay === undefined ? { Duration: 'GTC' } : { Duration: 'GTD', Expiration: `${lastDay}T00:00:00Z` }
}

const commonOf = ({ account, symbol, quantity }: VenueOrder, { action }: Placed) => ({
  AccountID: account,
  Symbol: symbol,
  Quantity: quantity.toFixed(),
  TradeAction: action,
  Route: 'Intelligent',
})

function typeOf(limit: Big | undefined, stop: Big | undefined): Record<string, string> {
  return {
    OrderType: stop ? (limit ? 'StopLimit' : 'StopMarket') : limit ? 'Limit' : 'Market',
    ...(limit && { LimitPrice: limit.toFixed() }),
    ...(stop && { StopPrice: stop.toFixed() }),
  }
}

/** The id of the other half of a group. */
const secondOf = (confirmId: string) => [...confirmId].reverse().join('')
