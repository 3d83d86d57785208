import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import type { HttpServer, Route } from '../../base/http.ts'
import { problem, send } from './answer.ts'
import { notOpen } from './refusals.ts'
import { createRouter } from './router.ts'

/** The address and the routes of an HTTP server. */
export interface HttpServerOptions {
  /** 0 takes any free port. */
  port: number
  /** An address of this machine. The default is the loopback interface. */
  host?: string
  log: Logger
  /** Routes that are served from the start to the end. */
  routes?: readonly Route[]
  /** Paths whose routes are mounted later. They answer 503 until then. */
  absentPaths?: readonly string[]
}

/** An HTTP server that its own process opens and closes. */
export interface OwnHttpServer extends HttpServer {
  /** Listens. Rejects when the port cannot be opened; the caller may try again. */
  open(): Promise<void>
  /** Takes no more requests. Resolves when the requests under way have ended or were cut off. */
  close(): Promise<void>
}

const timeouts = {
  /** The limit for all headers of a request, in milliseconds. */
  headersTimeout: 5000,
  /** The limit for the whole request with its body, in milliseconds. */
  requestTimeout: 10_000,
  keepAliveTimeout: 5000,
  /** The interval of the check for slow clients, in milliseconds. */
  connectionsCheckingInterval: 1000,
}
/** A connection on which nothing moves for so long, in milliseconds, is cut off: its client reads no answer. */
const idleMs = 60_000
/** Connections at once; more are refused. */
const mostConnections = 2000
/** When the server closes, requests under way have this long to end, in milliseconds. */
const graceMs = 2000

/** Creates the one HTTP server of a process. It starts to listen with `open` or with the first `mount`. */
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
  const server = createServer({ ...timeouts, shouldUpgradeCallback: router.upgrades }, (request, response) => {
    response.once('close', () => {
      if (isClosing) server.closeIdleConnections()
    })
    if (isClosing) send(request, response, problem(503, notOpen(), { connection: 'close' }))
    else void router.serve(request, response)
  })
  server.timeout = idleMs
  server.maxConnections = mostConnections
  server.on('upgrade', (request, socket, head) => {
    if (isClosing) socket.destroy()
    else router.upgrade(request, socket, head)
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
      router.end()
      const cut = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(cut)
    },
  }
}
