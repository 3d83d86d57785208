import { createHttpServer, type OwnHttpServer } from '../../../src/api/http/http-server.ts'
import { originsOf } from '../../../src/api/http/origins.ts'
import { cookieName } from '../../../src/api/sessions/cookie.ts'
import { identify } from '../../../src/api/sessions/identify.ts'
import { createDoorkeeper } from '../../../src/api/stream/reader/doorkeeper.ts'
import type { StreamParts } from '../../../src/api/stream/stream-parts.ts'
import { type StreamOptions, streamRoutes } from '../../../src/api/stream/streams.ts'

/** Serves the streams of a desk, and nothing else, on a free port. */
export async function serveStreams(parts: StreamParts, options: StreamOptions = {}): Promise<OwnHttpServer> {
  const identifying = {
    db: parts.db,
    now: () => parts.clock.now(),
    origins: originsOf(undefined),
    cookie: () => cookieName({ isSecure: false, port: server.port }),
  }
  const keeper = createDoorkeeper(parts, (request) => identify(identifying, request))
  const server = createHttpServer({ port: 0, log: parts.log, routes: streamRoutes(parts, keeper, options) })
  await server.open()
  return server
}
