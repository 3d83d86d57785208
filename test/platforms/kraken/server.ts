import { createHash, createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Big } from '../../../src/base/amounts.ts'
import { handAgenda, timerAgenda } from '../../contracts/venues/difficult/agenda.ts'
import { type Answer, answer, type Heard, type PlannedFailure } from '../broker/answering.ts'
import { createDraws } from '../broker/draws.ts'
import { createIds } from '../broker/ids.ts'
import { type Account, type AccountOptions, add, heldOf, openAccount, type Trade } from './account.ts'
import { createBook } from './book.ts'
import { dialect } from './dialect.ts'
import { type Faults, noFaults, timings } from './faults.ts'
import { balances, closedOrders, keyInfo, openOrders, queryOrders, tradesHistory } from './lists.ts'
import type { Order } from './order.ts'
import { type Bars, servePublic } from './public-data.ts'
import { Refusal } from './refusals.ts'
import { createStreams } from './stream.ts'
import { createTrading } from './trading.ts'
import { type Level, type Pair, pairNamed, type World } from './world.ts'

/**
 * A local Kraken with state: accounts, orders, trades and prices of the Spot REST API, and the channel `executions` of version 2 of its WebSocket
 * API. It is written from Kraken's published documents (docs.kraken.com), and knows no client: signatures and nonces are checked as published,
 * errors stand in answers of 200. Left out: margin, stops, batches, funding.
 *
 *     const kraken = await startKrakenServer({ faults: { lostAnswers: 0.2 }, seed: 7 })
 *     const member = kraken.addAccount({ cash: '5000' })          // { key, secret, iban, … }
 *     kraken.setPrice('XBT/USD', '96000.0', '96000.1')
 *     kraken.hold(member, 'XBT', '0.5')                           // coins that no order explains
 *     await kraken.settle()                                       // everything that comes by itself, now
 *     kraken.failNext({ path: /AddOrder$/, as: 'unanswered' })
 *     kraken.orders(member)                                       // all that ever arrived, for the proof
 *
 * Time stands still unless `isByHand` is false.
 */
export interface KrakenServer {
  /** The address of requests and sockets alike. */
  url: string
  faults: Faults
  now(): Date
  addAccount(options?: AccountOptions): Account
  /** A pair by its name on streams, such as `XBT/USD`. */
  addPair(wsname: string, differing?: Partial<Pair>): Pair
  /** Prices, and if given the units that are there on each side. */
  setPrice(wsname: string, bid: string, ask: string, more?: { size?: string; last?: string }): void
  /** Bars of so many minutes: seconds, open, high, low, close, volume. */
  setBars(wsname: string, minutes: number, bars: [number, string, string, string, string, string][]): void
  hold(account: Account, asset: string, quantity: string): void
  /** An order that the member places elsewhere. */
  placeElsewhere(account: Account, terms: Record<string, string>): Order
  letPass(milliseconds: number): Promise<void>
  settle(): Promise<void>
  failNext(failure: PlannedFailure): void
  loseFrames(account: Account, count: number): () => number
  cutStreams(account?: Account): void
  listening(): Account[]
  orders(account: Account): Order[]
  trades(account: Account): Trade[]
  held(account: Account, asset: string): Big
  /** Every request, oldest first. */
  requests: Heard[]
  close(): Promise<void>
}

export interface KrakenOptions {
  seed?: number
  faults?: Partial<Faults>
  isByHand?: boolean
  startsAt?: string
  /** The published counter of requests holds; by default on the machine's time alone. */
  isLimited?: boolean
}

/** The counter of a new account: it falls by a third in each second. */
const most = 15
const fallsPerMs = 0.33 / 1000
/** Requests that the counter does not count, and those that count twice. */
const free = /(Add|Amend|Cancel)Order$/
const twice = /(Ledgers|TradesHistory|QueryLedgers)$/

/** The rights that a request needs. */
const needs: [path: RegExp, right: string][] = [
  [/BalanceEx$/, 'query-funds'],
  [/OpenOrders$/, 'query-open-trades'],
  [/ClosedOrders$|TradesHistory$/, 'query-closed-trades'],
  [/(Add|Amend)Order$/, 'modify-trades'],
  [/GetWebSocketsToken$/, 'access-ws'],
]

const ids: Record<string, string> = { XBT: 'XXBT', ETH: 'XETH', USD: 'ZUSD', EUR: 'ZEUR', XDG: 'XXDG' }
const assetOf = (name: string) => ids[name] ?? name

/** Starts a Kraken on a free port of the loopback interface. */
export async function startKrakenServer(options: KrakenOptions = {}): Promise<KrakenServer> {
  const { seed = 1, isByHand = true, startsAt, isLimited = !isByHand } = options
  const hand = isByHand ? handAgenda(startsAt) : undefined
  const agenda = hand ?? timerAgenda()
  const faults = { ...noFaults, ...options.faults }
  const world: World = {
    ...{ agenda, faults },
    ids: createIds(seed),
    draws: createDraws(seed, faults, timings),
    now: () => agenda.now(),
    pairs: new Map(),
    quotes: new Map(),
    accounts: [],
    tell: (order, trade) => streams.tell(order, trade),
  }
  const book = createBook(world)
  const trading = createTrading(world, book)
  const streams = createStreams(world)
  const bars: Bars = new Map()
  const requests: Heard[] = []
  const planned: PlannedFailure[] = []

  const accountOf = ({ headers }: IncomingMessage) => world.accounts.find(({ key }) => key === headers['api-key'])

  /** The account of a signed request, in its turn. Throws `Refusal`. */
  function signedBy({ path, body }: Heard, request: IncomingMessage): { account: Account; given: URLSearchParams } {
    const account = accountOf(request)
    if (!account) throw new Refusal('EAPI:Invalid key')
    const given = new URLSearchParams(body)
    const nonce = given.get('nonce') ?? ''
    const digest = createHash('sha256')
      .update(nonce + body)
      .digest()
    const signature = createHmac('sha512', Buffer.from(account.secret, 'base64'))
      .update(Buffer.concat([Buffer.from(path), digest]))
      .digest('base64')
    if (signature !== request.headers['api-sign']) throw new Refusal('EAPI:Invalid signature')
    if (!/^\d+$/.test(nonce) || BigInt(nonce) <= account.lastNonce) throw new Refusal('EAPI:Invalid nonce')
    account.lastNonce = BigInt(nonce)
    return { account, given }
  }

  function allowance({ path }: Heard, request: IncomingMessage) {
    const account = accountOf(request)
    if (!account || !isLimited || free.test(path)) return { isAllowed: true, headers: {} }
    const at = world.now().getTime()
    const used = Math.max(0, account.counter.used - (at - account.counter.at) * fallsPerMs)
    const cost = twice.test(path) ? 2 : 1
    const isAllowed = used + cost <= most
    account.counter = { used: isAllowed ? used + cost : used, at }
    return { isAllowed, headers: {} }
  }

  function serve(heard: Heard, request: IncomingMessage): Answer {
    if (heard.path.startsWith('/0/public/')) return servePublic(world, bars, heard)
    if (!dialect.isPlacement(heard) && world.draws.happens('invalidNonces')) throw new Refusal('EAPI:Invalid nonce')
    const { account, given } = signedBy(heard, request)
    heard.account = account.key
    const right = needs.find(([path]) => path.test(heard.path))?.[1]
    if (right && !account.permissions.includes(right)) throw new Refusal('EGeneral:Permission denied')
    const ok = (result: object): Answer => ({ status: 200, body: { error: [], result } })
    const method = heard.path.replace('/0/private/', '')
    if (!free.test(method) && world.draws.happens('unavailable')) throw new Refusal('EService:Unavailable')
    switch (method) {
      case 'AddOrder':
        return trading.place(account, given)
      case 'AmendOrder':
        return trading.amend(account, given)
      case 'CancelOrder':
        return trading.cancel(account, given)
      case 'OpenOrders':
        return ok(openOrders(account, given))
      case 'ClosedOrders':
        return ok(closedOrders(account, given))
      case 'QueryOrders':
        return ok(queryOrders(account, given))
      case 'TradesHistory':
        return ok(tradesHistory(account, given))
      case 'BalanceEx':
        return ok(balances(account))
      case 'GetApiKeyInfo':
        return ok(keyInfo(account, world))
      case 'GetWebSocketsToken':
        account.token = randomBytes(32).toString('base64')
        return ok({ token: account.token, expires: 900 })
      default:
        throw new Refusal('EGeneral:Unknown method')
    }
  }

  const parts = { world, dialect, planned, heard: requests, serve, allowance }
  const server = createServer((request, response) => {
    answer(parts, 'api', request, response).catch((error) => response.destroy(error))
  })
  server.on('upgrade', (request, socket, head) => streams.upgrade(request, socket, head))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function addPair(wsname: string, differing: Partial<Pair> = {}): Pair {
    const [base = '', quote = ''] = wsname.split('/')
    const pair: Pair = {
      id: `${assetOf(base)}${assetOf(quote)}`,
      altname: `${base}${quote}`,
      wsname,
      base: assetOf(base),
      quote: assetOf(quote),
      ...{ priceDecimals: 1, lotDecimals: 8, orderMin: '0.00005', costMin: '0.5', status: 'online' },
      ...differing,
    }
    world.pairs.set(pair.id, pair)
    return pair
  }

  function mustKnow(wsname: string): Pair {
    const pair = pairNamed(world, wsname)
    if (!pair) throw new Error(`add the pair ${wsname} first`)
    return pair
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    now: world.now,
    addAccount: (given = {}) => openAccount(world, given),
    addPair,
    setPrice(wsname, bid, ask, { size, last = bid } = {}) {
      const pair = mustKnow(wsname)
      const level = (price: string): Level => ({ price: new Big(price), ...(size && { size: new Big(size) }) })
      world.quotes.set(pair.id, { bids: [level(bid)], asks: [level(ask)], last: new Big(last) })
      book.matchAll(pair.id)
    },
    setBars(wsname, minutes, given) {
      const shown = given.map(([at, open, high, low, close, volume]) => [at, open, high, low, close, close, volume, 9])
      bars.set(`${mustKnow(wsname).id} ${minutes}`, shown)
    },
    hold: (account, asset, quantity) => add(account, assetOf(asset), new Big(quantity)),
    placeElsewhere(account, terms) {
      const { proceed } = trading.place(account, new URLSearchParams(terms))
      const order = account.orders.at(-1)!
      proceed?.()
      return order
    },
    async letPass(milliseconds) {
      if (!hand) throw new Error('the time of this server passes by itself')
      await hand.advance(milliseconds)
    },
    settle: () => agenda.settle(),
    failNext: (failure) => void planned.push({ ...failure }),
    loseFrames: streams.lose,
    cutStreams: streams.cut,
    listening: streams.listening,
    orders: ({ orders }) => orders,
    trades: ({ trades }) => trades,
    held: (account, asset) => heldOf(account, assetOf(asset)),
    requests,
    async close() {
      agenda.close()
      streams.close()
      server.closeAllConnections()
      server.close()
    },
  }
}
