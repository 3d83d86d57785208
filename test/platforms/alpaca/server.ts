import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Big } from '../../../src/base/amounts.ts'
import { type Answer, answer, type Heard, type PlannedFailure } from '../broker/answering.ts'
import { createDraws } from '../broker/draws.ts'
import { createIds } from '../broker/ids.ts'
import { createMarketTime } from '../broker/market-time.ts'
import type { Phase } from '../broker/sessions.ts'
import { type Account, type AccountOptions, heldOf, type Mode, openAccount } from './account.ts'
import { createActivityEvents } from './activity-events.ts'
import { dialectOf } from './answering.ts'
import { createBook } from './book.ts'
import { createBroker } from './broker.ts'
import { createHands, type Hands } from './by-hand.ts'
import { createDataHost, type DataHands } from './data-host.ts'
import { type Faults, noFaults, timings } from './faults.ts'
import { createOAuth, type OAuth } from './oauth.ts'
import type { Order } from './order.ts'
import { createRateLimit } from './rate-limit.ts'
import { accountOf, credentialsIn, signIn } from './sign-in.ts'
import { createTradeUpdates } from './trade-updates.ts'
import { serveTrading } from './trading-rest.ts'
import { type Asset, assetOf, lookups, type World } from './world.ts'

/**
 * A local Alpaca with state: the trading API and order streams of paper and live accounts (two worlds with keys of their own),
 * market data, and OAuth. It is written from the published specification, and knows no client. Left out: orders by dollars
 * (`notional`), trailing stops, options, coins, the 90 days of a GTC order, and news of the delayed feed on its socket.
 *
 *     const alpaca = await startAlpacaServer({ faults: { lostAnswers: 0.2 }, seed: 7 })
 *     const member = alpaca.addAccount({ mode: 'paper' })         // { id, keyId, secret, … }
 *     alpaca.addAsset('BYND'); alpaca.setPrice('BYND', '0.62', '0.63')
 *     alpaca.hold(member, 'BYND', '3750', '0.55')                 // shares that no order explains
 *     await alpaca.settle()                                       // everything that comes by itself, now
 *     await alpaca.letPass(3_600_000)                             // time by hand, through the sessions of the exchange
 *     alpaca.failNext({ method: 'POST', path: /orders$/, as: 'unanswered' })
 *     alpaca.faults.droppedFrames = 0.8                           // changes at any time
 *     alpaca.orders(member)                                       // all that ever arrived, for the proof
 *
 * Time stands still on Friday 2026-11-20, 10:00 in New York, unless `isByHand` is false: then it is the machine's, and the
 * market is open until `setPhase` says otherwise.
 */
export interface AlpacaServer extends Omit<Hands, 'corporateActions'>, DataHands {
  /** For ALPACA_API: live accounts. */
  url: string
  /** For ALPACA_PAPER_API. */
  paperUrl: string
  /** For ALPACA_DATA_API. */
  dataUrl: string
  /** For ALPACA_DATA_STREAM. */
  dataStreamUrl: string
  oauth: OAuth
  faults: Faults
  now(): Date
  phase(): Phase
  addAccount(options?: AccountOptions): Account
  addAsset(symbol: string, differing?: Partial<Asset>): Asset
  /** Dollars a share, and, if given, the shares that are there on each side at these prices; `last` is the bid's side by default. */
  setPrice(
    symbol: string,
    bid: string,
    ask: string,
    more?: { last?: string; size?: string; bidSize?: string; askSize?: string },
  ): void
  halt(symbol: string): void
  resume(symbol: string): void
  /** Ends the present phase of the market and begins another; undefined: as the calendar says. */
  setPhase(phase: Phase | undefined): void
  /** Until `setPhase(undefined)`, however much time passes. */
  openMarket(): void
  /** Until `setPhase(undefined)`, however much time passes. */
  closeMarket(): void
  /** Milliseconds that the broker's clock is ahead. */
  skew(milliseconds: number): void
  letPass(milliseconds: number): Promise<void>
  settle(): Promise<void>
  /** Rejects an order that was accepted. */
  reject(order: Order): void
  /** Fills a part of an order at a price, wherever the market is. */
  fill(order: Order, quantity: string, price: string): void
  /** Shows an order with a status that is not published. */
  showStatus(order: Order, status: string | undefined): void
  /** The next matching requests fail. */
  failNext(failure: PlannedFailure): void
  /** The next so many frames of executions on the order stream of an account are lost. Says how many of them are not lost yet. */
  loseFrames(account: Account, count: number): () => number
  /** Cuts the order streams, or those of an account. */
  cutStreams(account?: Account): void
  /** The open order streams say nothing from now on, and answer no ping. */
  freezeStreams(account?: Account): void
  /** The accounts whose order streams are open and listening, one entry a stream. */
  listening(): Account[]
  /** Every order of an account that ever arrived, oldest first: legs and replacing orders too. */
  orders(account: Account): Order[]
  /** Every order that arrived under a client id. */
  ordersNamed(clientOrderId: string): Order[]
  /** Executions that count, oldest first. */
  executions(account: Account): { id: string; order: Order; quantity: Big; price: Big }[]
  held(account: Account, symbol: string): Big
  /** Every request, oldest first. */
  requests: Heard[]
  close(): Promise<void>
}

export interface AlpacaOptions {
  seed?: number
  faults?: Partial<Faults>
  isByHand?: boolean
  startsAt?: string
  /** Requests that an account may send in a minute; 200, as published, on the machine's time, and no limit on time by hand. */
  perMinute?: number
  /** Activities and executions have ids that differ; by default the id of an activity ends with its execution's. */
  hasUnlikeIds?: boolean
  /** Symbols of quotes and trades on one data socket of the basic plan; 30 by default. */
  mostSymbols?: number
  /** Milliseconds in which a data socket must be authenticated; 10,000 by default. */
  patienceMs?: number
  /** A replacing order has the whole quantity, and counts what the old one has filled; by default it is for the rest. */
  carriesFills?: boolean
  /** A replacing order has the whole quantity again, and counts nothing of what the old one has filled. */
  replacesWhole?: boolean
}

/** Starts an Alpaca on free ports of the loopback interface. */
export async function startAlpacaServer(options: AlpacaOptions = {}): Promise<AlpacaServer> {
  const { seed = 1, isByHand = true, startsAt } = options
  const time = createMarketTime({ isByHand, startsAt }, (phase, before) => broker.became(phase, before))
  const faults = { ...noFaults, ...options.faults }
  const ids = createIds(seed)
  const assets: World['assets'] = new Map()
  const quotes: World['quotes'] = new Map()
  const world: World = {
    agenda: time.agenda,
    ids,
    faults,
    draws: createDraws(seed, faults, timings),
    now: time.now,
    stamp: () => ids.stamp(time.now()),
    phase: time.phase,
    assets,
    quotes,
    ...lookups(assets, quotes),
    halted: new Set(),
    accounts: [],
    hasUnlikeIds: options.hasUnlikeIds ?? false,
    carriesFills: options.carriesFills ?? false,
    replacesWhole: options.replacesWhole ?? false,
    tell: (account, event, body) => streams[account.mode].tell(account, event, body),
    tellActivity: (account, event) => events.tell(account, event),
  }
  const book = createBook(world)
  const broker = createBroker(world, book)
  const { corporateActions, ...hands } = createHands(world, book, broker)
  const known = (data: Parameters<typeof accountOf>[2], mode: Mode) => {
    const found = accountOf(world, (token) => oauth.holders(token), data, mode)
    return typeof found === 'string' ? undefined : found
  }
  const streams = { live: createTradeUpdates(world, 'live', known), paper: createTradeUpdates(world, 'paper', known) }
  const events = createActivityEvents()
  const data = createDataHost(world, corporateActions, (token) => oauth.holders(token), options)
  const requests: Heard[] = []
  const planned: PlannedFailure[] = []
  const perMinute = options.perMinute ?? (isByHand ? 1_000_000 : 200)
  const limit = createRateLimit(time.now, () => perMinute)

  async function listen(host: Mode | 'data'): Promise<Server> {
    const serve = host === 'data' ? data.serve : serveOf(host)
    const parts = { world, dialect: dialectOf(world), planned, heard: requests, serve, allowance }
    const server = createServer((request, response) => {
      answer(parts, host, request, response).catch((error) => response.destroy(error))
    })
    server.on('upgrade', (request, socket, head) => {
      if (host === 'data') data.streams.upgrade(request, socket, head)
      else if (request.url === '/stream') streams[host].upgrade(request, socket, head)
      else socket.destroy()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return server
  }

  const allowance = (heard: Heard, request: IncomingMessage) => {
    const { keyId, token } = credentialsIn(request)
    return limit(`${heard.host} ${keyId ?? token ?? ''}`)
  }

  const serveOf =
    (mode: Mode) =>
    (heard: Heard, request: IncomingMessage): Answer => {
      if (heard.path.startsWith('/oauth/')) return oauth.serve(heard)
      const account = signIn(world, oauth.holders, request, mode)
      heard.account = account.id
      if (heard.path === '/v2beta1/events/activities') return events.serve(account, heard.query)
      return serveTrading(world, broker, account, heard)
    }

  const servers = { live: await listen('live'), paper: await listen('paper'), data: await listen('data') }
  const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const url = urlOf(servers.live)
  const oauth = createOAuth(world, { authorizeUrl: `${url}/oauth/authorize`, tokenUrl: `${url}/oauth/token` })

  const both = [streams.live, streams.paper]
  return {
    ...hands,
    ...data.hands,
    get plan() {
      return data.hands.plan
    },
    set plan(plan) {
      data.hands.plan = plan
    },
    url,
    paperUrl: urlOf(servers.paper),
    dataUrl: urlOf(servers.data),
    dataStreamUrl: urlOf(servers.data).replace('http', 'ws'),
    oauth: oauth.oauth,
    faults,
    now: time.now,
    phase: time.phase,
    addAccount: (given = {}) => openAccount(world, given),
    addAsset(symbol, differing) {
      const asset = assetOf(ids, symbol, differing)
      assets.set(symbol, asset)
      return asset
    },
    setPrice(symbol, bid, ask, { last, size, bidSize = size, askSize = size } = {}) {
      if (!assets.has(symbol)) throw new Error(`add the asset ${symbol} first`)
      const amount = (text?: string) => (text === undefined ? undefined : new Big(text))
      quotes.set(symbol, {
        bid: new Big(bid),
        ask: new Big(ask),
        last: new Big(last ?? bid),
        bidSize: amount(bidSize),
        askSize: amount(askSize),
        at: world.stamp(),
      })
      data.moved(symbol, last !== undefined)
      book.matchAll(symbol)
    },
    halt(symbol) {
      world.halted.add(symbol)
      data.streams.status(symbol, true)
    },
    resume(symbol) {
      world.halted.delete(symbol)
      data.streams.status(symbol, false)
      book.matchAll(symbol)
    },
    setPhase: time.set,
    openMarket: () => time.set('regular'),
    closeMarket: () => time.set('closed'),
    skew: time.skew,
    letPass: time.letPass,
    settle: time.settle,
    rename(symbol, newSymbol) {
      hands.rename(symbol, newSymbol)
      data.rename(symbol, newSymbol)
    },
    reject: (order) => book.end(order, 'rejected'),
    fill: (order, quantity, price) => book.fill(order, new Big(quantity), new Big(price)),
    showStatus(order, status) {
      order.shownStatus = status
    },
    failNext: (failure) => void planned.push({ ...failure }),
    loseFrames: (account, count) => streams[account.mode].lose(account, count),
    cutStreams(account) {
      for (const stream of both) stream.cut(account)
    },
    freezeStreams(account) {
      for (const stream of both) stream.freeze(account)
    },
    listening: () => both.flatMap((stream) => stream.listening()),
    orders: (account) => [...account.orders],
    ordersNamed: (id) => world.accounts.flatMap(({ orders }) => orders.filter((order) => order.clientOrderId === id)),
    executions: ({ activities }) =>
      activities.flatMap(({ execution }) => (execution && !execution.isTakenBack ? [execution] : [])),
    held: heldOf,
    requests,
    async close() {
      time.close()
      for (const stream of [...both, events, data.streams]) stream.close()
      for (const server of Object.values(servers)) {
        server.closeAllConnections()
        server.close()
      }
    },
  }
}
