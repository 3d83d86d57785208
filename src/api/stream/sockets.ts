import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { Refusal } from '../../base/refusal.ts'
import { instrumentNamed } from '../../market/held-symbols.ts'
import { symbolOf } from '../../market/symbol.ts'
import { lastEventsThrough } from '../../trading/events/rows/event-stream.ts'
import type { EventCursor } from '../../trading/events/rules/event-cursor.ts'
import { socketMessages } from './format/format.ts'
import type { StreamWish } from './hub/hub.ts'
import { type Pipe, socketPipe } from './hub/pipe.ts'
import { createRendering } from './hub/rendering.ts'
import type { Reader } from './reader/reader.ts'
import { answerTo, foreignPage, unknownSymbol } from './reader/refusals.ts'
import { cursorIn, nameIn } from './reader/request.ts'
import { nothing } from './reader/topics.ts'
import type { StreamParts } from './stream-parts.ts'

/** The events that a WebSocket begins with. */
const lastCount = 50
/** A reader says nothing; a longer message than this ends the connection, in bytes. */
const longestMessage = 1024
/** A peer that answers no ping within this time is gone, in milliseconds. */
const pingEveryMs = 30_000
/** When the server closes, peers have this long to answer, in milliseconds. */
const graceMs = 1000

/** The part of the streams that sockets need. */
interface Opening {
  open(wish: StreamWish): Promise<Refusal | undefined>
  attempt(work: () => Promise<Refusal | undefined>): Promise<Refusal | undefined>
  whoReads(request: IncomingMessage): Promise<Refusal | Reader>
}

/** The WebSockets `/events/{symbol}`. */
export interface Sockets {
  /** Takes over a connection, or refuses it. Never throws. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
  /** Call it before the streams end: then sockets say that the server goes away, and are not waited for too long. */
  close(): void
}

export function createSockets(parts: StreamParts, { open, attempt, whoReads }: Opening): Sockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: longestMessage, perMessageDeflate: false })
  const rendering = createRendering(parts)
  let isClosing = false

  async function begin(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<Refusal | undefined> {
    if (!isOfThisHost(request)) return foreignPage()
    const reader = await whoReads(request)
    if (reader instanceof Refusal) return reader
    const symbol = symbolOf(nameIn(request) ?? '')
    if (!symbol || !(await instrumentNamed(parts.market, symbol))) return unknownSymbol()
    const after = cursorIn(request)
    return open({
      reader,
      topics: { ...nothing, symbols: new Set([symbol]) },
      format: socketMessages,
      after,
      first: (place) => (after ? [] : lastTexts(reader, symbol, place)),
      openPipe: () => accept(request, socket, head),
    })
  }

  async function lastTexts({ accountIds }: Reader, symbol: string, place: EventCursor): Promise<string[]> {
    const last = { accountIds: [...accountIds], symbol, count: lastCount }
    const events = await lastEventsThrough(parts.db, place, last)
    return events.map((event) => rendering.event(socketMessages, event))
  }

  /** Answers the handshake, which either succeeds at once or closes the connection. */
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
    async upgrade(request, socket, head) {
      socket.on('error', () => {})
      const refusal = await attempt(() => begin(request, socket, head))
      if (refusal) refuse(socket, refusal)
    },
    close() {
      isClosing = true
      setTimeout(() => {
        for (const socket of server.clients) socket.terminate()
      }, graceMs).unref()
    },
  }
}

/** A page of another host may have the member's cookie. Programs send no origin. */
function isOfThisHost({ headers }: IncomingMessage): boolean {
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

function refuse(socket: Duplex, refusal: Refusal): void {
  if (!socket.writable) return
  const { status, headers, body } = answerTo(refusal)
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.end(`HTTP/1.1 ${status} Refused\r\n${head}\r\n${body}`)
}
