import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Big } from '../../../src/base/amounts.ts'
import { type Answer, answer, type Heard, type PlannedFailure } from '../broker/answering.ts'
import { createDraws } from '../broker/draws.ts'
import { createIds } from '../broker/ids.ts'
import { createMarketTime } from '../broker/market-time.ts'
import type { Phase } from '../broker/sessions.ts'
import { type Account, type AccountOptions, type Execution, heldOf, type Mode, openAccount } from './account.ts'
import { createBook } from './book.ts'
import { createBroker } from './broker.ts'
import { createBrokerage } from './brokerage.ts'
import { createHands, type Hands } from './by-hand.ts'
import { dialect } from './dialect.ts'
import { serveExecution } from './execution.ts'
import { type Faults, noFaults, timings } from './faults.ts'
import { createMarketData, type MarketData } from './market-data.ts'
import { createOAuth, type OAuth } from './oauth.ts'
import type { Options } from './options.ts'
import type { Order } from './order.ts'
import { createRateLimits } from './rate-limits.ts'
import { Refusal } from './refusals.ts'
import { createStreams, type Kind } from './streams.ts'
import { type Instrument, type Level, lastIn, type World } from './world.ts'

/**
 * A local TradeStation with state: accounts, orders, positions and market data of version 3 of the API, its streams (JSON in
 * chunks of HTTP), and OAuth, on a live host, a simulator's host and a sign-in host. It is written from the published
 * specification, and knows no client. Left out: options and futures as orders, trailing stops, rules of activation, bars
 * of ticks, and position frames for prices alone.
 *
 *     const ts = await startTradeStationServer({ faults: { lostAnswers: 0.2 }, seed: 7 })
 *     const member = ts.addAccount({ mode: 'sim' })               // { id, user, … }
 *     const { access_token } = ts.oauth.grant(member.user)        // or oauth.signIn(member.user) and the page
 *     ts.addSymbol('BYND'); ts.setPrice('BYND', '0.62', '0.63')
 *     ts.setBook('BYND', { asks: [['0.63', '100'], ['0.64', '5000']] })
 *     ts.hold(member, 'BYND', '3750', '0.55')                     // shares that no order explains
 *     await ts.settle()                                           // everything that comes by itself, now
 *     await ts.letPass(3_600_000)                                 // time by hand, through the sessions of the exchange
 *     ts.failNext({ method: 'POST', path: /orders$/, as: 'unanswered' })
 *     ts.faults.droppedFrames = 0.8                               // changes at any time
 *     ts.orders(member)                                           // all that ever arrived, for the proof
 *
 * Time stands still on Friday 2026-11-20, 10:00 in New York, unless `isByHand` is false: then it is the machine's, and the
 * market is open until `setPhase` says otherwise. Heartbeats always come by the machine's time. Unverified, and settings
 * therefore: what a repeated OrderConfirmID is answered (`answersRepeats`), whether open sales count against new ones
 * (`countsOpenExits`), and the decimals of averages (`averageDecimals`). The quantity of a replace is the whole one.
 */
export interface TradeStationServer extends Hands {
  /** The live host, without `/v3`. */
  url: string
  /** The simulator's host, without `/v3`. */
  simUrl: string
  /** The host of `/authorize` and `/oauth/token`. */
  signInUrl: string
  oauth: OAuth
  faults: Faults
  now(): Date
  phase(): Phase
  /** The user of an account signs in for all accounts that they have: `addAccount({ user: member.user })`. */
  addAccount(options?: AccountOptions): Account
  addSymbol(symbol: string, differing?: Partial<Instrument>): Instrument
  /** Dollars a share, and, if given, the shares that are there on each side at these prices; `last` is the bid's side by default. */
  setPrice(
    symbol: string,
    bid: string,
    ask: string,
    more?: { last?: string; size?: string; bidSize?: string; askSize?: string },
  ): void
  /** The levels of a book, best first: price, shares, and, if given, the market maker. A side that is not given stays. */
  setBook(symbol: string, sides: { bids?: SaidLevel[]; asks?: SaidLevel[]; last?: string }): void
  giveBars: MarketData['giveBars']
  setChain: Options['setChain']
  setContract: Options['setContract']
  hideContract: Options['hideContract']
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
  reject(order: Order, reason?: string): void
  /** Fills a part of an order at a price, wherever the market is. */
  fill(order: Order, quantity: string, price: string): void
  /** Shows an order with another status than it has. */
  showStatus(order: Order, status: string | undefined): void
  /** The next matching requests fail. */
  failNext(failure: PlannedFailure): void
  /** Failures that were planned, and have not happened, are forgotten. */
  failNoMore(): void
  /** The next so many frames of orders with fills on the order streams of an account are lost. Says how many of them are not lost yet. */
  loseFrames(account: Account, count: number): () => number
  /** Cuts the streams, or those about an account or a symbol. */
  cutStreams(about?: Account | string): void
  /** The open streams say nothing from now on, and have no heartbeat. */
  freezeStreams(about?: Account | string): void
  /** The open streams go on with their heartbeats, and say nothing else. */
  hangStreams(about?: Account | string): void
  /** The open streams say GoAway, and end. */
  goAway(about?: Account | string): void
  /** The open streams say this, as if it were news. */
  sayOnStreams(object: object, about?: Account | string): void
  /** The accounts whose order streams are open, one entry a stream. */
  listening(): Account[]
  /** The open streams of a kind, with what they are about. */
  openStreams(kind: Kind): (readonly string[])[]
  /** Milliseconds of the machine's time after which a stream that said nothing has a heartbeat; 5,000 as published. */
  heartbeatMs: number
  /** Every order of an account that ever arrived, oldest first. */
  orders(account: Account): Order[]
  /** Every order that arrived with an OrderConfirmID. */
  ordersNamed(confirmId: string): Order[]
  /** Executions that count, oldest first. */
  executions(account: Account): Execution[]
  held(account: Account, symbol: string): Big
  /** Every request, oldest first. */
  requests: Heard[]
  close(): Promise<void>
}

type SaidLevel = [price: string, size?: string, name?: string]
type Host = Mode | 'signIn'

export interface TradeStationOptions {
  seed?: number
  faults?: Partial<Faults>
  isByHand?: boolean
  startsAt?: string
  heartbeatMs?: number
  /** The published limits of requests hold; by default on the machine's time alone. */
  isLimited?: boolean
  /** Requests of a kind in its window in place of the published number: `{ orders: 5 }`. */
  limits?: Record<string, number>
  /** A repeated OrderConfirmID is answered by the order that it made; by default it is refused. */
  answersRepeats?: boolean
  /** Open sales count against a new one; true by default. */
  countsOpenExits?: boolean
  /** Decimals of the average prices that are shown; 8 by default. */
  averageDecimals?: number
}

/** Starts a TradeStation on free ports of the loopback interface. */
export async function startTradeStationServer(options: TradeStationOptions = {}): Promise<TradeStationServer> {
  const { seed = 1, isByHand = true, startsAt, isLimited = !isByHand, limits = {} } = options
  const time = createMarketTime({ isByHand, startsAt }, (phase, before) => broker.became(phase, before))
  const faults = { ...noFaults, ...options.faults }
  const ids = createIds(seed)
  const quotes: World['quotes'] = new Map()
  let lastOrder = 1_000_000_000 + Number(ids.digits(6))
  let heartbeatMs = options.heartbeatMs ?? 5000
  const world: World = {
    agenda: time.agenda,
    ids,
    faults,
    draws: createDraws(seed, faults, timings),
    now: time.now,
    phase: time.phase,
    instruments: new Map(),
    quotes,
    price: lastIn(quotes),
    halted: new Set(),
    accounts: [],
    averageDecimals: options.averageDecimals ?? 8,
    countsOpenExits: options.countsOpenExits ?? true,
    nextOrderId() {
      lastOrder += Number(ids.digits(1))
      return String(lastOrder)
    },
    tellOrder: (order) => brokerage.tellOrder(order),
    tellPosition: (account, symbol) => brokerage.tellPosition(account, symbol),
  }
  const book = createBook(world)
  const broker = createBroker(world, book, { answersRepeats: options.answersRepeats ?? false })
  const streams = createStreams(world, () => heartbeatMs)
  const brokerage = createBrokerage(world, streams)
  const data = createMarketData(world, streams)
  const requests: Heard[] = []
  const planned: PlannedFailure[] = []
  const limit = createRateLimits(time.now, { isLimited, other: limits })

  const tokenIn = ({ headers }: IncomingMessage) => /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  const allowance = ({ path }: Heard, request: IncomingMessage) => {
    const user = oauth.userOf(tokenIn(request))
    return user ? limit(user.name, path) : { isAllowed: true, headers: {} }
  }

  async function listen(host: Host): Promise<Server> {
    const serve = host === 'signIn' ? (heard: Heard) => oauth.serve(heard) : serveOf(host)
    const parts = { world, dialect, planned, heard: requests, serve, allowance }
    const server = createServer((request, response) => {
      answer(parts, host, request, response).catch((error) => response.destroy(error))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return server
  }

  const serveOf =
    (mode: Mode) =>
    (heard: Heard, request: IncomingMessage): Answer => {
      const token = tokenIn(request)
      if (token && world.draws.happens('expiredTokens')) oauth.oauth.expire(token)
      const user = oauth.userOf(token)
      if (!user) throw new Refusal(401, 'Unauthorized')
      heard.account = user.name
      if (heard.path.startsWith('/v3/brokerage/')) return brokerage.serve(user, mode, heard)
      if (heard.path.startsWith('/v3/orderexecution/')) return serveExecution(world, broker, user, mode, heard)
      return data.serve(user, heard)
    }

  const servers = { live: await listen('live'), sim: await listen('sim'), signIn: await listen('signIn') }
  const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const signInUrl = urlOf(servers.signIn)
  const oauth = createOAuth(world, {
    authorizeUrl: `${signInUrl}/authorize`,
    tokenUrl: `${signInUrl}/oauth/token`,
    revokeUrl: `${signInUrl}/oauth/revoke`,
  })

  function moved(symbol: string): void {
    data.moved(symbol)
    book.matchAll(symbol)
  }

  function mustBeKnown(symbol: string): void {
    if (!world.instruments.has(symbol)) throw new Error(`add the symbol ${symbol} first`)
  }

  const levelOf = ([price, size, name = 'ARCX']: SaidLevel): Level => ({
    price: new Big(price),
    size: size === undefined ? undefined : new Big(size),
    name,
  })
  const aboutOf = (about?: Account | string) => (typeof about === 'object' ? about.id : about)

  return {
    ...createHands(world, book, broker),
    url: urlOf(servers.live),
    simUrl: urlOf(servers.sim),
    signInUrl,
    oauth: oauth.oauth,
    faults,
    now: time.now,
    phase: time.phase,
    addAccount: (given = {}) => openAccount(world, given),
    addSymbol(symbol, differing) {
      const instrument: Instrument = {
        symbol,
        description: `${symbol} Common Stock`,
        exchange: 'NASDAQ',
        increment: '0.01',
        isHardToBorrow: false,
        ...differing,
      }
      world.instruments.set(symbol, instrument)
      return instrument
    },
    setPrice(symbol, bid, ask, { last, size, bidSize = size, askSize = size } = {}) {
      mustBeKnown(symbol)
      quotes.set(symbol, {
        bids: [levelOf([bid, bidSize])],
        asks: [levelOf([ask, askSize])],
        last: new Big(last ?? bid),
        at: time.now(),
      })
      moved(symbol)
    },
    setBook(symbol, { bids, asks, last }) {
      mustBeKnown(symbol)
      const before = quotes.get(symbol)
      const made = { bids: bids?.map(levelOf) ?? before?.bids ?? [], asks: asks?.map(levelOf) ?? before?.asks ?? [] }
      const traded = last === undefined ? (before?.last ?? made.bids[0]?.price) : new Big(last)
      quotes.set(symbol, { ...made, last: traded ?? new Big(0), at: time.now() })
      moved(symbol)
    },
    giveBars: data.giveBars,
    setChain: data.options.setChain,
    setContract: data.options.setContract,
    hideContract: data.options.hideContract,
    halt(symbol) {
      world.halted.add(symbol)
      data.moved(symbol)
    },
    resume(symbol) {
      world.halted.delete(symbol)
      moved(symbol)
    },
    setPhase: time.set,
    openMarket: () => time.set('regular'),
    closeMarket: () => time.set('closed'),
    skew: time.skew,
    letPass: time.letPass,
    settle: time.settle,
    reject: (order, reason = 'Rejected by the exchange') => book.end(order, 'REJ', reason),
    fill: (order, quantity, price) => book.fill(order, new Big(quantity), new Big(price)),
    showStatus(order, status) {
      order.shownStatus = status
    },
    failNext: (failure) => void planned.push({ ...failure }),
    failNoMore: () => void planned.splice(0),
    loseFrames: brokerage.lose,
    cutStreams: (about) => streams.cut(aboutOf(about)),
    freezeStreams: (about) => streams.freeze(aboutOf(about)),
    hangStreams: (about) => streams.hang(aboutOf(about)),
    goAway: (about) => streams.goAway(aboutOf(about)),
    sayOnStreams: (object, about) => streams.sayToAll(object, aboutOf(about)),
    listening: () =>
      streams.of(undefined, 'orders').flatMap(({ about }) => world.accounts.filter(({ id }) => about.includes(id))),
    openStreams: (kind) => streams.of(undefined, kind).map(({ about }) => about),
    get heartbeatMs() {
      return heartbeatMs
    },
    set heartbeatMs(milliseconds) {
      heartbeatMs = milliseconds
    },
    orders: ({ orders }) => orders,
    ordersNamed: (id) => world.accounts.flatMap(({ orders }) => orders.filter((order) => order.confirmId === id)),
    executions: ({ executions }) => executions.filter(({ isTakenBack }) => !isTakenBack),
    held: heldOf,
    requests,
    async close() {
      time.close()
      streams.cut()
      for (const server of Object.values(servers)) {
        server.closeAllConnections()
        server.close()
      }
    },
  }
}
