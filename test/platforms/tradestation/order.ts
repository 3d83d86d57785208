import { Big, zero } from '../../../src/base/amounts.ts'
import type { Account } from './account.ts'
import { plain } from './world.ts'

export type Side = 'buy' | 'sell'
export type TradeAction = 'BUY' | 'SELL' | 'BUYTOCOVER' | 'SELLSHORT'
export type OrderType = 'Market' | 'Limit' | 'StopMarket' | 'StopLimit'
export type Duration = 'DAY' | 'DYP' | 'GTC' | 'GCP' | 'GTD' | 'GDP' | 'OPG' | 'CLO' | 'IOC' | 'FOK' | '1' | '3' | '5'

/** The statuses that this server uses, of those that are published, with the words of their descriptions. */
export const descriptions = {
  OPN: 'Sent',
  ACK: 'Received',
  DON: 'Queued',
  OSO: 'OSO Order',
  STP: 'Stop Hit',
  FPR: 'Partial Fill (Alive)',
  UCN: 'Cancel Sent',
  RSN: 'Replace Sent',
  FLL: 'Filled',
  FLP: 'Partial Fill (UROut)',
  OUT: 'UROut',
  EXP: 'Expired',
  TSC: 'Trade Server Canceled',
  REJ: 'Rejected',
  BRO: 'Broken',
  COR: 'Fill Corrected',
} as const
export type Status = keyof typeof descriptions

/** The terms of an order, as they were placed. */
export interface Terms {
  symbol: string
  action: TradeAction
  type: OrderType
  duration: Duration
  quantity: Big
  limitPrice?: Big
  stopPrice?: Big
  /** The date until which it is good: `2026-11-20`. */
  goodTill?: string
  route: string
  isAllOrNone: boolean
}

/** The kind of a group; in `NORMAL` the orders know nothing of each other. */
export type GroupType = 'BRK' | 'OCO' | 'NORMAL'

/** Orders that end together. */
export interface Group {
  type: GroupType
  name: string
  orders: Order[]
}

/** An order at the broker. */
export interface Order extends Terms {
  id: string
  account: Account
  confirmId?: string
  status: Status
  filled: Big
  /** Dollars of all fills. */
  filledValue: Big
  /** Dollars. */
  fee: Big
  openedAt: Date
  closedAt?: Date
  rejectReason?: string
  group?: Group
  /** The order whose fill sends it, and the orders that its own fill sends. */
  parent?: Order
  children: Order[]
  /** Its stop was touched. */
  isTriggered: boolean
  /** The most that one execution takes; absent: all that is there. */
  partSize?: Big
  isPartOnItsWay: boolean
  /** Its fills are shown with the status `ACK` for a while. */
  fillsInAck: boolean
  /** A status that the server shows in place of the true one. */
  shownStatus?: string
  /** Lists do not show it for now. */
  isHidden?: boolean
  /** It stands for an order that somebody placed elsewhere: by the web page, by phone. */
  isExternal?: boolean
}

const finals: readonly Status[] = ['FLL', 'FLP', 'OUT', 'EXP', 'TSC', 'REJ', 'BRO']
const live: readonly Status[] = ['ACK', 'FPR', 'UCN', 'RSN', 'STP', 'COR']

/** Has it ended? */
export const isEnded = ({ status }: Order): boolean => finals.includes(status)
/** Is it at the exchange, so that it may be filled? */
export const isLive = ({ status }: Order): boolean => live.includes(status)
/** Does it stand at the broker with a claim on money or shares? */
export const isResting = (order: Order): boolean => !isEnded(order) && order.status !== 'OSO'

export const sideOf = ({ action }: Pick<Terms, 'action'>): Side =>
  action === 'BUY' || action === 'BUYTOCOVER' ? 'buy' : 'sell'
/** Does it open a position? */
export const opens = ({ action }: Pick<Terms, 'action'>): boolean => action === 'BUY' || action === 'SELLSHORT'
/** Units that are not filled. */
export const leftOf = ({ quantity, filled }: Order): Big => (filled.lt(quantity) ? quantity.minus(filled) : zero)
/** Is it good outside of the regular session too? */
export const isExtended = ({ duration }: Pick<Terms, 'duration'>): boolean => ['DYP', 'GCP', 'GDP'].includes(duration)
/** Does it outlive the day? */
export const isLong = ({ duration }: Pick<Terms, 'duration'>): boolean =>
  ['GTC', 'GCP', 'GTD', 'GDP'].includes(duration)

const words: Record<TradeAction, string> = {
  BUY: 'Buy',
  SELL: 'Sell',
  BUYTOCOVER: 'BuyToCover',
  SELLSHORT: 'SellShort',
}
const longWords: Record<TradeAction, string> = {
  BUY: 'Buy',
  SELL: 'Sell',
  BUYTOCOVER: 'Buy to Cover',
  SELLSHORT: 'Sell Short',
}

/** An order as the lists and the stream show it. */
export function orderJson(order: Order): Record<string, unknown> {
  const { filled, group } = order
  const status = order.shownStatus ?? order.status
  const average = filled.gt(0) ? averageOf(order) : undefined
  const related = relatedOf(order)
  const options = [
    ...(order.stopPrice ? ['STPTRG=STT'] : []),
    ...(order.isAllOrNone ? ['AON=Y'] : []),
    ...(group && group.type !== 'NORMAL' ? [`OCA=${group.name.split(' ')[1]}`] : []),
  ]
  return {
    AccountID: order.account.id,
    ...(options.length > 0 && { AdvancedOptions: `${options.join(';')};` }),
    ...(order.closedAt && status !== 'ACK' && { ClosedDateTime: plain(order.closedAt) }),
    CommissionFee: String(order.fee),
    ...(related.length > 0 && { ConditionalOrders: related }),
    Currency: 'USD',
    Duration: order.duration,
    FilledPrice: average ?? '0',
    ...(order.goodTill && { GoodTillDate: `${order.goodTill}T00:00:00Z` }),
    ...(group && { GroupName: group.name }),
    Legs: [
      {
        AssetType: 'STOCK',
        BuyOrSell: words[order.action],
        ExecQuantity: String(filled),
        ...(average && { ExecutionPrice: average }),
        OpenOrClose: opens(order) ? 'Open' : 'Close',
        QuantityOrdered: String(order.quantity),
        QuantityRemaining: String(isEnded(order) ? zero : leftOf(order)),
        Symbol: order.symbol,
      },
    ],
    ...(order.limitPrice && { LimitPrice: String(order.limitPrice) }),
    OpenedDateTime: plain(order.openedAt),
    OrderID: order.id,
    OrderType: order.type,
    PriceUsedForBuyingPower: String(order.limitPrice ?? order.stopPrice ?? order.account.world.price(order.symbol)),
    ...(order.rejectReason && { RejectReason: order.rejectReason }),
    Routing: order.route,
    Status: status,
    StatusDescription: descriptions[status as Status] ?? status,
    ...(order.stopPrice && { StopPrice: String(order.stopPrice) }),
    UnbundledRouteFee: '0',
  }
}

function relatedOf({ id, group, parent, children }: Order): { OrderID: string; Relationship: string }[] {
  const siblings = group && group.type !== 'NORMAL' ? group.orders.filter((one) => one.id !== id) : []
  return [
    ...(parent ? [{ OrderID: parent.id, Relationship: 'OSP' }] : []),
    ...children.map((one) => ({ OrderID: one.id, Relationship: 'OSO' })),
    ...siblings.map((one) => ({ OrderID: one.id, Relationship: group!.type })),
  ]
}

/** Dollars a share of all fills, with as many decimals as the broker keeps. */
function averageOf({ filled, filledValue, account }: Order): string {
  return String(new Big(filledValue.div(filled).toFixed(account.world.averageDecimals)))
}

/** The order in words, as the answers of placements have it: `Sell 10 MSFT @ 230.00 Limit`. */
export function summaryOf({ action, quantity, symbol, type, limitPrice, stopPrice }: Terms): string {
  const price = (amount?: Big) => (amount?.gte(1) ? amount.toFixed(2) : String(amount))
  const at = {
    Market: 'Market',
    Limit: `${price(limitPrice)} Limit`,
    StopMarket: `${price(stopPrice)} Stop Market`,
    StopLimit: `${price(stopPrice)} Stop Limit ${price(limitPrice)}`,
  }[type]
  return `${longWords[action]} ${quantity} ${symbol} @ ${at}`
}
