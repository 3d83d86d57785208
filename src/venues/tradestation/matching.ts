import type { Big } from '../../base/amounts.ts'
import type { Side } from '../../trading/positions/rules/position.ts'
import type { TsOrder } from './payloads.ts'
import { sideOf } from './report-map.ts'

/** An order that was sent and of which TradeStation has told no id. */
export interface Doubtful {
  clientOrderId: string
  symbol: string
  side: Side
  quantity: Big
  limitPrice?: Big
  stopPrice?: Big
  targetPrice?: Big
  /** The first call began then, and the last one may arrive until then. */
  calledAt: Date
  callingUntil: Date
}

/** Clocks differ by so much, in milliseconds; TradeStation's times are whole seconds. */
const clocksMs = 30_000

/**
 * Finds the orders that were sent without an answer among those of a list that belong to nobody yet: by symbol, side, quantity, prices and
 * the time at which they were opened. Alike orders are given out in the order in which they were sent and opened; of a stop with a
 * target, both halves.
 */
export function matchOf(doubtful: Doubtful[], unclaimed: TsOrder[]): { orderId: string; clientOrderId: string }[] {
  const left = [...unclaimed].sort(byOpening)
  const take = (fits: (order: TsOrder) => boolean) => {
    const place = left.findIndex(fits)
    return place < 0 ? undefined : left.splice(place, 1)[0]
  }
  return [...doubtful]
    .sort((a, b) => a.calledAt.getTime() - b.calledAt.getTime())
    .flatMap((sent) => {
      const { clientOrderId, targetPrice, limitPrice, stopPrice } = sent
      const isOf = (limit?: Big, stop?: Big) => (order: TsOrder) =>
        isLike(sent, order) && isSame(limit, order.LimitPrice) && isSame(stop, order.StopPrice)
      const found = targetPrice
        ? [take(inGroup(isOf(targetPrice, undefined))), take(inGroup(isOf(undefined, stopPrice)))]
        : [take((order) => isOf(limitPrice, stopPrice)(order) && isAlone(order))]
      return found.flatMap((order) => (order ? { orderId: order.OrderID, clientOrderId } : []))
    })
}

/** May an order be the one that was sent, by all but its prices? */
export function isLike(
  sent: Pick<Doubtful, 'symbol' | 'side' | 'quantity' | 'calledAt' | 'callingUntil'>,
  order: TsOrder,
): boolean {
  const leg = order.Legs[0]!
  const opened = order.OpenedDateTime?.getTime()
  return (
    order.Legs.length === 1 &&
    leg.Symbol === sent.symbol &&
    sideOf(leg.BuyOrSell) === sent.side &&
    leg.QuantityOrdered?.eq(sent.quantity) === true &&
    opened !== undefined &&
    opened >= sent.calledAt.getTime() - clocksMs &&
    opened <= sent.callingUntil.getTime() + clocksMs
  )
}

/** A price of zero is none. */
const isSame = (wanted: Big | undefined, shown: Big | undefined) =>
  wanted ? shown?.eq(wanted) === true : shown === undefined || shown.eq(0)

/** Is it no half of a group? */
const isAlone = ({ ConditionalOrders }: TsOrder) => ConditionalOrders.length === 0

const inGroup = (fits: (order: TsOrder) => boolean) => (order: TsOrder) => fits(order) && !isAlone(order)

function byOpening(a: TsOrder, b: TsOrder): number {
  const between = (a.OpenedDateTime?.getTime() ?? 0) - (b.OpenedDateTime?.getTime() ?? 0)
  return between || a.OrderID.length - b.OrderID.length || (a.OrderID < b.OrderID ? -1 : 1)
}
