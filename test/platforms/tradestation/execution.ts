import type { Answer, Heard } from '../broker/answering.ts'
import { type Account, buyingPower, type Mode } from './account.ts'
import type { Broker, Done, Placed } from './broker.ts'
import { type Order, sideOf, summaryOf } from './order.ts'
import { checkAccount, type OrderRequest, readGroup, readRequest } from './order-request.ts'
import { malformed, notFound, OrderRefused, Refusal } from './refusals.ts'
import type { User, World } from './world.ts'

type Json = Record<string, unknown>

/** Answers requests about the execution of orders. */
export function serveExecution(world: World, broker: Broker, user: User, mode: Mode, heard: Heard): Answer {
  const { method, path } = heard
  const [, what = '', id] = /^\/v3\/orderexecution\/([a-z]+)(?:\/([^/]+))?$/.exec(path) ?? []
  const accountOf = (accountId: string): Account => {
    const found = user.accounts.find((one) => one.id === accountId && one.mode === mode)
    if (!found) throw new Refusal(403, 'Invalid Account ID.')
    return found
  }
  const orderOf = (): Order => {
    const all = user.accounts.filter((one) => one.mode === mode).flatMap(({ orders }) => orders)
    const found = all.find((order) => order.id === id)
    if (!found) throw malformed('Invalid order ID.')
    return found
  }

  if (method === 'POST' && what === 'orders' && !id) {
    const request = readRequest(world, bodyOf(heard))
    return placed(world, broker.place(accountOf(request.accountId), request))
  }
  if (method === 'POST' && what === 'ordergroups') {
    const { type, orders } = readGroup(world, bodyOf(heard))
    for (const { accountId } of orders) accountOf(accountId)
    return placed(world, broker.placeGroup(accountOf, type, orders))
  }
  if (method === 'POST' && what === 'orderconfirm') {
    const request = readRequest(world, bodyOf(heard))
    return { status: 200, body: { Confirmations: [confirmation(accountOf(request.accountId), request)] } }
  }
  if (method === 'POST' && what === 'ordergroupconfirm') {
    const { orders } = readGroup(world, bodyOf(heard))
    const confirmed = orders.map((request) => confirmation(accountOf(request.accountId), request))
    return { status: 200, body: { Confirmations: confirmed } }
  }
  if (method === 'PUT' && what === 'orders' && id) {
    return sent(broker.replace(orderOf(), bodyOf(heard)), 'Cancel/Replace order sent.')
  }
  if (method === 'DELETE' && what === 'orders' && id) return sent(broker.cancel(orderOf()), 'Cancel request sent')
  if (method === 'GET' && what === 'activationtriggers') return { status: 200, body: { ActivationTriggers: triggers } }
  if (method === 'GET' && what === 'routes') return { status: 200, body: { Routes: routes } }
  throw notFound('Not Found')
}

function placed(world: World, { result, proceed }: Done<Placed[]>): Answer {
  const orders: Json[] = []
  const errors: Json[] = []
  for (const one of result) {
    if ('order' in one) orders.push({ Message: `Sent order: ${summaryOf(one.order)}`, OrderID: one.order.id })
    else {
      const told = { Error: 'FAILED', Message: `Order failed. Reason: ${one.refused}`, OrderID: one.orderId }
      if (world.draws.happens('errorsInOrders')) orders.push(told)
      else errors.push(told)
    }
  }
  const body = { ...(orders.length > 0 && { Orders: orders }), ...(errors.length > 0 && { Errors: errors }) }
  return { status: 200, body, proceed }
}

const sent = ({ result, proceed }: Done<Order>, message: string): Answer => ({
  status: 200,
  body: { Message: message, OrderID: result.id },
  proceed,
})

/** The cost of an order that is not placed. */
function confirmation(account: Account, request: OrderRequest): Json {
  const { world } = account
  try {
    checkAccount(account, request)
  } catch (error) {
    throw error instanceof OrderRefused ? malformed(`Order failed. Reason: ${error.message}`) : error
  }
  const quote = world.quotes.get(request.symbol)
  const touch = (sideOf(request) === 'buy' ? quote?.asks : quote?.bids)?.[0]?.price
  const price = request.limitPrice ?? request.stopPrice ?? touch ?? world.price(request.symbol)
  const cost = String(request.quantity.times(price))
  return {
    OrderAssetCategory: 'EQUITY',
    Currency: 'USD',
    Route: request.route,
    TimeInForce: { Duration: request.duration },
    AccountID: account.id,
    OrderConfirmID: request.confirmId ?? world.ids.letters(22),
    EstimatedPrice: String(price),
    EstimatedCost: cost,
    DebitCreditEstimatedCost: sideOf(request) === 'buy' ? cost : `-${cost}`,
    EstimatedCommission: String(account.feePerShare.times(request.quantity)),
    InitialMarginDisplay: String(buyingPower(account)),
    SummaryMessage: summaryOf(request),
  }
}

function bodyOf({ body }: Heard): Json {
  try {
    const read = JSON.parse(body)
    if (read && typeof read === 'object' && !Array.isArray(read)) return read
  } catch {
    // Below.
  }
  throw malformed('The request body is not valid JSON')
}

const routes = [
  { Id: 'Intelligent', AssetTypes: ['STOCK', 'STOCKOPTION', 'FUTURE'], Name: 'Intelligent' },
  { Id: 'ARCX', AssetTypes: ['STOCK'], Name: 'ARCX' },
  { Id: 'NSDQ', AssetTypes: ['STOCK'], Name: 'NSDQ' },
]

const triggers = [
  { Key: 'STT', Name: 'Single Trade Tick', Description: 'One trade at the stop price or beyond.' },
  { Key: 'SBA', Name: 'Single Bid/Ask Tick', Description: 'One bid or ask at the stop price or beyond.' },
  { Key: 'DTT', Name: 'Double Trade Tick', Description: 'Two consecutive trades at the stop price or beyond.' },
]
