import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAllowances } from './slack-allowances.ts'
import { takeUpload } from './slack-files.ts'
import {
  createHttpLine,
  createSocketLine,
  type Delivery,
  type Line,
  type SocketLine,
  type Taken,
} from './slack-lines.ts'
import { type Args, methods, readContent } from './slack-methods.ts'
import { createPeople, type People } from './slack-people.ts'
import { type Json, SlackRefusal, SlackWorld } from './slack-world.ts'

/**
 * A failure of a call: an HTTP status, Slack's `ok: false`, or a broken connection: `lost` before the call was processed,
 * `dropped` after it, `silent` when it is never answered. `none` lets one call pass before the next failure.
 */
export type Failure =
  | { status: number; retryAfter?: number }
  | { error: string }
  | 'lost'
  | 'dropped'
  | 'silent'
  | 'none'

/** A call of the Web API. */
export interface Call {
  method: string
  args: Args
  at: number
}

/** A local Slack: the Web API, Socket Mode, signed HTTP, and the people in the workspace. */
export interface SlackServer {
  world: SlackWorld
  people: People
  /** For `SLACK_API`. */
  api: string
  socket: SocketLine
  /** From now on delivers everything to this request URL instead of by Socket Mode. */
  useHttp(url: string): void
  /** Delivers to the app, and records a delivery that it does not acknowledge in time. */
  deliver(delivery: Delivery): Promise<Taken>
  /** The next calls of this method fail, one after the other. */
  fail(method: string, ...failures: Failure[]): void
  /**
   * From now on a channel, including its threads, accepts one message every `everyMs` milliseconds and `burst` at once; more
   * are answered by 429.
   */
  limitChannels(limit: { everyMs: number; burst: number }): void
  /** The number of messages over the limit of their channel. */
  limited(): number
  /** Holds back the answer to the next call of this method, after the call was done, until it is let go. */
  hold(method: string): { reached: Promise<void>; letGo(): void }
  /** Every call, oldest first. */
  calls: Call[]
  /** Deliveries that were not acknowledged within three seconds. */
  unacknowledged: Delivery[]
  close(): Promise<void>
}

/** Starts a local Slack on a free port of the loopback interface. */
export async function startSlackServer(): Promise<SlackServer> {
  const world = new SlackWorld()
  const socket = createSocketLine()
  const failures = new Map<string, Failure[]>()
  const calls: Call[] = []
  const allowances = createAllowances()
  const holds = new Map<string, { reach: () => void; gone: Promise<void> }>()
  const unacknowledged: Delivery[] = []
  const underway = new Set<Promise<unknown>>()
  let line: Line = socket
  let closed = false

  const http = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  http.on('upgrade', socket.upgrade)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const base = `127.0.0.1:${(http.address() as AddressInfo).port}`
  const people = createPeople({ world, deliver, responseUrl: (id) => `http://${base}/response/${id}` })
  const socketUrl = () => `ws://${base}/link?ticket=${socket.ticket()}`
  const server = { world, socketUrl, uploadUrl: (file: string) => `http://${base}/upload/${file}`, emit }

  return {
    world,
    people,
    api: `http://${base}/api/`,
    socket,
    useHttp: (url) => {
      line = createHttpLine(url, world)
    },
    deliver,
    fail(method, ...more) {
      failures.set(method, [...(failures.get(method) ?? []), ...more])
    },
    limitChannels: allowances.limit,
    limited: allowances.limited,
    hold(method) {
      const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
      const { promise: gone, resolve: letGo } = Promise.withResolvers<void>()
      holds.set(method, { reach, gone })
      return { reached, letGo }
    },
    calls,
    unacknowledged,
    async close() {
      closed = true
      socket.close()
      await Promise.allSettled(underway)
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }

  async function deliver(delivery: Delivery): Promise<Taken> {
    const taking = line.deliver(delivery)
    underway.add(taking)
    const taken = await taking
    underway.delete(taking)
    if (!taken.acknowledged && !closed) unacknowledged.push(delivery)
    return taken
  }

  /** Slack also tells an app about its own messages. Nobody waits for that, and an app that is gone misses it. */
  function emit(event: Json): void {
    const delivery = people.asEvent(event)
    const taking = line.deliver(delivery).finally(() => underway.delete(taking))
    underway.add(taking)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await read(request)
    const body = bytes.toString()
    const path = new URL(request.url!, 'http://localhost').pathname
    if (path.startsWith('/upload/')) return upload(response, path.slice('/upload/'.length), bytes)
    if (path.startsWith('/response/')) return send(response, respond(path.slice('/response/'.length), body), {})
    if (!path.startsWith('/api/') || request.method !== 'POST') return send(response, 404, {})

    const method = path.slice('/api/'.length)
    const args = Object.fromEntries(new URLSearchParams(body))
    calls.push({ method, args, at: Date.now() })
    if (method === 'chat.postMessage' && !allowances.take(args.channel ?? '')) {
      return send(response, 429, {}, { 'retry-after': '1' })
    }
    const failure = failures.get(method)?.shift()
    if (failure === 'silent') return
    if (failure === 'lost') return void response.destroy()
    if (typeof failure === 'object' && 'status' in failure) {
      const { status, retryAfter } = failure
      return send(response, status, {}, retryAfter === undefined ? undefined : { 'retry-after': String(retryAfter) })
    }
    const refused = typeof failure === 'object'
    const result = refused ? { ok: false, error: failure.error } : call(method, args, request)
    if (failure === 'dropped') return void response.destroy()
    const hold = holds.get(method)
    holds.delete(method)
    hold?.reach()
    await hold?.gone
    send(response, 200, result)
  }

  /** The bytes of a file; failures of it have the name `upload`. */
  function upload(response: ServerResponse, id: string, bytes: Buffer): void {
    calls.push({ method: 'upload', args: { id, length: String(bytes.length) }, at: Date.now() })
    const failure = failures.get('upload')?.shift()
    if (failure === 'lost') return void response.destroy()
    const refused = typeof failure === 'object' && 'status' in failure
    send(response, refused ? failure.status : takeUpload(world, id, bytes), {})
  }

  function call(method: string, args: Args, request: IncomingMessage): Json {
    try {
      const token = request.headers.authorization?.replace('Bearer ', '')
      if (!token) throw new SlackRefusal('not_authed')
      const wanted = method === 'apps.connections.open' ? world.appToken : world.botToken
      if (token !== wanted) {
        const known = [world.appToken, world.botToken].includes(token)
        throw new SlackRefusal(known ? 'not_allowed_token_type' : 'invalid_auth')
      }
      const revoked = token === world.appToken ? world.appTokenRevoked : world.revoked
      if (revoked) throw new SlackRefusal(revoked)
      const implementation = methods[method]
      if (!implementation) throw new SlackRefusal('unknown_method')
      return { ok: true, ...implementation(server, args) }
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error
      const messages = error.details.map((detail) => `[ERROR] ${detail}`)
      return { ok: false, error: error.error, response_metadata: { messages } }
    }
  }

  /** A `response_url`: five uses, for the person or (by `response_type`) for the channel. Returns the status. */
  function respond(id: string, body: string): number {
    const target = world.responses.get(id)
    if (!target || target.uses >= 5) return 404
    target.uses += 1
    const message = JSON.parse(body)
    calls.push({ method: 'response_url', args: message, at: Date.now() })
    const failure = failures.get('response_url')?.shift()
    if (typeof failure === 'object' && 'status' in failure) return failure.status
    if (message.delete_original || message.replace_original === true) {
      const index = world.ephemerals.findIndex((ephemeral) => ephemeral.ts === target.ephemeral)
      if (index >= 0) world.ephemerals.splice(index, 1)
      if (message.delete_original) return 200
    }
    try {
      const content = readContent(message)
      const ts = world.nextTs()
      if (message.response_type === 'in_channel') {
        const { userId: user, botId: bot_id } = world.bot
        world.messages.push({ type: 'message', ts, channel: target.channel, user, bot_id, ...content })
      } else world.ephemerals.push({ ts, channel: target.channel, user: target.user, ...content })
      return 200
    } catch (error) {
      if (error instanceof SlackRefusal) return 400
      throw error
    }
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function send(response: ServerResponse, status: number, body: Json, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
