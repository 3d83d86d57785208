import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import type { HttpServer, Route } from '../base/http.ts'
import { json, send } from './answer.ts'
import { createRouter } from './router.ts'

/** Where to listen, and what is served. */
export interface HttpServerOptions {
  /** 0 takes any free port. */
  port: number
  /** The address of this machine; the loopback interface when absent. */
  host?: string
  log: Logger
  /** What is served for as long as it listens. */
  routes?: readonly Route[]
  /** Paths whose routes come later: 503 is the answer there until then. */
  absentPaths?: readonly string[]
}

/** An HTTP server that its process opens and closes. */
export interface OwnHttpServer extends HttpServer {
  /** Listens. Rejects when the port cannot be opened; it may be tried again. */
  open(): Promise<void>
  /** Takes no more requests, and resolves when those under way have ended, or were cut off. */
  close(): Promise<void>
}

const timeouts = {
  /** All headers of a request have come by then, … */
  headersTimeout: 5000,
  /** … and all of its body. */
  requestTimeout: 10_000,
  keepAliveTimeout: 5000,
  /** How often it is looked whether somebody takes longer. */
  connectionsCheckingInterval: 1000,
}
/** How long the requests under way have to end when the server is closed. */
const graceMs = 2000

/** The one HTTP server of a process. It listens when it is opened, or when a route is mounted by somebody else. */
export function createHttpServer({
  port,
  host = '127.0.0.1',
  log,
  routes = [],
  absentPaths,
}: HttpServerOptions): OwnHttpServer {
  const router = createRouter(log, absentPaths)
  for (const route of routes) router.mount(route)
  let opening: Promise<void> | undefined
  let isClosing = false
  const server = createServer(timeouts, (request, response) => {
    response.once('close', () => {
      if (isClosing) server.closeIdleConnections()
    })
    if (isClosing) send(request, response, json(503, { status: 'closing' }, { connection: 'close' }))
    else void router.serve(request, response)
  })
  server.on('error', (cause) => log.warn({ err: cause }, 'the HTTP server has trouble'))

  async function listen(): Promise<void> {
    server.listen({ port, host })
    await once(server, 'listening')
  }

  async function open(): Promise<void> {
    if (isClosing) throw new Error('the HTTP server is closed')
    opening ??= listen()
    try {
      await opening
    } catch (cause) {
      opening = undefined
      throw cause
    }
  }

  return {
    get port() {
      return (server.address() as AddressInfo | null)?.port ?? port
    },
    open,
    async mount(route) {
      await open()
      return router.mount(route)
    },
    async close() {
      isClosing = true
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      const cut = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(cut)
    },
  }
}
