import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { lastEventsThrough } from '../../trading/events/rows/event-stream.ts'
import type { Parts } from '../../trading/parts.ts'
import { socketMessages } from './format.ts'
import type { StreamWish } from './hub.ts'
import { type Pipe, socketPipe } from './pipe.ts'
import { answerTo, type Problem, problems } from './problems.ts'
import type { Reader } from './reader.ts'
import { createRendering } from './rendering.ts'
import { cursorIn, parametersOf, symbolIn } from './request.ts'

/** The events that a WebSocket begins with. */
const lastCount = 50
/** Readers say nothing; a longer message ends the connection, in bytes. */
const longestMessage = 1024
/** A peer that answers no ping within this time is gone, in milliseconds. */
const pingEveryMs = 30_000

/** The part of the streams that sockets need. */
interface Opening {
  open(wish: StreamWish): Promise<Problem | undefined>
  attempt(work: () => Promise<Problem | undefined>): Promise<Problem | undefined>
  whoIs(request: IncomingMessage): Promise<Reader | undefined>
  readerOf(token: string): Promise<Reader | undefined>
}

/** The WebSockets `/events/{symbol}`. */
export function createSockets(parts: Parts, { open, attempt, whoIs, readerOf }: Opening) {
  const server = new WebSocketServer({ noServer: true, maxPayload: longestMessage, perMessageDeflate: false })
  const rendering = createRendering(parts)
  let isClosing = false

  async function begin(request: IncomingMessage, socket: Duplex, head: Buffer, name: string) {
    if (!isOfThisOrigin(request)) return problems.foreignPage()
    const token = parametersOf(request).get('token')
    const reader = token ? await readerOf(token) : await whoIs(request)
    if (!reader) return token ? problems.spentToken() : problems.stranger()
    const symbol = symbolIn(name)
    if (!symbol || !parts.market.instrument(symbol)) return problems.unknownSymbol()
    if (!/^websocket$/i.test(request.headers.upgrade ?? '') || socket.destroyed) return problems.away()
    const after = cursorIn(request)
    return open({
      reader,
      topics: { accounts: new Set(), symbols: new Set([symbol]), scaleouts: new Set() },
      format: socketMessages,
      after,
      before: async (place) => {
        if (after) return []
        const last = { accountIds: [...reader.accountIds], symbol, count: lastCount }
        const events = await lastEventsThrough(parts.db, place, last)
        return events.map((event) => rendering.event(socketMessages, event))
      },
      openPipe: () => accept(request, socket, head),
    })
  }

  /** Answers the handshake. It is answered at once, or the socket is closed. */
  function accept(request: IncomingMessage, socket: Duplex, head: Buffer): Pipe {
    let opened: WebSocket | undefined
    server.handleUpgrade(request, socket, head, (webSocket) => {
      opened = webSocket
    })
    if (!opened) throw new Error('the handshake of a WebSocket failed')
    keepAlive(opened)
    return socketPipe(opened, () => (isClosing ? 1001 : 1008))
  }

  return {
    async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, name: string): Promise<void> {
      socket.on('error', () => {})
      const problem = await attempt(() => begin(request, socket, head, name))
      if (problem) refuse(socket, problem)
    },
    /** Sockets end with the streams; the handshakes of later ones are refused. */
    closing() {
      isClosing = true
    },
  }
}

/** A page of another origin has the member's cookie in some browsers. Programs send no origin. */
function isOfThisOrigin({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)
}

/** Ends the connection of a peer that has gone without a word. */
function keepAlive(socket: WebSocket): void {
  let isAlive = true
  socket.on('pong', () => {
    isAlive = true
  })
  const pinging = setInterval(() => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
  }, pingEveryMs)
  socket.once('close', () => clearInterval(pinging))
}

function refuse(socket: Duplex, problem: Problem): void {
  const { status, headers, body } = answerTo(problem)
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' })
  socket.end(
    `HTTP/1.1 ${status} Refused\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
  )
}
