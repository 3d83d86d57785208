import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Route } from '../../base/http.ts'
import { Refusal } from '../../base/refusal.ts'
import { eventStream, type Format } from './format/format.ts'
import { oldFormat } from './format/old-format.ts'
import { createHub, type HubTimes, type StreamWish } from './hub/hub.ts'
import { type Pipe, responsePipe } from './hub/pipe.ts'
import { createPlaces, type StreamLimits, usualLimits } from './reader/limits.ts'
import type { Doorkeeper, Reader } from './reader/reader.ts'
import { answerTo, awayLog, tooManyStreams, unknownThing } from './reader/refusals.ts'
import { cursorIn, nameIn, parametersOf, topicsIn } from './reader/request.ts'
import type { Topics } from './reader/topics.ts'
import { createSockets } from './sockets.ts'
import type { StreamParts } from './stream-parts.ts'

/** Limits and times, which tests change. */
export interface StreamOptions {
  limits?: StreamLimits
  times?: Partial<HubTimes>
}

/** A stream that a request asks for. */
interface Asked {
  reader: Reader
  topics: Topics
  format: Format
}

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // nginx would collect the answer.
  'x-accel-buffering': 'no',
}
const keepAliveMs = 30_000

/**
 * The routes of the streams of a process. `/api/stream` is the stream of the page and of programs, `/api/trading/stream/{account}` its
 * older shape, and `/events/{symbol}` a WebSocket. All end when the server begins to close.
 */
export function streamRoutes(parts: StreamParts, keeper: Doorkeeper, { limits, times }: StreamOptions = {}): Route[] {
  const hub = createHub(parts, keeper, times)
  const places = createPlaces(limits ?? usualLimits)
  const { log } = parts

  /** Opens a stream within the limits, or says why there is none. */
  async function open(wish: StreamWish): Promise<Refusal | undefined> {
    const giveBack = places.take(wish.reader.caller.memberId)
    if (typeof giveBack === 'string') return tooManyStreams(giveBack)
    const openPipe = (): Pipe => {
      const pipe = wish.openPipe()
      pipe.onClosed(giveBack)
      return pipe
    }
    try {
      await hub.open({ ...wish, openPipe })
      return undefined
    } catch (cause) {
      giveBack()
      throw cause
    }
  }

  /** Does something that may end in a refusal. A failure is one, too. */
  async function attempt(work: () => Promise<Refusal | undefined>): Promise<Refusal | undefined> {
    try {
      return await work()
    } catch (cause) {
      log.warn({ err: cause }, 'a stream could not begin')
      return awayLog()
    }
  }

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    ask: (request: IncomingMessage) => Promise<Refusal | Asked>,
  ): Promise<void> {
    const refusal = await attempt(async () => {
      const asked = await ask(request)
      if (asked instanceof Refusal) return asked
      return open({ ...asked, after: cursorIn(request), openPipe: () => begin(response) })
    })
    if (!refusal) return
    const { status, headers, body } = answerTo(refusal)
    if (response.headersSent) response.destroy()
    else response.writeHead(status, headers).end(body)
  }

  async function ask(request: IncomingMessage): Promise<Refusal | Asked> {
    const reader = await keeper.whoIs(request)
    if (reader instanceof Refusal) return reader
    const topics = await topicsIn(parts, request, reader)
    return topics instanceof Refusal ? topics : { reader, topics, format: eventStream }
  }

  /** Finds the reader by a stream token in the address, or else by the request itself. */
  async function whoReads(request: IncomingMessage): Promise<Refusal | Reader> {
    const token = parametersOf(request).get('token')
    return token === null ? keeper.whoIs(request) : keeper.withToken(token)
  }

  async function askOld(request: IncomingMessage): Promise<Refusal | Asked> {
    const reader = await whoReads(request)
    if (reader instanceof Refusal) return reader
    const account = Number(nameIn(request))
    if (!reader.accountIds.has(account)) return unknownThing('such account')
    const topics = { accounts: new Set([account]), symbols: new Set<string>(), scaleouts: new Set<number>() }
    return { reader, topics, format: oldFormat(account) }
  }

  const sockets = createSockets(parts, { open, attempt, whoReads })
  return [
    {
      path: '/api/stream',
      methods: ['GET'],
      handle: (request, response) => serve(request, response, ask),
      end() {
        sockets.close()
        hub.close()
      },
    },
    {
      path: '/api/trading/stream/*',
      methods: ['GET'],
      handle: (request, response) => serve(request, response, askOld),
    },
    {
      path: '/events/*',
      methods: ['GET'],
      handle: (_, response) => void response.writeHead(426, { upgrade: 'websocket', connection: 'upgrade' }).end(),
      upgrade: (request, socket, head) => void sockets.upgrade(request, socket, head),
    },
  ]
}

function begin(response: ServerResponse): Pipe {
  response.socket?.setKeepAlive(true, keepAliveMs)
  response.writeHead(200, streamHeaders)
  return responsePipe(response)
}
