import type { ServerResponse } from 'node:http'
import type { Answer } from '../broker/answering.ts'
import { createFrames } from '../broker/frames.ts'
import { BrokerRefusal } from '../broker/refusal.ts'
import { plain, type User, type World } from './world.ts'

/** The kinds of streams, and how many of each a user may have open. */
export const most = {
  orders: 40,
  'orders by id': 40,
  positions: 40,
  quotes: 500,
  bars: 500,
  depth: 10,
  'option chains': 10,
  'option quotes': 10,
} as const
export type Kind = keyof typeof most

/** One open stream of JSON objects in chunks of HTTP, one a line. */
export interface Stream {
  kind: Kind
  user: User
  /** The accounts or symbols that it is about. */
  about: readonly string[]
  /** Says something for certain: of the snapshot. */
  say(object: object): void
  /** Tells news, which the faults of the world may befall. */
  tell(object: object): void
}

/** The open streams of a server. */
export interface Streams {
  /** The answer that opens a stream; `begin` says its snapshot. */
  open(kind: Kind, user: User, about: readonly string[], begin: (stream: Stream) => void): Answer
  /** The open streams that are about something. */
  of(about?: string, kind?: Kind): Stream[]
  cut(about?: string): void
  /** They say nothing from now on, and have no heartbeat. */
  freeze(about?: string): void
  /** They go on with their heartbeats, and say nothing else. */
  hang(about?: string): void
  /** They say that the server goes away, and end. */
  goAway(about?: string): void
  /** They say something of the test's own. */
  sayToAll(object: object, about?: string): void
}

interface Opened extends Stream {
  response: ServerResponse
  /** `hung`: it has heartbeats alone; `frozen`: nothing. */
  state: 'fine' | 'hung' | 'frozen'
}

const isBrokerage = (kind: Kind) => kind === 'orders' || kind === 'orders by id' || kind === 'positions'

/** No streams yet. A stream that says nothing for `heartbeatMs` of the machine's time says that it lives. */
export function createStreams(world: World, heartbeatMs: () => number): Streams {
  const opened = new Set<Opened>()
  const chosen = (about?: string, kind?: Kind) =>
    [...opened].filter((one) => (about === undefined || one.about.includes(about)) && (!kind || one.kind === kind))

  function begin(kind: Kind, user: User, about: readonly string[], response: ServerResponse): Opened {
    let heartbeats = 0
    let timer: NodeJS.Timeout | undefined
    const write = (text: string) => {
      if (response.writableEnded || response.destroyed) return
      const cut = world.draws.happens('splitFrames') ? Math.floor(text.length / 2) : 0
      if (cut) response.write(text.slice(0, cut))
      response.write(text.slice(cut))
      wait()
    }
    const wait = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        if (stream.state !== 'frozen') line({ Heartbeat: ++heartbeats, Timestamp: plain(world.now()) })
      }, heartbeatMs()).unref()
    }
    const line = (object: object) => write(`${JSON.stringify(object)}\n`)
    const say = (text: string) => {
      if (stream.state === 'fine') write(text)
    }
    const frames = createFrames(world, { say, cut: () => response.destroy() })
    const stream: Opened = {
      kind,
      user,
      about,
      response,
      state: world.draws.happens('halfOpenStreams') ? 'frozen' : 'fine',
      say: (object) => say(`${JSON.stringify(object)}\n`),
      tell: (object) => frames(`${JSON.stringify(object)}\n`),
    }
    opened.add(stream)
    response.on('close', () => {
      clearTimeout(timer)
      opened.delete(stream)
    })
    wait()
    return stream
  }

  return {
    open(kind, user, about, first) {
      const count = [...opened].filter((one) => one.kind === kind && one.user === user).length
      if (count >= most[kind]) {
        const words = `Too many concurrent streams: ${most[kind]} at most`
        throw new BrokerRefusal(429, words, { Error: 'TooManyRequests', Message: words })
      }
      return {
        status: 200,
        stream(response) {
          const version = isBrokerage(kind) ? 'v3' : 'v2'
          response.writeHead(200, { 'Content-Type': `application/vnd.tradestation.streams.${version}+json` })
          response.flushHeaders()
          const stream = begin(kind, user, about, response)
          first(stream)
          if (stream.state === 'fine' && world.draws.happens('hungStreams')) stream.state = 'hung'
        },
      }
    },
    of: chosen,
    cut(about) {
      for (const { response } of chosen(about)) response.destroy()
    },
    freeze(about) {
      for (const stream of chosen(about)) stream.state = 'frozen'
    },
    hang(about) {
      for (const stream of chosen(about)) stream.state = 'hung'
    },
    goAway(about) {
      for (const { kind, say, response } of chosen(about)) {
        if (isBrokerage(kind)) say({ StreamStatus: 'GoAway' })
        else say({ Error: 'GoAway', Message: 'The server is about to shut down.' })
        response.end()
      }
    },
    sayToAll(object, about) {
      for (const { say } of chosen(about)) say(object)
    },
  }
}
