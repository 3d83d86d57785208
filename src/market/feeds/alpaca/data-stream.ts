import WebSocket from 'ws'
import { parseLossless } from '../../../base/lossless-json.ts'
import type { MarketLog } from '../../log.ts'
import type { Health } from './health.ts'
import { fitting, framePayload, messagePayload, subscriptionPayload } from './payloads.ts'

/** A frame with data: `T` is its kind, `S` its symbol. */
export type Frame = { T: string; [field: string]: unknown }

/** Waits of the stream in milliseconds. */
export interface StreamTimes {
  /** Between two pings; a line that is silent for two of them and a half is broken. */
  pingMs: number
  /** The first and the longest wait before connecting again. */
  againMs: { first: number; most: number }
  /** Until another try when the one connection of the key is in use elsewhere. */
  elsewhereMs: number
  /** Until another try when the key was refused. */
  refusedMs: number
}

export const streamTimes: StreamTimes = {
  pingMs: 5000,
  againMs: { first: 500, most: 30_000 },
  elsewhereMs: 30_000,
  refusedMs: 300_000,
}

/** The one connection for streamed data that a key has for a feed. */
export interface DataStream {
  /** The symbols to subscribe to, all of them. */
  want(symbols: ReadonlySet<string>): void
  /** The provider confirmed the subscription of this symbol, and the line lives. */
  has(symbol: string): boolean
  /** The last sign of life, in milliseconds of the monotonic clock. */
  aliveAt(): number
  /** The most symbols that the provider takes, as far as it has said. */
  limit(): number
  close(): void
}

/**
 * Symbols that the free plan streams: thirty channels of trades and quotes, and a symbol takes one of each. A plan with all
 * exchanges has no such limit.
 */
export const freeSymbols = 15

/**
 * Keeps the stream of a feed open: it connects again with growing waits, and notices a line that is silent though it looks open.
 * When another process has the key's only connection (406) it tries again later; the prices are polled until then.
 */
export function openDataStream(options: {
  url: string
  keyId: string
  secret: string
  most: number
  times: StreamTimes
  health: Health
  log?: MarketLog
  onFrames(frames: Frame[]): void
  /** Subscriptions are confirmed anew: what came before them may have been missed. */
  onSubscribed(symbols: string[]): void
}): DataStream {
  const { health, times, log } = options
  let most = options.most
  let wanted: ReadonlySet<string> = new Set()
  let confirmed = new Set<string>()
  let socket: WebSocket | undefined
  let isReady = false
  let tries = 0
  let aliveAt = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let pinging: NodeJS.Timeout | undefined
  let isClosed = false
  /** The wait that the reason of an end asks for. */
  let waitMs: number | undefined
  let told: string | undefined

  function tell(words: string): void {
    health.fault(words)
    // The same fault again and again is logged once.
    if (words !== told) log?.warn({ provider: 'alpaca' }, `the stream of prices: ${words}`)
    told = words
  }

  function connect(): void {
    const line = new WebSocket(options.url, { handshakeTimeout: 10_000, maxPayload: 16 * 1024 * 1024 })
    socket = line
    line.on('message', (data) => heard(line, data.toString()))
    line.on('pong', () => {
      aliveAt = performance.now()
      health.heard()
    })
    line.on('error', (cause) => tell(`it cannot be had (${(cause as { code?: string }).code ?? 'the line failed'})`))
    line.on('close', () => ended(line))
    aliveAt = performance.now()
    clearInterval(pinging)
    pinging = setInterval(() => {
      if (performance.now() - aliveAt > times.pingMs * 2.5) {
        tell('it was silent, and is connected anew')
        line.terminate()
      } else if (line.readyState === WebSocket.OPEN) line.ping()
    }, times.pingMs)
    pinging.unref()
  }

  function ended(line: WebSocket): void {
    if (line !== socket) return
    clearInterval(pinging)
    const wasReady = isReady
    isReady = false
    confirmed = new Set()
    health.connected(false)
    if (isClosed) return
    if (wasReady && waitMs === undefined) tell('it broke off')
    const growing = Math.min(times.againMs.most, times.againMs.first * 2 ** Math.min(tries, 10))
    tries += 1
    const pause = waitMs ?? growing
    waitMs = undefined
    // Spread, so that many desks do not come back in the same moment.
    timer = setTimeout(connect, pause * (0.75 + Math.random() / 2))
    timer.unref()
  }

  function heard(line: WebSocket, text: string): void {
    if (line !== socket) return
    aliveAt = performance.now()
    health.heard()
    let all: unknown
    try {
      all = parseLossless(text)
    } catch {
      tell('a frame was no JSON')
      return
    }
    const data: Frame[] = []
    for (const frame of fitting(Array.isArray(all) ? all : [all], framePayload)) {
      if (frame.T === 'success' || frame.T === 'error') answered(frame)
      else if (frame.T === 'subscription') subscribed(frame)
      else data.push(frame)
    }
    if (data.length > 0) options.onFrames(data)
  }

  function answered(frame: Frame): void {
    const { msg, code } = messagePayload.parse({ msg: '', ...frame })
    if (frame.T === 'success') {
      if (msg === 'connected') send({ action: 'auth', key: options.keyId, secret: options.secret })
      if (msg === 'authenticated') {
        isReady = true
        tries = 0
        told = undefined
        health.connected(true)
        health.authenticated(true)
        subscribe()
      }
      return
    }
    if (code === '405') {
      // The provider refused a whole request: so many as it has now it takes.
      most = confirmed.size > 0 ? confirmed.size : Math.floor(Math.min(most, wanted.size) / 2)
      tell(`it takes ${most} symbols (${msg}); the others are polled`)
      if (confirmed.size === 0) subscribe()
      return
    }
    if (code === '406') {
      waitMs = times.elsewhereMs
      tell(`another process has the key's one connection (${msg}); prices are polled until it is free`)
    } else if (code === '402' || code === '409' || code === '404') {
      if (code !== '404') waitMs = times.refusedMs
      health.authenticated(code === '404')
      tell(`it was refused (${msg})`)
    } else tell(`error ${code ?? ''} (${msg})`)
    // An error of a connection that cannot be used ends it, also when the provider leaves it open.
    if (!isReady || code === '407') socket?.terminate()
  }

  function subscribed(frame: Frame): void {
    const { trades, quotes } = subscriptionPayload.parse({ trades: [], quotes: [], ...frame })
    const now = new Set(trades.filter((symbol) => quotes.includes(symbol)))
    const fresh = [...now].filter((symbol) => !confirmed.has(symbol))
    confirmed = now
    if (fresh.length > 0) options.onSubscribed(fresh)
  }

  function send(message: object): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
  }

  /** Brings the subscriptions to what is wanted: first away with the others, so that their places are free. */
  function subscribe(): void {
    if (!isReady) return
    const away = [...confirmed].filter((symbol) => !wanted.has(symbol))
    const channels = (symbols: string[]) => ({ trades: symbols, quotes: symbols, statuses: symbols })
    if (away.length > 0) {
      send({ action: 'unsubscribe', ...channels(away) })
      for (const symbol of away) confirmed.delete(symbol)
    }
    const room = most - confirmed.size
    const missing = [...wanted].filter((symbol) => !confirmed.has(symbol)).slice(0, Math.max(0, room))
    if (missing.length > 0) send({ action: 'subscribe', ...channels(missing) })
  }

  connect()
  return {
    want(symbols) {
      wanted = symbols
      subscribe()
    },
    has: (symbol) => isReady && confirmed.has(symbol),
    aliveAt: () => aliveAt,
    limit: () => most,
    close() {
      isClosed = true
      clearTimeout(timer)
      clearInterval(pinging)
      socket?.terminate()
    },
  }
}
