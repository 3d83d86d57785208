import { createHmac, randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Json, SlackWorld } from './slack-world.ts'

/** An event, command or action that Slack delivers to an app. */
export interface Delivery {
  kind: 'events_api' | 'slash_commands' | 'interactive'
  payload: Json
  /** Set when it is delivered again. */
  retry?: { attempt: number; reason: string }
}

/** The app's reaction to a delivery: acknowledged in time or not, and the HTTP status when there is one. */
export interface Taken {
  acknowledged: boolean
  ms: number
  status?: number
  body?: string
}

/** One of Slack's two connections to an app. */
export interface Line {
  deliver(delivery: Delivery): Promise<Taken>
}

const ackWithin = 3000

/** Slack's end of Socket Mode. */
export interface SocketLine extends Line {
  /** The open connections, newest last. */
  sockets: WebSocket[]
  /** A single-use ticket for a connection. */
  ticket(): string
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Tells the app to connect again, as Slack does every few hours. */
  refresh(): void
  /** From now on nothing is read or written on the open connections, as when a machine on the path is gone. */
  freeze(): void
  /** Sends a frame unchanged. */
  sendRaw(frame: string): void
  close(): void
}

/** A Socket Mode endpoint without connections. */
export function createSocketLine(): SocketLine {
  const server = new WebSocketServer({ noServer: true })
  const tickets = new Set<string>()
  const sockets: WebSocket[] = []
  const waiting = new Map<string, (payload: Json) => void>()

  server.on('connection', (socket) => {
    sockets.push(socket)
    socket.on('close', () => sockets.splice(sockets.indexOf(socket), 1))
    socket.on('error', () => socket.terminate())
    socket.on('message', (data) => {
      const { envelope_id, payload } = JSON.parse(String(data))
      waiting.get(envelope_id)?.(payload)
    })
    socket.send(JSON.stringify({ type: 'hello', num_connections: sockets.length, connection_info: { app_id: 'A0' } }))
  })

  return {
    sockets,
    ticket() {
      const ticket = randomUUID()
      tickets.add(ticket)
      return ticket
    },
    upgrade(request, socket, head) {
      const ticket = new URL(request.url!, 'http://localhost').searchParams.get('ticket') ?? ''
      if (!tickets.delete(ticket)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
        return
      }
      server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request))
    },
    async deliver({ kind, payload, retry }) {
      const socket = sockets.at(-1)
      if (!socket) return { acknowledged: false, ms: 0 }
      const envelope_id = randomUUID()
      const begun = performance.now()
      let answer: Json
      const acknowledged = await new Promise<boolean>((resolve) => {
        const late = setTimeout(() => done(false), ackWithin)
        const gone = () => done(false)
        const done = (taken: boolean) => {
          clearTimeout(late)
          waiting.delete(envelope_id)
          socket.off('close', gone)
          resolve(taken)
        }
        waiting.set(envelope_id, (taken) => {
          answer = taken
          done(true)
        })
        socket.once('close', gone)
        const again = { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' }
        const accepts_response_payload = kind !== 'events_api'
        socket.send(JSON.stringify({ envelope_id, type: kind, payload, accepts_response_payload, ...again }))
      })
      return { acknowledged, ms: performance.now() - begun, ...(answer && { body: JSON.stringify(answer) }) }
    },
    refresh() {
      for (const socket of sockets) socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }))
    },
    freeze() {
      for (const socket of sockets) socket.pause()
    },
    sendRaw(frame) {
      for (const socket of sockets) socket.send(frame)
    },
    close() {
      for (const socket of sockets) socket.terminate()
      server.close()
    },
  }
}

/** The faults of a signed request. */
export interface HttpOptions {
  secret?: string
  /** The age of the signature in seconds. */
  age?: number
}

/** Slack's end of signed HTTP: posts to the app's request URL. */
export interface HttpLine extends Line {
  post(delivery: Delivery, options?: HttpOptions): Promise<Taken>
}

/** Signed HTTP to a request URL such as `http://127.0.0.1:3000/slack/events`. */
export function createHttpLine(url: string, world: SlackWorld): HttpLine {
  const line: HttpLine = { deliver: (delivery) => line.post(delivery), post }
  return line

  async function post({ kind, payload, retry }: Delivery, options: HttpOptions = {}): Promise<Taken> {
    const timestamp = Math.floor(Date.now() / 1000) - (options.age ?? 0)
    const body = encode(kind, payload)
    const hash = createHmac('sha256', options.secret ?? world.signingSecret).update(`v0:${timestamp}:${body}`)
    const begun = performance.now()
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': kind === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded',
          'x-slack-request-timestamp': String(timestamp),
          'x-slack-signature': `v0=${hash.digest('hex')}`,
          ...(retry && { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason }),
        },
        body,
        signal: AbortSignal.timeout(ackWithin),
      })
      const answer = await response.text()
      return { acknowledged: response.ok, ms: performance.now() - begun, status: response.status, body: answer }
    } catch {
      return { acknowledged: false, ms: performance.now() - begun }
    }
  }
}

function encode(kind: Delivery['kind'], payload: Json): string {
  if (kind === 'events_api') return JSON.stringify(payload)
  if (kind === 'interactive') return new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
  return new URLSearchParams(payload).toString()
}
