import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { createFrames } from '../broker/frames.ts'
import type { Account } from './account.ts'
import { isLive, type Order } from './order.ts'
import type { World } from './world.ts'

/** The private streams (version 2 of the WebSocket API): the channel `executions`. */
export interface Streams {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  tell(order: Order, trade?: object): void
  /** Loses the next so many frames of trades of an account, and says how many of them are not lost yet. */
  lose(account: Account, frames: number): () => number
  cut(account?: Account): void
  /** The accounts whose streams are open and subscribed, one entry a stream. */
  listening(): Account[]
  close(): void
}

interface Stream {
  say(body: object): void
  tell(text: string): void
  cut(): void
  account?: Account
  sequence: number
}

const heartbeatMs = 1000

export function createStreams(world: World): Streams {
  const sockets = new WebSocketServer({ noServer: true })
  const streams = new Set<Stream>()
  const losing = new Map<Account, number>()
  const beating = setInterval(() => {
    for (const stream of streams) if (stream.account) stream.say({ channel: 'heartbeat' })
  }, heartbeatMs).unref()

  sockets.on('connection', (socket: WebSocket) => {
    const write = (text: string) => {
      if (socket.readyState === socket.OPEN) socket.send(text)
    }
    const cut = () => socket.terminate()
    const stream: Stream = {
      say: (body) => write(JSON.stringify(body)),
      tell: createFrames(world, { say: write, cut }),
      cut,
      sequence: 0,
    }
    streams.add(stream)
    socket.on('error', cut)
    socket.on('close', () => streams.delete(stream))
    socket.on('message', (data) => hear(stream, String(data)))
    stream.say({
      channel: 'status',
      type: 'update',
      data: [{ api_version: 'v2', connection_id: 1, system: 'online', version: '2.0.10' }],
    })
  })

  function hear(stream: Stream, text: string): unknown {
    const said = JSON.parse(text) as { method?: string; req_id?: number; params?: { channel?: string; token?: string } }
    const at = world.now().toISOString()
    const times = { req_id: said.req_id, time_in: at, time_out: at }
    if (said.method === 'ping') return stream.say({ method: 'pong', ...times })
    const account = world.accounts.find(({ token }) => token !== undefined && token === said.params?.token)
    if (said.method !== 'subscribe' || said.params?.channel !== 'executions' || !account)
      return stream.say({ error: 'EGeneral:Invalid arguments', method: said.method, success: false, ...times })
    stream.account = account
    const result = { channel: 'executions', snap_orders: true, snap_trades: false }
    stream.say({ method: 'subscribe', result, success: true, ...times })
    const open = account.orders.filter(isLive).map((order) => executionOf(order))
    return stream.say({ channel: 'executions', type: 'snapshot', data: open, sequence: ++stream.sequence })
  }

  function executionOf(order: Order, trade?: object): object {
    const { status, filled, quantity } = order
    const state = status === 'closed' ? 'filled' : status === 'open' && filled.gt(0) ? 'partially_filled' : status
    const kind = trade ? 'trade' : state === 'open' ? 'new' : state === 'partially_filled' ? 'restated' : state
    return {
      order_id: order.id,
      ...(order.clientId !== undefined && { cl_ord_id: order.clientId }),
      symbol: order.pair.wsname.replace('XBT', 'BTC'),
      side: order.side,
      order_type: order.type,
      order_qty: Number(quantity),
      ...(order.limitPrice && { limit_price: Number(order.limitPrice) }),
      cum_qty: Number(filled),
      cum_cost: Number(order.cost),
      exec_type: kind,
      order_status: state === 'open' ? 'new' : state,
      timestamp: world.now().toISOString(),
      ...trade,
    }
  }

  const of = (account?: Account) => [...streams].filter((stream) => !account || stream.account === account)

  return {
    upgrade: (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request)),
    tell(order, trade) {
      for (const stream of streams) {
        if (stream.account !== order.account) continue
        const left = losing.get(order.account) ?? 0
        if (trade && left > 0) {
          losing.set(order.account, left - 1)
          continue
        }
        const data = [executionOf(order, trade)]
        stream.tell(JSON.stringify({ channel: 'executions', type: 'update', data, sequence: ++stream.sequence }))
      }
    },
    lose(account, frames) {
      losing.set(account, frames)
      return () => losing.get(account) ?? 0
    },
    cut(account) {
      for (const stream of of(account)) stream.cut()
    },
    listening: () => of().flatMap(({ account }) => account ?? []),
    close() {
      clearInterval(beating)
      for (const stream of streams) stream.cut()
      sockets.close()
    },
  }
}
