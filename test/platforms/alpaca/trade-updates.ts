import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer } from 'ws'
import type { Account, Mode } from './account.ts'
import { jsonOf } from './answering.ts'
import type { World } from './world.ts'

/** The order streams of one world of accounts, paper or live. */
export interface TradeUpdates {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  tell(account: Account, event: string, body: Record<string, unknown>): void
  /** Cuts all streams, or those of an account. */
  cut(account?: Account): void
  /** From now on the open streams say nothing, and answer no ping. */
  freeze(account?: Account): void
  /** The accounts whose streams are open and listening, one entry a stream. */
  listening(): Account[]
  close(): void
}

interface Stream {
  socket: WebSocket
  account?: Account
  isListening: boolean
  isFrozen: boolean
  /** Frames that wait for the one after them. */
  held: Buffer[]
}

/** Streams for the accounts that `authorize` knows. Frames are binary, with JSON; nothing is told again. */
export function createTradeUpdates(
  world: World,
  mode: Mode,
  authorize: (data: { keyId?: string; secret?: string; token?: string }, mode: Mode) => Account | undefined,
): TradeUpdates {
  const sockets = new WebSocketServer({ noServer: true, autoPong: false })
  const streams = new Set<Stream>()

  function begin(socket: WebSocket): void {
    const stream: Stream = { socket, isListening: false, isFrozen: world.draws.happens('halfOpenStreams'), held: [] }
    streams.add(stream)
    socket.on('close', () => streams.delete(stream))
    socket.on('error', () => streams.delete(stream))
    socket.on('ping', (data) => {
      if (!stream.isFrozen) socket.pong(data)
    })
    socket.on('message', (data) => {
      if (!stream.isFrozen) hear(stream, String(data))
    })
  }

  function hear(stream: Stream, text: string): void {
    const said = parsed(text)
    const say = (name: string, data: object) => send(stream, frameOf({ stream: name, data }))
    if (said.action === 'authenticate' || said.action === 'auth') {
      const data = (said.data ?? {}) as Record<string, string>
      const [keyId, secret] = [data.key_id ?? said.key, data.secret_key ?? said.secret]
      stream.account = authorize({ keyId, secret, token: data.oauth_token }, mode)
      say('authorization', { status: stream.account ? 'authorized' : 'unauthorized', action: 'authenticate' })
      if (!stream.account) stream.socket.close()
    } else if (said.action !== 'listen') say('error', { error: 'unknown action' })
    else if (!stream.account) say('authorization', { status: 'unauthorized', action: 'listen' })
    else {
      const wanted = (said.data?.streams ?? []) as string[]
      stream.isListening = wanted.includes('trade_updates')
      say('listening', { streams: stream.isListening ? ['trade_updates'] : [] })
    }
  }

  const frameOf = (message: object) => Buffer.from(jsonOf(world, message))

  function send({ socket, isFrozen }: Stream, frame: Buffer): void {
    if (!isFrozen && socket.readyState === WebSocket.OPEN) socket.send(frame, { binary: true })
  }

  function deliver(stream: Stream, frame: Buffer): void {
    const { draws, agenda } = world
    if (draws.happens('cutStreams')) stream.socket.terminate()
    else if (draws.happens('droppedFrames')) return
    else if (draws.happens('lateFrames')) agenda.after(draws.wait('frame'), () => send(stream, frame))
    else if (draws.happens('reorderedFrames')) stream.held.push(frame)
    else {
      send(stream, frame)
      if (draws.happens('doubledFrames')) send(stream, frame)
      for (const waiting of stream.held.splice(0)) send(stream, waiting)
    }
  }

  const of = (account?: Account) => [...streams].filter((stream) => !account || stream.account === account)

  return {
    upgrade: (request, socket, head) => sockets.handleUpgrade(request, socket, head, begin),
    tell(account, event, body) {
      const frame = frameOf({ stream: 'trade_updates', data: { event, ...body } })
      for (const stream of of(account)) if (stream.isListening) deliver(stream, frame)
    },
    cut(account) {
      for (const { socket } of of(account)) socket.terminate()
    },
    freeze(account) {
      for (const stream of of(account)) stream.isFrozen = true
    },
    listening: () => of().flatMap(({ isListening, account }) => (isListening && account ? [account] : [])),
    close() {
      for (const { socket } of streams) socket.terminate()
      sockets.close()
    },
  }
}

function parsed(text: string): { action?: string; key?: string; secret?: string; data?: Record<string, unknown> } {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}
