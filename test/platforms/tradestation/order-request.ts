import { Big, isMultiple } from '../../../src/base/amounts.ts'
import { dayAfter, dayIn, exchangeZone, wallClock } from '../../../src/base/zone.ts'
import { type Account, buyingPower, heldOf, reserved } from './account.ts'
import {
  type Duration,
  type GroupType,
  isExtended,
  type Order,
  type OrderType,
  opens,
  sideOf,
  type Terms,
  type TradeAction,
} from './order.ts'
import { malformed, OrderRefused } from './refusals.ts'
import type { World } from './world.ts'

type Body = Record<string, unknown>

/** A placement, read. */
export interface OrderRequest extends Terms {
  accountId: string
  confirmId?: string
  /** Orders that are sent when this one is filled. */
  sends: { type: GroupType; orders: OrderRequest[] }[]
}

const actions: readonly string[] = ['BUY', 'SELL', 'BUYTOCOVER', 'SELLSHORT']
const types: readonly string[] = ['Market', 'Limit', 'StopMarket', 'StopLimit']
const durations = ['DAY', 'DYP', 'GTC', 'GCP', 'GTD', 'GDP', 'OPG', 'CLO', 'IOC', 'FOK', '1', '3', '5']
const groupTypes: readonly string[] = ['BRK', 'OCO', 'NORMAL']
const one = new Big(1)
/** Days for which an order stays at most. */
const longest = 90

/** Reads a placement; throws the refusal of one that is malformed. */
export function readRequest(world: World, body: Body): OrderRequest {
  const text = (name: string) => textOf(body[name])
  const accountId = text('AccountID') ?? missing('AccountID')
  const type = text('OrderType') ?? missing('OrderType')
  if (!types.includes(type)) throw malformed(`Invalid OrderType: ${type}`)
  const action = (text('TradeAction') ?? missing('TradeAction')).toUpperCase()
  if (!actions.includes(action)) throw malformed(`Invalid TradeAction: ${action}`)
  const symbol = text('Symbol') ?? missing('Symbol')
  const confirmId = text('OrderConfirmID')
  if (confirmId !== undefined && (confirmId.length < 1 || confirmId.length > 22)) {
    throw malformed('OrderConfirmID must be between 1 and 22 characters')
  }
  if (body.Legs !== undefined) throw malformed('Legs are for options, which this server does not trade')
  const options = (body.AdvancedOptions ?? {}) as Body
  for (const name of Object.keys(options)) {
    if (name !== 'AllOrNone') throw malformed(`AdvancedOptions.${name} is not supported by this server`)
  }
  const { duration, goodTill } = readDuration(world, body.TimeInForce as Body | undefined)
  const needsLimit = type === 'Limit' || type === 'StopLimit'
  const needsStop = type === 'StopMarket' || type === 'StopLimit'
  return {
    accountId,
    confirmId,
    symbol,
    action: action as TradeAction,
    type: type as OrderType,
    duration,
    goodTill,
    quantity: amount('Quantity', text('Quantity') ?? missing('Quantity')),
    limitPrice: needsLimit ? amount('LimitPrice', text('LimitPrice') ?? missing('LimitPrice')) : undefined,
    stopPrice: needsStop ? amount('StopPrice', text('StopPrice') ?? missing('StopPrice')) : undefined,
    route: text('Route') ?? 'Intelligent',
    isAllOrNone: options.AllOrNone === true,
    sends: ((body.OSOs ?? []) as Body[]).map((group) => readGroup(world, group)),
  }
}

/** Reads a group of orders. */
export function readGroup(world: World, body: Body): { type: GroupType; orders: OrderRequest[] } {
  const type = String(body.Type ?? '').toUpperCase()
  if (!groupTypes.includes(type)) throw malformed(`Invalid Type: ${body.Type}`)
  if (!Array.isArray(body.Orders) || body.Orders.length === 0) throw malformed('Orders are required')
  const orders = body.Orders.map((order) => readRequest(world, order))
  const [first] = orders
  const isOneWay = orders.every(({ symbol, action }) => symbol === first!.symbol && action === first!.action)
  if (type !== 'NORMAL' && orders.length < 2) throw malformed('A group needs two orders or more')
  if (type === 'BRK' && (!isOneWay || opens(first!))) {
    throw malformed('Bracket orders must close one symbol on one side of the market')
  }
  return { type: type as GroupType, orders }
}

function readDuration(world: World, body: Body | undefined): { duration: Duration; goodTill?: string } {
  const duration = (textOf(body?.Duration) ?? missing('TimeInForce.Duration')).toUpperCase() as Duration
  if (!durations.includes(duration)) throw malformed(`Invalid Duration: ${duration}`)
  const today = dayIn(world.now(), exchangeZone)
  if (duration === 'GTC' || duration === 'GCP') return { duration, goodTill: dayAfter(today, longest) }
  if (duration !== 'GTD' && duration !== 'GDP') return { duration }
  const goodTill = (textOf(body?.Expiration) ?? missing('TimeInForce.Expiration')).slice(0, 10)
  if (!/^\d{4}-\d\d-\d\d$/.test(goodTill) || goodTill < today) throw malformed(`Invalid Expiration: ${goodTill}`)
  const last = dayAfter(today, longest)
  return { duration, goodTill: goodTill > last ? last : goodTill }
}

/** Throws the reason for which the broker does not take an order; `beside` are the orders of its group. */
export function checkAccount(account: Account, terms: Terms, beside: readonly Order[] = []): void {
  const { world } = account
  const { symbol, quantity, action, type, duration } = terms
  const instrument = world.instruments.get(symbol)
  if (!instrument) throw new OrderRefused('Invalid symbol')
  if (!isMultiple(quantity, one)) throw new OrderRefused('Quantity must be a whole number of shares')
  const increments = [
    ['LMT', terms.limitPrice],
    ['STP', terms.stopPrice],
  ] as const
  for (const [name, price] of increments) {
    if (price && !isMultiple(price, new Big(price.lt(1) ? '0.0001' : instrument.increment))) {
      throw new OrderRefused(`Type = ${name} has invalid Price increment`)
    }
  }
  if (isExtended({ duration }) && type !== 'Limit') {
    throw new OrderRefused('Only limit orders are accepted for extended sessions')
  }
  if (duration === 'OPG' && isOpening(world)) throw new OrderRefused('No OPG Orders after 9:29AM Eastern Time')
  if (account.status !== 'Active' && opens(terms)) throw new OrderRefused('Account is for closing transactions only')
  checkHolding(account, terms, beside)
  if (opens(terms) && action === 'SELLSHORT') {
    if (account.type === 'Cash') throw new OrderRefused('Short sales are not permitted in a cash account')
    if (instrument.isHardToBorrow) throw new OrderRefused(`${symbol} is not available to short at this time`)
  }
  if (opens(terms)) {
    const ask = world.quotes.get(symbol)?.asks[0]?.price ?? new Big(0)
    const cost = quantity.times(terms.limitPrice ?? terms.stopPrice ?? ask)
    if (cost.gt(buyingPower(account, beside))) throw new OrderRefused('You have insufficient buying power')
  }
}

function checkHolding(account: Account, terms: Terms, beside: readonly Order[]): void {
  const { symbol, action, quantity } = terms
  const held = heldOf(account, symbol)
  const isBoxed = (action === 'BUY' && held.lt(0)) || (action === 'SELLSHORT' && held.gt(0))
  if (isBoxed) throw new OrderRefused('EC804: Boxed positions are not permitted')
  if (opens(terms)) return
  const side = sideOf(terms)
  const there = side === 'sell' ? held : held.times(-1)
  const taken = account.world.countsOpenExits ? reserved(account, symbol, side, beside) : new Big(0)
  if (quantity.gt(there.minus(taken))) {
    const shares = there.gt(0) ? there : new Big(0)
    throw new OrderRefused(`EC602: You are ${side === 'sell' ? 'long' : 'short'} ${shares.toFixed(2)} shares!`)
  }
}

/** Is it past the last minute before the opening of a day, and before its close? */
function isOpening(world: World): boolean {
  const { hour, minute } = wallClock(world.now(), exchangeZone)
  return world.phase() === 'regular' || (world.phase() === 'extended' && hour === 9 && minute >= 29)
}

/** Reads a positive decimal. */
export function amount(name: string, said: unknown): Big {
  const text = String(said)
  if (!/^\d+(\.\d+)?$/.test(text) || new Big(text).eq(0)) throw malformed(`Invalid ${name}: ${text}`)
  return new Big(text)
}

const textOf = (said: unknown) => (said === undefined || said === null || said === '' ? undefined : String(said))

function missing(name: string): never {
  throw malformed(`${name} is required`)
}
