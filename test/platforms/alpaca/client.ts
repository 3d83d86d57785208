import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { Account } from './account.ts'

type Json = Record<string, unknown>

/** Something that can be asked, with the status and the JSON of its answers. */
export type Ask = (
  method: string,
  path: string,
  body?: object,
) => Promise<{ status: number; body: Json; headers: Headers }>

/** Asks a host with the keys of an account, or with a bearer token. */
export function asking(url: string, keys: Pick<Account, 'keyId' | 'secret'> | { token: string }): Ask {
  const headers: Record<string, string> =
    'token' in keys
      ? { Authorization: `Bearer ${keys.token}` }
      : { 'APCA-API-KEY-ID': keys.keyId, 'APCA-API-SECRET-KEY': keys.secret }
  return async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, ...(body && { 'Content-Type': 'application/json' }) },
      body: body && JSON.stringify(body),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: /^[{[]/.test(text) ? JSON.parse(text) : { text },
    }
  }
}

/** A client of a WebSocket that keeps what it hears. */
export interface Listener {
  heard: Json[]
  /** Are the frames binary? One entry a frame. */
  binary: boolean[]
  say(message: object): void
  ping(): void
  pongs(): number
  isClosed(): boolean
  close(): void
}

/** Opens a WebSocket; its messages are JSON, alone or in arrays. */
export async function listenTo(url: string): Promise<Listener> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'))
  const heard: Json[] = []
  const binary: boolean[] = []
  let pongs = 0
  socket.on('message', (data, isBinary) => {
    binary.push(isBinary)
    heard.push(...[JSON.parse(String(data))].flat())
  })
  socket.on('pong', () => pongs++)
  socket.on('error', () => undefined)
  await once(socket, 'open')
  return {
    heard,
    binary,
    say: (message) => socket.send(JSON.stringify(message)),
    ping: () => socket.ping(),
    pongs: () => pongs,
    isClosed: () => socket.readyState === WebSocket.CLOSED,
    close: () => socket.terminate(),
  }
}

/** Listens to the order stream of an account. */
export async function followOrders(
  url: string,
  { keyId, secret }: Pick<Account, 'keyId' | 'secret'>,
): Promise<Listener> {
  const stream = await listenTo(`${url}/stream`)
  stream.say({ action: 'authenticate', data: { key_id: keyId, secret_key: secret } })
  stream.say({ action: 'listen', data: { streams: ['trade_updates'] } })
  return stream
}
