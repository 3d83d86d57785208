import { type Account, heldOf, reserved, type Trade } from './account.ts'
import { isLive, type Order, orderJson } from './order.ts'
import { secondsOf, type World } from './world.ts'

type Json = Record<string, unknown>

/** Entries of one answer. */
const page = 50

const isTrue = (given: URLSearchParams, name: string) => /^true$/i.test(given.get(name) ?? '')
const byId = (orders: Order[], withTrades: boolean): Json =>
  Object.fromEntries(orders.map((order) => [order.id, orderJson(order, withTrades)]))

/** The place in a list from which an answer begins. */
const from = (given: URLSearchParams) => Number(given.get('ofs') ?? 0)

/** `start` is exclusive, in seconds. */
const isAfter = (given: URLSearchParams, at: Date) => {
  const start = given.get('start')
  return start === null || secondsOf(at) > Number(start)
}

const isNamed = (given: URLSearchParams, { clientId }: Order) => {
  const wanted = given.get('cl_ord_id')
  return wanted === null || clientId === wanted
}

export function openOrders({ orders }: Account, given: URLSearchParams): Json {
  const open = orders.filter((one) => isLive(one) && isNamed(given, one))
  return { open: byId(open.toReversed(), isTrue(given, 'trades')) }
}

export function closedOrders({ orders }: Account, given: URLSearchParams): Json {
  const closed = orders
    .filter((one) => !isLive(one) && isNamed(given, one) && isAfter(given, one.closedAt!))
    .toSorted((a, b) => b.closedAt!.getTime() - a.closedAt!.getTime())
  const shown = closed.slice(from(given), from(given) + page)
  return { closed: byId(shown, isTrue(given, 'trades')), count: closed.length }
}

export function queryOrders({ orders }: Account, given: URLSearchParams): Json {
  const ids = (given.get('txid') ?? '').split(',')
  return byId(
    orders.filter(({ id }) => ids.includes(id)),
    isTrue(given, 'trades'),
  )
}

export function tradesHistory({ trades }: Account, given: URLSearchParams): Json {
  const shown = trades.filter((trade) => !trade.isHidden && isAfter(given, trade.at)).toReversed()
  const some = shown.slice(from(given), from(given) + page)
  return { trades: Object.fromEntries(some.map((trade) => [trade.id, tradeJson(trade)])), count: shown.length }
}

function tradeJson({ order, quantity, price, fee, at, number }: Trade): Json {
  const { pair, side, type } = order
  return {
    ordertxid: order.id,
    postxid: 'TKH2SE-M7IF5-CFI7LT',
    pair: pair.id,
    time: secondsOf(at),
    type: side,
    ordertype: type,
    price: price.toFixed(pair.priceDecimals),
    cost: quantity.times(price).toFixed(5),
    fee: fee.toFixed(5),
    vol: quantity.toFixed(8),
    margin: '0.00000',
    leverage: '0',
    misc: '',
    trade_id: number,
    maker: false,
  }
}

/** BalanceEx: balances, and what orders hold of them. */
export function balances(account: Account): Json {
  return Object.fromEntries(
    [...account.balances.keys()].map((asset) => [
      asset,
      { balance: heldOf(account, asset).toFixed(10), hold_trade: reserved(account, asset).toFixed(10) },
    ]),
  )
}

/** GetApiKeyInfo. */
export function keyInfo({ key, permissions, iban, lastNonce }: Account, world: World): Json {
  const seconds = String(Math.floor(secondsOf(world.now())))
  return {
    apiKeyName: 'desk',
    apiKey: key,
    nonce: String(lastNonce),
    nonceWindow: 0,
    permissions,
    iban,
    ...{ validUntil: '0', queryFrom: '0', queryTo: '0', createdTime: seconds, modifiedTime: seconds },
    ...{ ipAllowlist: [], lastUsed: seconds },
  }
}
