import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Parts } from '../../trading/parts.ts'
import { eventStream, type Format } from './format.ts'
import { createHub, type HubTimes, type StreamWish } from './hub.ts'
import { createPlaces, type StreamLimits, usualLimits } from './limits.ts'
import { oldFormat } from './old-format.ts'
import { type Pipe, responsePipe } from './pipe.ts'
import { answerTo, isProblem, type Problem, problems } from './problems.ts'
import type { Doorkeeper, Reader } from './reader.ts'
import { cursorIn, parametersOf, topicsIn } from './request.ts'
import { createSockets } from './sockets.ts'
import { spendStreamToken } from './stream-token.ts'

/** The streams of a process. Each method answers its request, and never throws. */
export interface Streams {
  /** `GET /api/stream?topics=…`: server-sent events. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** `GET /api/trading/stream/{account}?token=…`: the older shape. `account` is the text in the path. */
  serveOld(request: IncomingMessage, response: ServerResponse, account: string): Promise<void>
  /** `/events/{symbol}`: a WebSocket. `symbol` is the text in the path. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, symbol: string): Promise<void>
  /** Ends all streams, each with a hint when to come back. */
  close(): void
}

/** Limits and times, which tests change. */
export interface StreamOptions {
  limits?: StreamLimits
  times?: Partial<HubTimes>
}

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // nginx would collect the answer.
  'x-accel-buffering': 'no',
}

/** Creates the streams of a process; `keeper` says who reads. */
export function createStreams(parts: Parts, keeper: Doorkeeper, { limits, times }: StreamOptions = {}): Streams {
  const hub = createHub(parts, keeper, times)
  const places = createPlaces(limits ?? usualLimits)
  const { log } = parts

  /** Opens a stream within the limits. Returns the reason when there is none. */
  async function open(wish: StreamWish): Promise<Problem | undefined> {
    const giveBack = places.take(wish.reader.memberId)
    if (typeof giveBack === 'string') return problems.tooMany(giveBack)
    try {
      const openPipe = (): Pipe => {
        const pipe = wish.openPipe()
        pipe.onClosed(giveBack)
        return pipe
      }
      await hub.open({ ...wish, openPipe })
      return undefined
    } catch (cause) {
      giveBack()
      log.warn({ err: cause }, 'a stream could not begin')
      return problems.away()
    }
  }

  /** Answers with a stream, or with the reason why there is none. */
  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    wished: () => Promise<Problem | { reader: Reader; topics: StreamWish['topics']; format: Format }>,
  ): Promise<void> {
    const problem = await attempt(async () => {
      const wish = await wished()
      if (isProblem(wish)) return wish
      // The reader may have gone while the desk looked who it is.
      if (response.destroyed) return undefined
      return open({ ...wish, after: cursorIn(request), openPipe: () => beginResponse(response) })
    })
    if (!problem) return
    const { status, headers, body } = answerTo(problem)
    if (response.headersSent) response.destroy()
    else response.writeHead(status, headers).end(body)
  }

  async function attempt(work: () => Promise<Problem | undefined>): Promise<Problem | undefined> {
    try {
      return await work()
    } catch (cause) {
      log.warn({ err: cause }, 'a stream could not begin')
      return problems.away()
    }
  }

  /** The reader with a stream token, who may still read what the token's holder may. */
  async function readerOf(token: string): Promise<Reader | undefined> {
    const holder = await spendStreamToken(parts.redis, token)
    return holder && keeper.still({ ...holder, accountIds: new Set() })
  }

  const sockets = createSockets(parts, { open, attempt, whoIs: keeper.whoIs, readerOf })

  return {
    serve: (request, response) =>
      answer(request, response, async () => {
        const reader = await keeper.whoIs(request)
        if (!reader) return problems.stranger()
        const topics = await topicsIn(parts, request, reader)
        return isProblem(topics) ? topics : { reader, topics, format: eventStream }
      }),
    serveOld: (request, response, account) =>
      answer(request, response, async () => {
        const token = parametersOf(request).get('token')
        const reader = token ? await readerOf(token) : await keeper.whoIs(request)
        if (!reader) return token ? problems.spentToken() : problems.stranger()
        const id = Number(account)
        if (!reader.accountIds.has(id)) return problems.unknown('such account')
        return {
          reader,
          topics: { accounts: new Set([id]), symbols: new Set(), scaleouts: new Set() },
          format: oldFormat(id),
        }
      }),
    upgrade: sockets.upgrade,
    close() {
      sockets.closing()
      hub.close()
    },
  }
}

function beginResponse(response: ServerResponse): Pipe {
  response.socket?.setKeepAlive(true, 30_000)
  response.writeHead(200, streamHeaders)
  return responsePipe(response)
}
