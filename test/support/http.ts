import { pino } from 'pino'
import { createHttpServer, type HttpServerOptions, type OwnHttpServer } from '../../src/api/http/http-server.ts'

/** The HTTP server of a process, for a door; it listens on a free port, or the one named, once a route is mounted. */
export function httpServer(where: Partial<HttpServerOptions> = {}): OwnHttpServer {
  return createHttpServer({ port: 0, log: pino({ level: 'silent' }), ...where })
}
