import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Account, Mode } from './account.ts'
import { jsonOf } from './answering.ts'
import { type Line, openLine, saidIn } from './line.ts'
import type { World } from './world.ts'

/** The order streams of one world of accounts, paper or live. */
export interface TradeUpdates {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  tell(account: Account, event: string, body: Record<string, unknown>): void
  /** Loses the next so many frames of executions of an account, and says how many of them are not lost yet. */
  lose(account: Account, frames: number): () => number
  /** Cuts all streams, or those of an account. */
  cut(account?: Account): void
  /** From now on the open streams say nothing, and answer no ping. */
  freeze(account?: Account): void
  /** The accounts whose streams are open and listening, one entry a stream. */
  listening(): Account[]
  close(): void
}

interface Stream {
  line: Line
  account?: Account
  isListening: boolean
}

/** Streams for the accounts that `authorize` knows. Frames are binary, with JSON; nothing is told again. */
export function createTradeUpdates(
  world: World,
  mode: Mode,
  authorize: (data: { keyId?: string; secret?: string; token?: string }, mode: Mode) => Account | undefined,
): TradeUpdates {
  const sockets = new WebSocketServer({ noServer: true, autoPong: false })
  const streams = new Set<Stream>()
  const losing = new Map<Account, number>()
  sockets.on('connection', (socket) => {
    const stream: Stream = { line: openLine(world, socket, true, (text) => hear(stream, text)), isListening: false }
    streams.add(stream)
    socket.on('close', () => streams.delete(stream))
  })

  function hear(stream: Stream, text: string): void {
    const said = saidIn(text)
    const data = (said.data ?? {}) as Record<string, string>
    const say = (name: string, body: object) => stream.line.say(jsonOf(world, { stream: name, data: body }))
    if (said.action === 'authenticate' || said.action === 'auth') {
      const [keyId, secret] = [data.key_id ?? said.key, data.secret_key ?? said.secret].map(textOf)
      stream.account = authorize({ keyId, secret, token: data.oauth_token }, mode)
      say('authorization', { status: stream.account ? 'authorized' : 'unauthorized', action: 'authenticate' })
      if (!stream.account) stream.line.close()
    } else if (said.action !== 'listen') say('error', { error: 'unknown action' })
    else if (!stream.account) say('authorization', { status: 'unauthorized', action: 'listen' })
    else {
      stream.isListening = Array.isArray(data.streams) && data.streams.includes('trade_updates')
      say('listening', { streams: stream.isListening ? ['trade_updates'] : [] })
    }
  }

  const of = (account?: Account) => [...streams].filter((stream) => !account || stream.account === account)

  return {
    upgrade: (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request)),
    tell(account, event, body) {
      const text = jsonOf(world, { stream: 'trade_updates', data: { event, ...body } })
      for (const { isListening, line } of of(account)) {
        if (!isListening) continue
        const left = losing.get(account) ?? 0
        if (left > 0 && (event === 'fill' || event === 'partial_fill')) losing.set(account, left - 1)
        else line.tell(text)
      }
    },
    lose(account, frames) {
      losing.set(account, frames)
      return () => losing.get(account) ?? 0
    },
    cut(account) {
      for (const { line } of of(account)) line.cut()
    },
    freeze(account) {
      for (const { line } of of(account)) line.freeze()
    },
    listening: () => of().flatMap(({ isListening, account }) => (isListening && account ? [account] : [])),
    close() {
      for (const { line } of streams) line.cut()
      sockets.close()
    },
  }
}

const textOf = (said: unknown) => (typeof said === 'string' ? said : undefined)
