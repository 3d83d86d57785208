import { dayAfter } from '../../../src/base/zone.ts'
import { nextSession } from '../../../src/market/calendar.ts'
import type { Answer, Heard } from '../broker/answering.ts'
import { nanosOf } from '../broker/ids.ts'
import { type Account, accountJson, positionJson } from './account.ts'
import { activityPage } from './activities.ts'
import type { Broker, Done } from './broker.ts'
import { isEnded, type Order, orderJson } from './order.ts'
import { impossible, malformed, notFound, Refusal } from './refusals.ts'
import { calendarJson, clockJson } from './sessions.ts'
import type { World } from './world.ts'

/** What a request is answered from. */
interface Served {
  world: World
  broker: Broker
  account: Account
  query: URLSearchParams
  body(): Record<string, unknown>
}

type Route = (served: Served, ...parts: string[]) => Answer

const ok = (body: unknown): Answer => ({ status: 200, body })

const routes: [method: string, path: RegExp, route: Route][] = [
  ['GET', /^\/v2\/account$/, ({ account }) => ok(accountJson(account))],
  ['GET', /^\/v2\/account\/configurations$/, ({ account }) => ok(account.configurations)],
  [
    'PATCH',
    /^\/v2\/account\/configurations$/,
    ({ account, body }) => ok(Object.assign(account.configurations, body())),
  ],
  ['GET', /^\/v2\/account\/activities$/, ({ account, query }) => activities(account, query)],
  ['GET', /^\/v2\/account\/activities\/(\w+)$/, ({ account, query }, type) => activities(account, query, [type!])],
  ['GET', /^\/v2\/assets$/, ({ world, query }) => ok(assets(world, query))],
  [
    'GET',
    /^\/v2\/assets\/([^/]+)$/,
    ({ world }, key) => ok(world.asset(key!) ?? missing(`asset not found for ${key}`)),
  ],
  ['GET', /^\/v2\/clock$/, ({ world }) => ok(clockJson(world.now(), world.phase() === 'regular'))],
  ['GET', /^\/v2\/calendar$/, ({ world, query }) => ok(days(world, query))],
  ['GET', /^\/v2\/orders$/, ({ account, query }) => ok(orders(account, query))],
  ['POST', /^\/v2\/orders$/, ({ account, broker, body }) => done(broker.place(account, body()))],
  ['DELETE', /^\/v2\/orders$/, cancelAll],
  ['GET', /^\/v2\/orders:by_client_order_id$/, byClientId],
  ['GET', /^\/v2\/orders\/([^/]+)$/, ({ account, query }, id) => ok(orderJson(orderOf(account, id!), isNested(query)))],
  [
    'PATCH',
    /^\/v2\/orders\/([^/]+)$/,
    ({ account, broker, body }, id) => done(broker.replace(orderOf(account, id!), body())),
  ],
  [
    'DELETE',
    /^\/v2\/orders\/([^/]+)$/,
    ({ account, broker }, id) => ({ status: 204, proceed: broker.cancel(orderOf(account, id!)).proceed }),
  ],
  [
    'GET',
    /^\/v2\/positions$/,
    ({ account }) => ok([...account.holdings.keys()].sort().map((symbol) => positionJson(account, symbol))),
  ],
  ['GET', /^\/v2\/positions\/([^/]+)$/, ({ account }, key) => ok(positionJson(account, heldSymbol(account, key!)))],
  ['DELETE', /^\/v2\/positions\/([^/]+)$/, closePosition],
]

/** Answers a request of the trading API for an account. */
export function serveTrading(world: World, broker: Broker, account: Account, heard: Heard): Answer {
  for (const [method, path, route] of routes) {
    const found = method === heard.method && path.exec(heard.path)
    if (!found) continue
    const parts = found.slice(1).map(decodeURIComponent)
    return route({ world, broker, account, query: heard.query, body: () => bodyOf(heard) }, ...parts)
  }
  throw new Refusal(404, undefined, 'Not Found')
}

function bodyOf({ body }: Heard): Record<string, unknown> {
  try {
    const read = JSON.parse(body)
    if (read && typeof read === 'object' && !Array.isArray(read)) return read
  } catch {}
  throw malformed('request body format is invalid')
}

const missing = (message: string): never => {
  throw notFound(message)
}

/** The answer is written as things are before the order goes to the market. */
const done = ({ order, proceed }: Done): Answer => ({ ...ok(orderJson(order, true)), proceed })

function activities(account: Account, query: URLSearchParams, types?: string[]): Answer {
  const size = Number(query.get('page_size') ?? 100)
  if (!(size >= 1 && size <= 100)) throw malformed('page_size must be between 1 and 100')
  if (query.get('category') && query.get('activity_types'))
    throw malformed('category and activity_types exclude each other')
  return ok(activityPage(account, query, types))
}

function assets(world: World, query: URLSearchParams): unknown[] {
  const [status, exchange, group] = ['status', 'exchange', 'asset_class'].map((name) => query.get(name))
  return [...world.assets.values()]
    .filter((asset) => !status || asset.status === status)
    .filter((asset) => !exchange || asset.exchange === exchange)
    .filter((asset) => !group || asset.class === group)
    .sort((one, other) => (one.symbol < other.symbol ? -1 : 1))
}

function days(world: World, query: URLSearchParams): unknown[] {
  const start = query.get('start')?.slice(0, 10) ?? dayAfter(nextSession(world.now()).day, -365)
  const end = query.get('end')?.slice(0, 10) ?? dayAfter(start, 730)
  return calendarJson(start, end)
}

const isNested = (query: URLSearchParams) => query.get('nested') === 'true'

/** A list of orders; a leg stands by itself unless it is asked for with its parent, and the parent is there. */
function orders(account: Account, query: URLSearchParams): unknown[] {
  const limit = Number(query.get('limit') ?? 50)
  if (!(limit >= 1 && limit <= 500)) throw malformed('limit must be between 1 and 500')
  const status = query.get('status') ?? 'open'
  if (!['open', 'closed', 'all'].includes(status)) throw malformed(`invalid status: ${status}`)
  const [after, until] = ['after', 'until'].map((name) => momentIn(query, name))
  const symbols = query.get('symbols')?.split(',')
  const placed = (id: string | null) => (id ? nanosOf(orderOf(account, id).submittedAt)! : undefined)
  const [before, later] = [placed(query.get('before_order_id')), placed(query.get('after_order_id'))]
  const isDown = query.get('direction') !== 'asc'
  const nested = isNested(query)
  const found = account.orders
    .filter(({ isHidden }) => !isHidden)
    .filter((order) => status === 'all' || isEnded(order) === (status === 'closed'))
    .filter((order) => !symbols || symbols.includes(order.symbol))
    .filter((order) => !query.get('side') || order.side === query.get('side'))
    .filter((order) => {
      const at = nanosOf(order.submittedAt)!
      if ((after !== undefined && at <= after) || (until !== undefined && at >= until)) return false
      return (before === undefined || at < before) && (later === undefined || at > later)
    })
  const there = new Set(found)
  const listed = nested ? found.filter(({ parent }) => !parent || !there.has(parent)) : found
  const sorted = isDown ? listed.toReversed() : listed
  return sorted.slice(0, limit).map((order) => orderJson(order, nested))
}

function momentIn(query: URLSearchParams, name: string): bigint | undefined {
  const said = query.get(name)
  if (!said) return undefined
  return nanosOf(said) ?? fail(`invalid ${name}: ${said}`)
}

const fail = (message: string): never => {
  throw malformed(message)
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

function orderOf(account: Account, id: string): Order {
  if (!uuid.test(id)) throw malformed('order_id must be a UUID')
  return account.orders.find((order) => order.id === id) ?? missing(`order not found for ${id}`)
}

function byClientId({ account, query }: Served): Answer {
  const id = query.get('client_order_id')
  const found = account.orders.find(({ clientOrderId }) => clientOrderId === id)
  if (!found || found.isHidden) throw notFound(`order not found for ${id}`)
  return ok(orderJson(found, isNested(query)))
}

function cancelAll({ account, broker }: Served): Answer {
  const open = account.orders.filter((order) => !isEnded(order) && order.status !== 'held')
  const results = open.map((order): Pick<Done, 'order'> & Partial<Done> => {
    try {
      return broker.cancel(order)
    } catch {
      return { order }
    }
  })
  return {
    status: 207,
    body: results.map(({ order, proceed }) => ({ id: order.id, status: proceed ? 200 : 500 })),
    proceed: () => {
      for (const { proceed } of results) proceed?.()
    },
  }
}

function heldSymbol(account: Account, key: string): string {
  const symbol = account.world.asset(key)?.symbol ?? key
  return account.holdings.has(symbol) ? symbol : missing('position does not exist')
}

/** Closes a position, or a part of it, at the market. */
function closePosition({ account, broker, query }: Served, key?: string): Answer {
  const symbol = heldSymbol(account, key!)
  const held = account.holdings.get(symbol)!.quantity
  const [qty, percentage] = [query.get('qty'), query.get('percentage')]
  if (qty && percentage) throw impossible('qty and percentage exclude each other')
  const quantity = qty ?? (percentage ? String(held.abs().times(percentage).div(100).round(9)) : String(held.abs()))
  const side = held.gt(0) ? 'sell' : 'buy'
  return done(broker.place(account, { symbol, qty: quantity, side, type: 'market', time_in_force: 'day' }))
}
