import { Big, isMultiple, zero } from '../../../src/base/amounts.ts'
import { exchangeZone, wallClock } from '../../../src/base/zone.ts'
import { sessionOf } from '../../../src/market/calendar.ts'
import { type Account, buyingPower, canShort, costOf, heldOf, reserved, restingOf } from './account.ts'
import { leftOf, type Order, type OrderClass, type OrderType, type Terms, type TimeInForce } from './order.ts'
import { forbidden, impossible, malformed } from './refusals.ts'
import type { Asset } from './world.ts'

/** A placement, read. */
export interface OrderRequest extends Terms {
  target?: Big
  stop?: { price: Big; limit?: Big }
}

type Body = Record<string, unknown>

const types: readonly string[] = ['market', 'limit', 'stop', 'stop_limit']
const timesInForce: readonly string[] = ['day', 'gtc', 'opg', 'cls', 'ioc', 'fok']
const classes: readonly string[] = ['', 'simple', 'bracket', 'oco', 'oto']
const one = new Big(1)

/** Reads a placement; throws the refusal of one that is malformed or impossible whatever the account has. */
export function readRequest(account: Account, body: Body): OrderRequest {
  const { world } = account
  const text = (name: string) => (body[name] === undefined || body[name] === null ? undefined : String(body[name]))
  if (body.notional !== undefined) throw malformed('notional orders are not supported by this server')

  const quantity = amount('qty', text('qty') ?? fail('qty or notional is required'))
  const [type, tif, side] = [text('type'), text('time_in_force'), text('side')]
  if (!type || !types.includes(type)) throw malformed(`invalid order type: ${type}`)
  if (!tif || !timesInForce.includes(tif)) throw malformed(`invalid time_in_force: ${tif}`)
  if (side !== 'buy' && side !== 'sell') throw malformed(`invalid side: ${side}`)
  const orderClass = text('order_class') ?? ''
  if (!classes.includes(orderClass)) throw malformed(`invalid order_class: ${orderClass}`)
  const clientOrderId = text('client_order_id') ?? world.ids.uuid()
  if (clientOrderId.length > 128) throw malformed('client_order_id must be no more than 128 characters')

  const asset = world.asset(text('symbol') ?? fail('symbol is required'))
  if (!asset) throw impossible(`asset "${text('symbol')}" not found`)
  if (!asset.tradable || asset.status !== 'active') throw impossible(`asset "${asset.symbol}" is not active`)

  const request: OrderRequest = {
    clientOrderId,
    symbol: asset.symbol,
    side,
    type: type as OrderType,
    timeInForce: tif as TimeInForce,
    quantity,
    isExtended: body.extended_hours === true,
    orderClass: orderClass as OrderClass,
  }
  if (type === 'limit' || type === 'stop_limit') {
    if (orderClass !== 'oco') request.limitPrice = price('limit_price', text('limit_price'), 'limit orders require')
  } else if (text('limit_price') !== undefined) throw malformed(`${type} orders must not have limit_price`)
  if (type === 'stop' || type === 'stop_limit') {
    request.stopPrice = price('stop_price', text('stop_price'), 'stop orders require')
  } else if (text('stop_price') !== undefined) throw malformed(`${type} orders must not have stop_price`)
  readLegs(request, body)
  checkTerms(request)
  if (!isMultiple(quantity, one)) checkFraction(account, request, asset)
  return request
}

function readLegs(request: OrderRequest, body: Body): void {
  const { orderClass, side, type, isExtended, timeInForce } = request
  const target = body.take_profit as Body | undefined
  const stop = body.stop_loss as Body | undefined
  if (orderClass === '' || orderClass === 'simple') {
    if (target || stop) throw impossible('take_profit and stop_loss require order_class')
    return
  }
  if (isExtended) throw impossible('extended hours is not supported for complex orders')
  if (timeInForce !== 'day' && timeInForce !== 'gtc') throw impossible('complex orders must be DAY or GTC orders')
  if (orderClass === 'oto' ? Boolean(target) === Boolean(stop) : !(target && stop)) {
    throw impossible(orderClass === 'oto' ? 'oto orders require one leg' : `${orderClass} orders require both legs`)
  }
  if (target) request.target = price('take_profit.limit_price', target.limit_price)
  if (stop) request.stop = { price: price('stop_loss.stop_price', stop.stop_price) }
  if (stop && stop.limit_price !== undefined && stop.limit_price !== null) {
    request.stop!.limit = price('stop_loss.limit_price', stop.limit_price)
  }
  if (orderClass === 'oco') {
    if (type !== 'limit') throw impossible('oco orders must be limit orders')
    request.limitPrice = request.target
  }
  const exit = orderClass === 'oco' ? side : side === 'buy' ? 'sell' : 'buy'
  if (request.target && request.stop) {
    const isOrdered = exit === 'sell' ? request.target.gt(request.stop.price) : request.target.lt(request.stop.price)
    if (!isOrdered) {
      throw impossible(
        `${side} ${orderClass} order: take_profit.limit_price must be ${exit === 'sell' ? '>' : '<'} stop_loss.stop_price`,
      )
    }
  }
}

function checkTerms({ type, timeInForce: tif, isExtended }: OrderRequest): void {
  if (isExtended && (type !== 'limit' || (tif !== 'day' && tif !== 'gtc'))) {
    throw impossible('extended hours order must be DAY or GTC limit orders')
  }
  const isAuction = tif === 'opg' || tif === 'cls'
  if (isAuction && type !== 'market' && type !== 'limit')
    throw impossible(`${tif} orders must be market or limit orders`)
  if ((tif === 'ioc' || tif === 'fok') && (type === 'stop' || type === 'stop_limit')) {
    throw impossible(`stop orders must be DAY or GTC orders`)
  }
}

function checkFraction(
  { configurations }: Account,
  { symbol, quantity, timeInForce, orderClass, isExtended }: OrderRequest,
  asset: Pick<Asset, 'fractionable' | 'attributes'>,
) {
  if (!isMultiple(quantity, new Big('0.000000001'))) throw malformed('qty must have at most 9 decimals')
  if (timeInForce !== 'day') throw impossible('fractional orders must be DAY orders')
  if (orderClass !== '' && orderClass !== 'simple') throw impossible('fractional orders must be simple orders')
  if (isExtended && !asset.attributes.includes('fractional_eh_enabled'))
    throw impossible(`asset "${symbol}" does not accept fractional orders in extended hours`)
  if (!configurations.fractional_trading) throw forbidden('account is not allowed to trade fractional shares')
  if (!asset.fractionable) throw forbidden(`asset "${symbol}" is not fractionable`)
}

/** Throws the refusal of an order that the account may not place now. `replaced`: the order in whose place it comes. */
export function checkAccount(account: Account, request: OrderRequest, replaced?: Order): void {
  const { world } = account
  const { symbol, side, quantity, timeInForce } = request
  if (account.isTradingBlocked || account.configurations.suspend_trade)
    throw forbidden('account is not allowed to trade')
  checkAuction(account, timeInForce)
  checkWash(account, request, replaced)
  const held = heldOf(account, symbol)
  const isClosing = side === 'sell' ? held.gt(0) : held.lt(0)
  if (isClosing) {
    const free = held.abs().minus(reserved(account, symbol, side, replaced))
    if (quantity.gt(free)) {
      const related = restingOf(account).filter((order) => order.symbol === symbol && order.side === side)
      throw forbidden(
        `insufficient qty available for order (requested: ${quantity}, available: ${free.gt(0) ? free : zero})`,
        {
          available: String(free.gt(0) ? free : zero),
          existing_qty: String(held),
          held_for_orders: String(held.abs().minus(free)),
          related_orders: related.map(({ id }) => id),
          symbol,
        },
      )
    }
    return
  }
  if (request.orderClass === 'oco') throw impossible('oco orders must be exit orders')
  if (side === 'sell') {
    if (!canShort(account)) throw forbidden('account is not allowed to short')
    if (!isMultiple(quantity, one)) throw impossible('fractional orders cannot be sold short')
    const { shortable, easy_to_borrow } = world.asset(symbol)!
    if (!shortable || !easy_to_borrow) throw impossible(`asset "${symbol}" cannot be sold short`)
  }
  const cost = costOf({ ...request, account, filled: zero } as unknown as Order)
  const power = buyingPower(account, replaced)
  if (!isMultiple(quantity, one) && cost.lt(one)) throw forbidden('cost basis must be >= minimal amount of order 1')
  if (cost.gt(power)) {
    throw forbidden('insufficient buying power', { buying_power: String(power), cost_basis: String(cost) })
  }
}

function checkAuction({ world }: Account, tif: TimeInForce): void {
  if (tif !== 'opg' && tif !== 'cls') return
  const now = world.now()
  if (!sessionOf(now)) return
  const { hour, minute } = wallClock(now, exchangeZone)
  const time = hour * 60 + minute
  const from = tif === 'opg' ? 9 * 60 + 28 : 15 * 60 + 50
  if (time >= from && time < 19 * 60) throw impossible(`${tif} orders are not accepted at this time`)
}

/** An order that might trade with one of the same account is refused, unless the two belong together. */
function checkWash(account: Account, { symbol, side, limitPrice, type }: OrderRequest, replaced?: Order): void {
  const others = restingOf(account).filter(
    (order) => order.symbol === symbol && order.side !== side && order !== replaced,
  )
  const clashing = others.find((other) => {
    if (leftOf(other).eq(0)) return false
    if (type !== 'limit' || other.type !== 'limit') return true
    const [buy, sell] = side === 'buy' ? [limitPrice!, other.limitPrice!] : [other.limitPrice!, limitPrice!]
    return buy.gte(sell)
  })
  if (!clashing) return
  throw forbidden('potential wash trade detected. use complex orders', {
    existing_order_id: clashing.id,
    reject_reason: `opposite side ${clashing.type === 'limit' ? 'limit' : 'market/stop'} order exists`,
  })
}

/** A positive decimal. */
export function amount(name: string, said: unknown): Big {
  let read: Big
  try {
    read = new Big(String(said))
  } catch {
    throw malformed(`invalid ${name}: ${said}`)
  }
  if (read.lte(0)) throw malformed(`${name} must be > 0`)
  return read
}

/** A price of whole cents, or of hundredths of a cent below a dollar. */
export function price(name: string, said: unknown, needs = 'order requires'): Big {
  if (said === undefined || said === null) throw malformed(`${needs} ${name}`)
  const read = amount(name, said)
  if (!isMultiple(read, new Big(read.lt(1) ? '0.0001' : '0.01'))) {
    throw impossible(`invalid ${name} ${read}. sub-penny increment does not fulfill minimum pricing criteria`)
  }
  return read
}

function fail(message: string): never {
  throw malformed(message)
}
