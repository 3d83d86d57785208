import { dayAfter, dayIn, exchangeZone } from '../../../src/base/zone.ts'
import type { Answer, Heard } from '../broker/answering.ts'
import { type Account, accountJson, balanceJson, beginningJson, heldOf, type Mode, positionJson } from './account.ts'
import { isEnded, type Order, orderJson } from './order.ts'
import { malformed, notFound } from './refusals.ts'
import type { Stream, Streams } from './streams.ts'
import type { User, World } from './world.ts'

const root = /^\/v3\/brokerage\/(stream\/)?accounts(?:\/([^/]+)\/([a-z]+)(?:\/([^/]+))?)?$/
/** Milliseconds for which the token of a next page is good. */
const tokenMs = 3_600_000
const mostListed = 600

/** The lists of accounts, balances, positions and orders, and their streams. */
export interface Brokerage {
  serve(user: User, mode: Mode, heard: Heard): Answer
  tellOrder(order: Order): void
  tellPosition(account: Account, symbol: string): void
  /** Loses the next so many frames of fills of an account, and says how many of them are not lost yet. */
  lose(account: Account, frames: number): () => number
}

type Json = Record<string, unknown>

/** The brokerage of a world. */
export function createBrokerage(world: World, streams: Streams): Brokerage {
  const pages = new Map<string, { orders: Order[]; until: number }>()
  const losing = new Map<string, number>()
  /** The fields of each position that a stream of changes has said. */
  const said = new WeakMap<Stream, Map<string, Json>>()
  /** The numbers of positions by account and symbol, for the frame that tells their end. */
  const lastIds = new Map<string, string>()
  const onlyIds = new WeakMap<Stream, readonly string[]>()

  const today = () => dayIn(world.now(), exchangeZone)
  const isOld = (order: Order) => isEnded(order) && dayIn(order.closedAt!, exchangeZone) < today()
  const isShown = (order: Order) => !order.isHidden && !isOld(order)
  /** Open orders by the time they were placed, the others by the time they ended, the newest first. */
  const listed = (accounts: Account[], test: (order: Order) => boolean) =>
    accounts
      .flatMap(({ orders }) => orders.filter(test))
      .toReversed()
      .sort((one, other) => timeOf(other) - timeOf(one))
  const timeOf = (order: Order) => (isEnded(order) ? order.closedAt! : order.openedAt).getTime()

  /** The accounts that are named, and an error for each of the others. */
  function named(user: User, mode: Mode, ids: string): { accounts: Account[]; errors: Json[] } {
    const all = decodeURIComponent(ids).split(',')
    if (all.length > 25) throw malformed('No more than 25 accounts')
    const found = all.map((id) => user.accounts.find((one) => one.id === id && one.mode === mode) ?? id)
    return {
      accounts: found.filter((one) => typeof one !== 'string'),
      errors: found
        .filter((one) => typeof one === 'string')
        .map((id) => ({ AccountID: id, Error: 'Forbidden', Message: 'Invalid Account ID.' })),
    }
  }

  function page(orders: Order[], query: URLSearchParams): Json {
    const size = Number(query.get('pageSize') ?? mostListed)
    if (!(size >= 1 && size <= mostListed)) throw malformed('pageSize must be between 1 and 600')
    const token = query.get('nextToken')
    const known = token ? pages.get(token) : undefined
    if (token && (!known || known.until < world.now().getTime())) throw malformed('Invalid nextToken')
    const all = known?.orders ?? orders
    const next = all.length > size && query.has('pageSize') ? world.ids.letters(32) : undefined
    if (next) pages.set(next, { orders: all.slice(size), until: world.now().getTime() + tokenMs })
    return { Orders: all.slice(0, size).map(orderJson), ...(next && { NextToken: next }) }
  }

  function lists(accounts: Account[], kind: string, ids: string | undefined, query: URLSearchParams): Json {
    const wanted = ids ? decodeURIComponent(ids).split(',') : undefined
    if (wanted && wanted.length > 50) throw malformed('No more than 50 orders')
    const isWanted = (order: Order) => !wanted || wanted.includes(order.id)
    if (kind === 'balances') return { Balances: accounts.map(balanceJson) }
    if (kind === 'bodbalances') return { BODBalances: accounts.map(beginningJson) }
    if (kind === 'positions') return { Positions: positions(accounts, query.get('symbol')) }
    if (kind === 'orders') {
      const orders = listed(accounts, (order) => isShown(order) && isWanted(order))
      return wanted ? { Orders: orders.map(orderJson), Errors: unfound(wanted, orders) } : page(orders, query)
    }
    if (kind === 'historicalorders') {
      const since = query.get('since')?.replaceAll('/', '-') ?? ''
      const day = since.replace(/^(\d\d)-(\d\d)-(\d{4})$/, '$3-$1-$2').slice(0, 10)
      if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw malformed('since is required')
      if (day < dayAfter(today(), -90)) throw malformed('since is limited to 90 days')
      const isPast = (order: Order) => isOld(order) && dayIn(order.openedAt, exchangeZone) >= day
      const orders = listed(accounts, (order) => isPast(order) && isWanted(order))
      return wanted ? { Orders: orders.map(orderJson), Errors: unfound(wanted, orders) } : page(orders, query)
    }
    throw notFound('Not Found')
  }

  const unfound = (wanted: string[], orders: Order[]) =>
    wanted
      .filter((id) => !orders.some((order) => order.id === id))
      .map((id) => ({ OrderID: id, Error: 'NotFound', Message: 'Order not found.' }))

  function positions(accounts: Account[], symbols: string | null): Json[] {
    const wanted = symbols?.split(',').map((symbol) => symbol.trim())
    return accounts.flatMap((account) =>
      [...account.holdings.keys()]
        .filter((symbol) => !wanted || wanted.includes(symbol))
        .map((symbol) => positionJson(account, symbol)),
    )
  }

  function follow(
    user: User,
    mode: Mode,
    kind: string,
    ids: string,
    orderIds: string | undefined,
    query: URLSearchParams,
  ) {
    const { accounts, errors } = named(user, mode, ids)
    const wanted = orderIds ? decodeURIComponent(orderIds).split(',') : undefined
    const isOrders = kind === 'orders'
    if (!isOrders && kind !== 'positions') throw notFound('Not Found')
    const streamKind = wanted ? 'orders by id' : isOrders ? 'orders' : 'positions'
    return streams.open(
      streamKind,
      user,
      accounts.map(({ id }) => id),
      (stream) => {
        for (const error of errors) stream.say(error)
        if (wanted) onlyIds.set(stream, wanted)
        if (isOrders) {
          const shown = listed(accounts, (order) => isShown(order) && (!wanted || wanted.includes(order.id)))
          for (const order of shown) stream.say(orderJson(order))
        } else {
          if (query.get('changes') === 'true') said.set(stream, new Map())
          for (const account of accounts) {
            for (const symbol of account.holdings.keys()) {
              const position = positionJson(account, symbol)
              said.get(stream)?.set(`${account.id} ${symbol}`, position)
              stream.say(position)
            }
          }
        }
        stream.say({ StreamStatus: 'EndSnapshot' })
      },
    )
  }

  function isLost({ account, filled }: Order): boolean {
    const left = losing.get(account.id) ?? 0
    if (left === 0 || filled.eq(0)) return false
    losing.set(account.id, left - 1)
    return true
  }

  return {
    serve(user, mode, { method, path, query }) {
      const [isThere, isStream, ids, kind, more] = root.exec(path) ?? []
      if (!isThere || method !== 'GET') throw notFound('Not Found')
      if (!ids || !kind) {
        const shown = user.accounts.filter((one) => one.mode === mode).map(accountJson)
        return { status: 200, body: { Accounts: shown } }
      }
      if (isStream) return follow(user, mode, kind, ids, more, query)
      const { accounts, errors } = named(user, mode, ids)
      if (world.draws.happens('softErrors')) {
        const failed = accounts.map(({ id }) => ({
          AccountID: id,
          Error: 'GatewayTimeout',
          Message: 'Request timed out.',
        }))
        const list = Object.keys(lists([], kind, undefined, query))[0]!
        return { status: 200, body: { [list]: [], Errors: [...failed, ...errors] } }
      }
      const body = lists(accounts, kind, more, query)
      return { status: 200, body: { ...body, Errors: [...errors, ...((body.Errors ?? []) as Json[])] } }
    },
    tellOrder(order) {
      if (order.isHidden) return
      const shown = orderJson(order)
      const about = streams.of(order.account.id)
      const isHeard = about.some(({ kind }) => kind === 'orders')
      if (isHeard && isLost(order)) return
      for (const stream of about) {
        const isIts =
          stream.kind === 'orders by id' ? onlyIds.get(stream)?.includes(order.id) : stream.kind === 'orders'
        if (isIts) stream.tell(shown)
      }
    },
    tellPosition(account, symbol) {
      const isGone = heldOf(account, symbol).eq(0)
      for (const stream of streams.of(account.id, 'positions')) {
        const key = `${account.id} ${symbol}`
        const known = said.get(stream)
        const before = known?.get(key)
        if (isGone) {
          const id = before?.PositionID ?? lastIds.get(key)
          if (id !== undefined) stream.tell({ PositionID: id, Deleted: true })
          known?.delete(key)
          continue
        }
        const position = positionJson(account, symbol)
        known?.set(key, position)
        stream.tell(before ? { PositionID: position.PositionID, ...difference(before, position) } : position)
      }
      if (isGone) lastIds.delete(`${account.id} ${symbol}`)
      else lastIds.set(`${account.id} ${symbol}`, account.opened.get(symbol)!.id)
    },
    lose(account, frames) {
      losing.set(account.id, frames)
      return () => losing.get(account.id) ?? 0
    },
  }
}

/** The fields of an object that differ from those of another. */
export const difference = (before: Json, after: Json): Json =>
  Object.fromEntries(
    Object.entries(after).filter(([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value)),
  )
