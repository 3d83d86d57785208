import Big from 'big.js'
import { pino } from 'pino'
import { type Running, startOutbox, startWorker, type WorkerOptions } from '../../jobs/worker.ts'
import { readConfig } from '../../src/config.ts'
import { createDesk, type Desk, type DeskOptions } from '../../src/desk.ts'
import type { Bar, Instrument, Market, Quote } from '../../src/market/market.ts'
import { type Poster, PostFailed } from '../../src/talk/chat/door.ts'
import type { Inbound } from '../../src/talk/chat/inbound.ts'
import type { Place } from '../../src/talk/chat/place.ts'
import type { Posted, Reply } from '../../src/talk/chat/reply.ts'
import { type FreshDatabase, freshDatabase } from './database.ts'
import { fewConnections } from './few-connections.ts'
import { startRedisServer, type TestServer } from './servers.ts'

/** A market whose prices a test sets by hand: `market.set('BYND', '1.01', '1.02')`. */
export interface HandMarket extends Market {
  /** Sets bid and ask, and last to the bid; in dollars. */
  set(symbol: string, bid: string, ask?: string): void
  /** Sets a last price of its own, together with bid and ask. */
  print(symbol: string, last: string, bid: string, ask: string): void
  /** Gives a symbol bars of this many minutes, oldest first; it has none of other lengths. */
  give(symbol: string, minutes: number, bars: Bar[]): void
  /** Lists another share, with its price in dollars. */
  list(symbol: string, price: string, name?: string): void
  /** Makes the quote unusable for this reason, or usable again. */
  stale(symbol: string, reason?: string): void
  /** Has no price of a symbol until it is set again. */
  forget(symbol: string): void
  /** Makes all quotes of a symbol weak for this reason, or strong again; `isConfirmed`: until a second opinion is asked for. */
  weaken(symbol: string, reason?: string, isConfirmed?: boolean): void
  /** The symbols that must keep coming, as the desk named them last. */
  watched: ReadonlySet<string>
}

/** A market with BYND at $1.01, AAPL at $190 and BTC-USD (lot 0.0001) at $63,000, until a test sets them otherwise. */
export function handMarket(now: () => Date = () => new Date()): HandMarket {
  const instruments = new Map<string, Instrument>()
  const quotes = new Map<string, Quote>()
  const bars = new Map<string, Bar[]>()
  const listeners = new Set<(quote: Quote) => void>()
  const weak = new Map<string, { reason: string; isConfirmed: boolean }>()
  const weakness = (symbol: string) => {
    const reason = weak.get(symbol)?.reason
    return reason === undefined ? {} : { weak: reason }
  }
  const market: HandMarket = {
    name: 'hand',
    instruments: () => [...instruments.values()],
    instrument: (symbol) => instruments.get(symbol.toUpperCase()),
    async quote(symbol) {
      const quote = quotes.get(symbol.toUpperCase())
      return quote && { ...quote, at: quote.stale ? quote.at : now(), ...weakness(quote.symbol) }
    },
    async confirmed(symbol) {
      if (weak.get(symbol)?.isConfirmed) weak.delete(symbol)
      return market.quote(symbol)
    },
    watched: new Set(),
    watch(symbols) {
      market.watched = symbols
    },
    bars: async (symbol, minutes, count) =>
      count > 0 ? (bars.get(`${symbol.toUpperCase()} ${minutes}`) ?? []).slice(-count) : [],
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {},
    set: (symbol, bid, ask = bid) => market.print(symbol, bid, bid, ask),
    print(symbol, last, bid, ask) {
      const quote = { symbol, bid: new Big(bid), ask: new Big(ask), last: new Big(last), at: now(), source: 'hand' }
      quotes.set(symbol, quote)
      for (const listener of listeners) listener({ ...quote, ...weakness(symbol) })
    },
    weaken(symbol, reason, isConfirmed = false) {
      if (reason === undefined) weak.delete(symbol)
      else weak.set(symbol, { reason, isConfirmed })
    },
    give(symbol, minutes, given) {
      bars.set(`${symbol} ${minutes}`, given)
    },
    list(symbol, price, name = symbol) {
      instruments.set(symbol, { symbol, name, lot: new Big(1), tick: new Big('0.01') })
      market.set(symbol, price)
    },
    forget(symbol) {
      quotes.delete(symbol)
    },
    stale(symbol, reason) {
      quotes.set(symbol, { ...quotes.get(symbol)!, stale: reason, at: now() })
    },
  }
  for (const [symbol, price] of firstPrices) {
    const lot = new Big(symbol === 'BTC-USD' ? '0.0001' : '1')
    instruments.set(symbol, { symbol, name: symbol, lot, tick: new Big('0.01') })
    market.set(symbol, price)
  }
  return market
}

/** The symbols of a `handMarket` with their prices in dollars, until a test sets others. */
export const firstPrices = [
  ['BYND', '1.01'],
  ['AAPL', '190'],
  ['BTC-USD', '63000'],
] as const

/** A desk on its own database and Redis, with its worker, and a thread in which people type. */
export interface TestDesk {
  /** The desk itself, once it is open. */
  desk: Desk
  market: HandMarket
  redis: TestServer
  databaseUrl: string
  /** Types a message in the thread as `who` ('alice' by default) and returns the desk's answer. */
  say(text: string, who?: string): Promise<string>
  /** Like `say`, but returns the replies as objects. */
  hear(text: string, options?: { who?: string; id?: string; addressed?: boolean; thread?: string }): Promise<Reply[]>
  /** Presses a button of a question. */
  press(questionId: string, answer: string, options?: { who?: string; id?: string }): Promise<Reply[]>
  /** Everything that jobs have posted, in order, in all threads. */
  posted: { place: Place; text: string; key: string }[]
  /** Closes the desk and its jobs and opens them again on the same database and Redis, as a new process would. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** A desk that a test describes, and opens later: several times, too, each time as a new one. */
export interface UnopenedDesk extends TestDesk {
  open(): Promise<void>
}

/** Options of a desk for a test. */
export type TestDeskOptions = Partial<Omit<DeskOptions, 'config'>> & {
  timeScale?: number
  worker?: boolean
  sweepEveryMs?: number
  monitorEveryMs?: number
  accounts?: WorkerOptions['accounts']
  sources?: WorkerOptions['sources']
  backupLookEveryMs?: number
  health?: WorkerOptions['health']
  environment?: Record<string, string>
  /** The market is the environment's (MARKET), and not one whose prices a test sets. */
  readsMarket?: boolean
  /** Another Postgres than the one that all tests share. */
  databaseServer?: string
}

export const plenty = { memory: 2 ** 40, load: 0, disk: 2 ** 40 }

const place = (thread: string): Place => ({ door: 'slack', workspace: 'T1', channel: 'C1', thread })

/** Opens a desk for a test, as `unopenedDesk` describes it. */
export async function openTestDesk(options: TestDeskOptions = {}): Promise<TestDesk> {
  const desk = unopenedDesk(options)
  await desk.open()
  return desk
}

/**
 * Opens a desk for a test, in which a planned minute takes a second (`timeScale`). The thread is a Slack thread without
 * Slack: `posted` collects the posts of jobs.
 */
export function unopenedDesk(options: TestDeskOptions = {}): UnopenedDesk {
  const log = options.log ?? pino({ level: process.env.TEST_LOG ?? 'silent' })
  const newMarket = () =>
    (options.market as HandMarket | undefined) ?? handMarket(() => options.clock?.now() ?? new Date())
  let market = newMarket()
  let posted: TestDesk['posted'] = []
  let servers: { database: FreshDatabase; redis: TestServer } | undefined
  let running: { desk: Desk; end(): Promise<void> } | undefined
  const begin = async () => {
    const { database, redis } = opened(servers)
    const config = readConfig({
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      ...(!options.readsMarket && { TIME_SCALE: String(options.timeScale ?? 60) }),
      PAPER_SLIPPAGE_BPS: '0',
      // Nobody in a test types as slowly as people do.
      MESSAGES_PER_MINUTE: '100000',
      ...options.environment,
    })
    const desk = await createDesk({
      ...fewConnections,
      ...options,
      ...{ config, log, market: options.readsMarket ? undefined : market },
      // Other tests keep the machine busy; none of them is a reason for a run to wait.
      runs: { resources: async () => plenty, ...options.runs },
    })
    const jobs: Running[] =
      options.worker === false ? [] : [startWorker(desk, options), startOutbox(desk, keepingPoster(posted))]
    const end = async () => {
      await Promise.all(jobs.map((one) => one.close()))
      await desk.close()
    }
    running = { desk, end }
  }
  let ids = 0
  const inbound = (who: string, thread: string, id?: string) => ({
    id: id ?? `test-${++ids}`,
    author: { id: `slack:T1:${who.toUpperCase()}`, name: who },
    place: place(thread),
  })
  const heard = async (message: Inbound): Promise<Reply[]> => {
    const { desk } = opened(running)
    const replies = await desk.hear(message)
    for (const reply of replies) {
      reads(reply.text)
      if (reply.row !== undefined)
        await opened(running).desk.delivered(reply.row, { message: `m-${reply.row}`, place: message.place })
    }
    return replies
  }
  return {
    get desk() {
      return opened(running).desk
    },
    get market() {
      return market
    },
    get redis() {
      return opened(servers).redis
    },
    get databaseUrl() {
      return opened(servers).database.url
    },
    get posted() {
      return posted
    },
    hear: (text, { who = 'alice', id, addressed = true, thread = 'thread' } = {}) =>
      heard({ kind: 'message', ...inbound(who, thread, id), text, addressed }),
    async say(text, who = 'alice') {
      const replies = await heard({ kind: 'message', ...inbound(who, 'thread'), text, addressed: true })
      return replies.map((reply) => reply.text).join('\n\n')
    },
    press: (questionId, answer, { who = 'alice', id } = {}) =>
      heard({ kind: 'press', ...inbound(who, 'thread', id), questionId, answer }),
    async open() {
      const [database, redis] = await Promise.all([freshDatabase(options.databaseServer), startRedisServer()])
      servers = { database, redis }
      await begin()
    },
    async restart() {
      await opened(running).end()
      await begin()
    },
    async close() {
      await running?.end()
      await servers?.redis.stop()
      await servers?.database.drop()
      running = servers = undefined
      market = newMarket()
      posted = []
    },
  }
}

/** A poster that keeps its posts, each key once, as the platforms do. */
function opened<Part>(part: Part | undefined): Part {
  if (!part) throw new Error('the desk is not open yet')
  return part
}

/** Throws if a text shows a value for which the desk has no words: a template takes any value without a type error. */
function reads(text: string) {
  if (/\[object \w+\]|\b(undefined|NaN)\b/.test(text)) throw new Error(`nobody can read this reply: ${text}`)
}

/** A poster that keeps what it posts, each key once, as the platforms do. */
function keepingPoster(kept: TestDesk['posted']): Poster {
  return {
    door: 'slack',
    async post({ key, place, reply }): Promise<Posted> {
      if (reply.private) throw new PostFailed('never', 'nobody is there to show a private reply to')
      reads(reply.text)
      if (!kept.some((one) => one.key === key)) kept.push({ place, text: reply.text, key })
      return { message: `m-${key}`, place }
    },
    async edit() {},
  }
}
