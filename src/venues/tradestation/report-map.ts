import { type Big, sum, zero } from '../../base/amounts.ts'
import type { Side } from '../../trading/positions/rules/position.ts'
import type { OrderReport, VenueFill, VenueOrderState } from '../venue.ts'
import type { TsOrder } from './payloads.ts'
import { stateOf } from './statuses.ts'
import { filledIn } from './steps.ts'

/** The desk's side by TradeStation's word for it: `Buy`, `BuyToCover`, `Sell`, `SellShort`. */
export const sideOf = (word: string): Side => (/^buy/i.test(word) ? 'buy' : 'sell')

/** Orders of TradeStation's that are one order of the desk: those that replaced each other, and both halves of a stop with a target. */
export type Family = [TsOrder, ...TsOrder[]]

/** An order of one share; the desk knows no others. */
export const isOfShare = ({ Legs }: TsOrder): boolean =>
  Legs.length === 1 && (Legs[0]!.AssetType === undefined || Legs[0]!.AssetType.toUpperCase() === 'STOCK')

/** The orders of a family by halves: those with a stop, and the others. Of one half the newest comes last. */
function halvesOf(family: Family): TsOrder[][] {
  const inOrder = [...family].sort((a, b) => a.OrderID.length - b.OrderID.length || (a.OrderID < b.OrderID ? -1 : 1))
  const isStop = ({ OrderType, StopPrice }: TsOrder) => OrderType?.startsWith('Stop') ?? StopPrice?.gt(0) ?? false
  // An order that was given another price keeps its kind.
  return [inOrder.filter((order) => !isStop(order)), inOrder.filter(isStop)].filter((half) => half.length > 0)
}

/** The order of each half that counts now. */
export const newestOf = (family: Family): TsOrder[] => halvesOf(family).map((half) => half.at(-1)!)

/** The report on a family, with the fills that are known of it. */
export function reportOf(account: string, clientOrderId: string, family: Family, fills: VenueFill[]): OrderReport {
  const newest = newestOf(family)
  const first = newest[0]!
  const leg = first.Legs[0]!
  const isGroup = newest.length > 1
  const filledQuantity = sum(family.map(filledIn))
  const quantity = leg.QuantityOrdered ?? filledQuantity
  const limitPrice = isGroup ? undefined : priceIn(first.LimitPrice)
  const stopPrice = newest.map((order) => priceIn(order.StopPrice)).find((price) => price !== undefined)
  const state = stateIn(newest, filledQuantity, quantity)
  const because = newest.map(({ RejectReason }) => RejectReason).find((words) => words !== undefined)
  return {
    account,
    clientOrderId,
    venueOrderId: first.OrderID,
    symbol: leg.Symbol,
    side: sideOf(leg.BuyOrSell),
    quantity,
    ...(limitPrice && { limitPrice }),
    ...(stopPrice && { stopPrice }),
    state,
    filledQuantity,
    fills,
    ...(state === 'refused' && { words: because ?? 'TradeStation accepted the order and then rejected it' }),
  }
}

/** A price of zero is none. */
const priceIn = (price: Big | undefined) => (price?.gt(zero) ? price : undefined)

function stateIn(newest: TsOrder[], filled: Big, quantity: Big): VenueOrderState {
  if (quantity.gt(0) && filled.gte(quantity)) return 'filled'
  const states = newest.map(stateOf)
  if (states.includes('working')) return 'working'
  // One half that was filled ends the other.
  const state = states.find((one) => one === 'filled') ?? states[0]!
  // "Filled" with less than the whole is no end that the desk can book: TradeStation shows the rest later.
  return state === 'filled' && filled.lt(quantity) ? 'working' : state
}
