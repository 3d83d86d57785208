import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Route } from '../../base/http.ts'
import { Refusal } from '../../base/refusal.ts'
import { runOf } from '../../strategies/runs/rows/runs.ts'
import { seesRun } from '../sessions/caller.ts'
import { eventStream, type Format } from './format/format.ts'
import { oldFormat } from './format/old-format.ts'
import { endId, runFormat } from './format/run-format.ts'
import { createHub, type HubTimes, type StreamWish } from './hub/hub.ts'
import { type Pipe, responsePipe } from './hub/pipe.ts'
import { createPlaces, type StreamLimits, usualLimits } from './reader/limits.ts'
import type { Doorkeeper, Reader } from './reader/reader.ts'
import { answerTo, awayLog, tooManyStreams, unknownThing } from './reader/refusals.ts'
import { cursorIn, nameIn, parametersOf, topicsIn } from './reader/request.ts'
import { nothing, type Topics } from './reader/topics.ts'
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
 * older shape, `/api/strategies/sse/{run}` the progress of one run, and `/events/{symbol}` a WebSocket. All end when the server begins to close.
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
    ask: (request: IncomingMessage) => Promise<Refusal | Asked | undefined>,
  ): Promise<void> {
    const refusal = await attempt(async () => {
      const asked = await ask(request)
      if (asked instanceof Refusal) return asked
      if (!asked) return void response.writeHead(204, { 'cache-control': 'no-store' }).end()
      return open({
        ...asked,
        after: asked.format === runFormat ? undefined : cursorIn(request),
        openPipe: () => begin(response),
      })
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
    return { reader, topics: { ...nothing, accounts: new Set([account]) }, format: oldFormat(account) }
  }

  /** The stream of one run. A reader that has heard of its end is sent away by 204, after which no browser comes back. */
  async function askRun(request: IncomingMessage): Promise<Refusal | Asked | undefined> {
    const reader = await whoReads(request)
    if (reader instanceof Refusal) return reader
    const run = await runOf(parts.db, reader.caller.memberId, nameIn(request) ?? '')
    if (!run || !seesRun(reader.caller, run)) return unknownThing('such run')
    if (request.headers['last-event-id'] === endId) return undefined
    return { reader, topics: { ...nothing, runs: new Set([run.runId]) }, format: runFormat }
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
      path: '/api/strategies/sse/*',
      methods: ['GET'],
      handle: (request, response) => serve(request, response, askRun),
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
