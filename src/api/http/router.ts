import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import type { MountedRoute, Route } from '../../base/http.ts'
import { type Answer, problem, send } from './answer.ts'
import { readBody } from './body.ts'
import { nowhere } from './nowhere.ts'
import { notAnswered, notFinished, notOpen, tooLong, wrongMethod } from './refusals.ts'

/** When a route closes, its requests under way have this long to end, in milliseconds. */
const graceMs = 1000

/** Routes by path. */
export interface Router {
  /** Serves a route until it is closed. Throws when an open route has the same path. */
  mount(route: Route): MountedRoute
  /** Answers a request. Never throws. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Is a request for another protocol at a route that takes such? Elsewhere it is an ordinary one. */
  upgrades(request: IncomingMessage): boolean
  /** Hands a request for another protocol to its route, or refuses it. Never throws. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Ends what would go on for ever. */
  end(): void
}

/** A route with its requests under way. A closed route stays in the table, so that its path answers 503 and not 404. */
interface Entry {
  route: Route
  isClosed: boolean
  underway: Set<ServerResponse>
}

/** Creates an empty router. The `absentPaths` answer 503 until a route is mounted there. */
export function createRouter(log: Logger, absentPaths: readonly string[] = []): Router {
  const entries = new Map<string, Entry>()

  /** The entry of the path itself, or of the nearest path above it that takes all below. */
  function entryAt(path: string): Entry | undefined {
    const own = entries.get(path)
    if (own || absentPaths.includes(path)) return own
    for (let above = path; above !== ''; ) {
      above = above.slice(0, above.lastIndexOf('/'))
      const entry = entries.get(`${above}/*`)
      if (entry) return entry
    }
    return undefined
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<Answer | undefined> {
    const path = pathOf(request)
    const entry = entryAt(path)
    if (!entry && !absentPaths.includes(path)) return nowhere(request)
    if (!entry || entry.isClosed) return problem(503, notOpen(), { connection: 'close' })
    const { methods, bodyLimit } = entry.route
    if (!methods.includes(request.method ?? '')) {
      return problem(405, wrongMethod(methods), { allow: methods.join(', ') })
    }
    entry.underway.add(response)
    response.once('close', () => entry.underway.delete(response))
    const body = bodyLimit === undefined ? Buffer.alloc(0) : await readBody(request, bodyLimit)
    if (body === 'gone') return undefined
    if (body === 'too long') return problem(413, tooLong(bodyLimit!), { connection: 'close' })
    try {
      await entry.route.handle(request, response, body)
      return undefined
    } catch (cause) {
      // The path of some requests is a secret, so the log has that of the route.
      log.error({ err: cause, route: entry.route.path }, 'a request could not be answered')
      return problem(500, request.method === 'GET' ? notAnswered() : notFinished())
    }
  }

  return {
    mount(route) {
      const before = entries.get(route.path)
      if (before && !before.isClosed) throw new Error(`two routes at ${route.path}`)
      const entry: Entry = { route, isClosed: false, underway: new Set() }
      entries.set(route.path, entry)
      return {
        async close() {
          entry.isClosed = true
          route.end?.()
          await ended(entry.underway)
        },
      }
    },
    async serve(request, response) {
      const answered = await answer(request, response)
      if (!answered) return
      if (response.headersSent) response.destroy()
      else send(request, response, answered)
    },
    upgrades: (request) => entryAt(pathOf(request))?.route.upgrade !== undefined,
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy())
      const entry = entryAt(pathOf(request))
      const isOpen = entry !== undefined && !entry.isClosed
      if (!isOpen || !entry.route.upgrade) {
        socket.end(`HTTP/1.1 ${isOpen ? '400 Bad Request' : '404 Not Found'}\r\nConnection: close\r\n\r\n`)
        return
      }
      try {
        entry.route.upgrade(request, socket, head)
      } catch (cause) {
        log.error({ err: cause, route: entry.route.path }, 'a connection could not be taken over')
        socket.destroy()
      }
    },
    end() {
      for (const { route, isClosed } of entries.values()) if (!isClosed) route.end?.()
    },
  }
}

/** The path of a request, without its query. */
export function pathOf({ url }: Pick<IncomingMessage, 'url'>): string {
  return url?.split('?')[0] ?? ''
}

/** Waits for the requests under way, and cuts off those that take too long. */
async function ended(underway: Set<ServerResponse>): Promise<void> {
  const ends = [...underway].map((response) => new Promise((resolve) => response.once('close', resolve)))
  const cut = setTimeout(() => {
    for (const response of underway) response.destroy()
  }, graceMs)
  await Promise.all(ends)
  clearTimeout(cut)
}
