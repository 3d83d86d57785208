import { Big, zero } from '../../base/amounts.ts'
import type { CcxtOrder, CcxtTrade, Exchange } from '../../infra/exchanges/exchange.ts'
import type { Side } from '../../trading/positions/rules/position.ts'
import type { Seen } from '../broker-orders/executions.ts'
import type { OrderReport, VenueFill, VenueOrderState } from '../venue.ts'
import { deskSymbol } from './symbols.ts'

const ends: Record<string, VenueOrderState> = {
  closed: 'filled',
  canceled: 'cancelled',
  cancelled: 'cancelled',
  expired: 'expired',
  rejected: 'refused',
}

/** The state of an order. A status that nobody knows works. "Closed" with less than the whole is an end without the rest. */
function stateOf(status: string | undefined, filled: Big, quantity: Big): VenueOrderState {
  if (quantity.gt(0) && filled.gte(quantity)) return 'filled'
  const state = ends[status ?? ''] ?? 'working'
  return state === 'filled' ? 'cancelled' : state
}

const amountIn = (text: string | undefined): Big | undefined => {
  const amount = text === undefined || text === '' ? undefined : new Big(text)
  return amount?.gt(0) ? amount : undefined
}

export const sideIn = (side: string | undefined): Side => (side === 'buy' ? 'buy' : 'sell')

/** The quantity that an order shows as filled. */
export const filledIn = (order: CcxtOrder): Big => new Big(order.filled || 0)

/** Is an order told with all that a report needs? */
export const isTold = ({ symbol, side, amount }: CcxtOrder): boolean =>
  symbol !== undefined && side !== undefined && amount !== undefined

/** The report on an order, with the fills that are known of it. */
export function reportOf(account: string, clientOrderId: string, order: CcxtOrder, fills: VenueFill[]): OrderReport {
  const filledQuantity = filledIn(order)
  const quantity = new Big(order.amount!)
  const isLimited = /limit/.test(order.type ?? '')
  const limitPrice = isLimited ? amountIn(order.price) : undefined
  const stopPrice = amountIn(order.stopLossPrice ?? order.triggerPrice)
  const state = stateOf(order.status, filledQuantity, quantity)
  return {
    account,
    clientOrderId,
    venueOrderId: order.id,
    symbol: deskSymbol(order.symbol!),
    side: sideIn(order.side),
    quantity,
    ...(limitPrice && { limitPrice }),
    ...(stopPrice && { stopPrice }),
    state,
    filledQuantity,
    fills,
    ...(state === 'refused' && { words: reasonIn(order) ?? 'it was accepted and then rejected' }),
  }
}

function reasonIn({ info }: CcxtOrder): string | undefined {
  const { reason } = (info ?? {}) as { reason?: unknown }
  return typeof reason === 'string' && reason !== '' ? reason : undefined
}

/** A trade as a step of its order. Its fee counts in the pair's money; one in another currency is told apart. */
export function stepOf(exchange: Exchange, trade: CcxtTrade): Seen {
  const pair = exchange.markets?.[trade.symbol]
  const fees = trade.fees?.length ? trade.fees : trade.fee ? [trade.fee] : []
  const inMoney = fees.filter(({ currency }) => currency === undefined || currency === pair?.quote)
  const others = fees.filter((fee) => !inMoney.includes(fee) && fee.currency && new Big(fee.cost || 0).gt(0))
  return {
    orderId: trade.order ?? `trade ${trade.id}`,
    id: `${deskSymbol(trade.symbol)}:${trade.id}`,
    symbol: deskSymbol(trade.symbol),
    side: sideIn(trade.side),
    quantity: new Big(trade.amount),
    price: new Big(trade.price),
    commission: inMoney.reduce((all, { cost }) => all.plus(cost || 0), zero),
    ...(others[0] && { otherFee: { currency: others[0].currency!, quantity: new Big(others[0].cost!) } }),
    filledAt: new Date(trade.timestamp),
  }
}
