import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Bar } from './bars.ts'
import { type Plan, quoteJson, tradeJson } from './data-rest.ts'
import { type Line, openLine, saidIn } from './line.ts'
import type { Feed } from './market-data.ts'
import type { Quote, World } from './world.ts'

/** The sockets of market data. */
export interface DataStreams {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** A feed has a new quote, and a trade if there was one. */
  quoted(symbol: string, feed: Feed, quote: Quote, isTraded: boolean): void
  barred(symbol: string, bar: Bar): void
  /** Trading is halted, or goes on. */
  status(symbol: string, isHalted: boolean): void
  cut(): void
  freeze(): void
  /** The symbols of each open socket by channel. */
  subscriptions(): { feed: Feed; quotes: string[]; trades: string[]; bars: string[]; statuses: string[] }[]
  close(): void
}

const channels = ['trades', 'quotes', 'bars', 'updatedBars', 'dailyBars', 'statuses', 'lulds'] as const
type Channel = (typeof channels)[number]

interface Stream {
  line: Line
  feed: Feed
  key?: string
  symbols: Record<Channel, Set<string>>
}

/** Limits and keys of the data sockets. */
export interface DataStreamOptions {
  isKey(keyId: unknown, secret: unknown): boolean
  plan(): Plan
  /** Symbols of quotes and trades that one socket of the basic plan may have. */
  mostSymbols: number
  /** Milliseconds in which a client must say who it is. */
  patienceMs: number
}

const errors: Record<number, string> = {
  400: 'invalid syntax',
  401: 'not authenticated',
  402: 'auth failed',
  403: 'already authenticated',
  404: 'auth timeout',
  405: 'symbol limit exceeded',
  406: 'connection limit exceeded',
  409: 'insufficient subscription',
}

/** Sockets at `/v2/{feed}`: one for each key and feed. */
export function createDataStreams(world: World, options: DataStreamOptions): DataStreams {
  const sockets = new WebSocketServer({ noServer: true, autoPong: false })
  const streams = new Set<Stream>()
  sockets.on('connection', (socket, request) => {
    const feed = request.url!.slice('/v2/'.length) as Feed
    const symbols = Object.fromEntries(channels.map((channel) => [channel, new Set<string>()])) as Stream['symbols']
    const stream: Stream = { line: openLine(world, socket, false, (text) => hear(stream, text)), feed, symbols }
    streams.add(stream)
    const late = setTimeout(() => {
      if (!stream.key) fail(stream, 404, true)
    }, options.patienceMs).unref()
    socket.on('close', () => {
      clearTimeout(late)
      streams.delete(stream)
    })
    say(stream, { T: 'success', msg: 'connected' })
    const { 'apca-api-key-id': key, 'apca-api-secret-key': secret } = request.headers
    if (key) signIn(stream, key, secret)
  })

  const say = ({ line }: Stream, message: object) => line.say(JSON.stringify([message]))
  function fail(stream: Stream, code: number, isEnd = false): void {
    say(stream, { T: 'error', code, msg: errors[code] })
    if (isEnd) stream.line.close()
  }

  function signIn(stream: Stream, key: unknown, secret: unknown): void {
    const isTaken = [...streams].some((one) => one.key === key && one.feed === stream.feed)
    if (!options.isKey(key, secret)) fail(stream, 402, true)
    else if (stream.key) fail(stream, 403)
    else if (isTaken) fail(stream, 406, true)
    else if (stream.feed === 'sip' && options.plan() === 'basic') fail(stream, 409, true)
    else {
      stream.key = String(key)
      say(stream, { T: 'success', msg: 'authenticated' })
    }
  }

  function hear(stream: Stream, text: string): void {
    const said = saidIn(text)
    if (said.action === 'auth') signIn(stream, said.key, said.secret)
    else if (said.action !== 'subscribe' && said.action !== 'unsubscribe') fail(stream, 400)
    else if (!stream.key) fail(stream, 401)
    else subscribe(stream, said)
  }

  function subscribe(stream: Stream, said: Record<string, unknown>): void {
    const named = (channel: Channel) => (said[channel] ?? []) as unknown[]
    const isList = (list: unknown) => Array.isArray(list) && list.every((one) => typeof one === 'string')
    if (!channels.every((channel) => isList(named(channel)))) {
      fail(stream, 400)
      return
    }
    const next = Object.fromEntries(
      channels.map((channel) => {
        const [old, changed] = [[...stream.symbols[channel]], named(channel) as string[]]
        const isAdded = said.action === 'subscribe'
        return [channel, new Set(isAdded ? [...old, ...changed] : old.filter((symbol) => !changed.includes(symbol)))]
      }),
    ) as Stream['symbols']
    const many = next.quotes.size + next.trades.size
    if (said.action === 'subscribe' && options.plan() === 'basic' && many > options.mostSymbols) fail(stream, 405)
    else {
      stream.symbols = next
      const lists = channels.map((channel) => [channel, [...next[channel]]])
      const corrections = [...next.trades]
      say(stream, { T: 'subscription', ...Object.fromEntries(lists), corrections, cancelErrors: corrections })
    }
  }

  function tell(channel: Channel, symbol: string, message: object, feed?: Feed): void {
    for (const stream of streams) {
      const symbols = stream.symbols[channel]
      const isFed = !feed || stream.feed === feed
      if (isFed && (symbols.has(symbol) || symbols.has('*'))) stream.line.tell(JSON.stringify([message]))
    }
  }

  return {
    upgrade(request, socket, head) {
      if (!/^\/v2\/(iex|sip|delayed_sip)$/.test(request.url ?? '')) socket.destroy()
      else sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request))
    },
    quoted(symbol, feed, quote, isTraded) {
      tell('quotes', symbol, { T: 'q', S: symbol, ...quoteJson(quote) }, feed)
      if (isTraded) tell('trades', symbol, { T: 't', S: symbol, ...tradeJson(quote) }, feed)
    },
    barred: (symbol, bar) => tell('bars', symbol, { T: 'b', S: symbol, ...bar }),
    status(symbol, isHalted) {
      const said = isHalted
        ? { sc: 'H', sm: 'Trading Halt', rc: 'T1', rm: 'Halt News Pending' }
        : { sc: 'T', sm: 'Trading Resumption', rc: '', rm: '' }
      tell('statuses', symbol, { T: 's', S: symbol, ...said, t: world.stamp(), z: 'C' })
    },
    cut() {
      for (const { line } of streams) line.cut()
    },
    freeze() {
      for (const { line } of streams) line.freeze()
    },
    subscriptions: () =>
      [...streams].map(({ feed, symbols: { quotes, trades, bars, statuses } }) => ({
        feed,
        quotes: [...quotes],
        trades: [...trades],
        bars: [...bars],
        statuses: [...statuses],
      })),
    close() {
      for (const { line } of streams) line.cut()
      sockets.close()
    },
  }
}
