import { WebSocket } from 'ws'
import { parseLossless } from '../../base/lossless-json.ts'
import type { Credentials } from '../links/venue-access.ts'
import type { StreamListener } from '../shared/news.ts'
import { VenueError } from '../venue.ts'
import type { AlpacaOrder } from './payloads.ts'
import { framePayload, updatePayload } from './payloads.ts'

/** The times of an order stream, in milliseconds. */
export interface StreamTimes {
  /** A ping goes out so often. */
  pingEveryMs: number
  /** Nothing was heard for so long, pongs included: the connection is dead, although it looks open. */
  silentForMs: number
  /** It must be open, let in and listening within this time. */
  openWithinMs: number
}

export const usualStreamTimes: StreamTimes = { pingEveryMs: 8000, silentForMs: 20_000, openWithinMs: 15_000 }

/** A listener of one connection. */
export interface OrderStreamListener extends Pick<StreamListener<AlpacaOrder>, 'listening' | 'alive' | 'ended'> {
  /** News of an order: a hint. `takenBack`: the execution that a bust or a correction takes back. */
  update(event: string, order: AlpacaOrder, takenBack?: string): void
}

/** Events that change nothing that the desk keeps. */
const idle = new Set([
  'new',
  'accepted',
  'pending_new',
  'pending_cancel',
  'pending_replace',
  'calculated',
  'stopped',
  'restated',
])

/** Does an event of the stream change nothing that the desk keeps? */
export const isIdle = (event: string): boolean => idle.has(event)

/** Opens the order stream of an account once; whoever opened it opens the next. Returns a function that closes it silently. */
export function openStream(
  api: string,
  credentials: Credentials,
  times: StreamTimes,
  listener: OrderStreamListener,
): () => void {
  const url = new URL('stream', `${api.replace(/\/$/, '').replace(/^http/, 'ws')}/`)
  const socket = new WebSocket(url, {
    handshakeTimeout: times.openWithinMs,
    maxPayload: 4 << 20,
    followRedirects: false,
  })
  let isOver = false
  let isListening = false
  let heardAt = performance.now()
  const opening = setTimeout(() => end('the order stream did not open in time'), times.openWithinMs)
  const pinging = setInterval(() => {
    if (performance.now() - heardAt > times.silentForMs) return end('the order stream went silent')
    if (socket.readyState === WebSocket.OPEN) socket.ping()
  }, times.pingEveryMs)

  function stop(): void {
    isOver = true
    clearTimeout(opening)
    clearInterval(pinging)
    socket.terminate()
  }

  function end(
    words: string,
    { cause, isUnauthorized = false }: { cause?: unknown; isUnauthorized?: boolean } = {},
  ): void {
    if (isOver) return
    stop()
    listener.ended(new VenueError(words, cause), isUnauthorized)
  }

  function hear(text: string): void {
    const frame = framePayload.safeParse(jsonIn(text))
    if (!frame.success) return
    const { stream, data } = frame.data
    if (stream === 'authorization') {
      if (data.status === 'authorized')
        socket.send(JSON.stringify({ action: 'listen', data: { streams: ['trade_updates'] } }))
      else end('the order stream does not take the credentials', { isUnauthorized: true })
    } else if (stream === 'listening') {
      const streams = Array.isArray(data.streams) ? data.streams : []
      if (!streams.includes('trade_updates')) {
        end('the order stream does not tell of orders', { isUnauthorized: true })
        return
      }
      if (isListening) return
      isListening = true
      clearTimeout(opening)
      listener.listening()
    } else if (stream === 'trade_updates') {
      const update = updatePayload.safeParse(data)
      // News that cannot be read are left to the sweep.
      if (update.success) listener.update(update.data.event, update.data.order, update.data.previous_execution_id)
    }
  }

  socket.on('open', () => socket.send(JSON.stringify(greeting(credentials))))
  socket.on('message', (data) => {
    heardAt = performance.now()
    if (isOver) return
    listener.alive()
    // Frames are binary with JSON inside, or text.
    hear(String(data))
  })
  socket.on('pong', () => {
    heardAt = performance.now()
    if (!isOver && isListening) listener.alive()
  })
  socket.on('unexpected-response', (_, response) => {
    const isUnauthorized = response.statusCode === 401 || response.statusCode === 403
    end(`the order stream was refused (${response.statusCode})`, { isUnauthorized })
  })
  socket.on('error', (cause) => end('the order stream failed', { cause }))
  socket.on('close', () => end('the order stream was cut'))
  return stop
}

function greeting(credentials: Credentials): object {
  return credentials.kind === 'keys'
    ? { action: 'auth', key: credentials.keyId, secret: credentials.secret }
    : { action: 'authenticate', data: { oauth_token: credentials.accessToken } }
}

function jsonIn(text: string): unknown {
  try {
    return parseLossless(text)
  } catch {
    return undefined
  }
}
