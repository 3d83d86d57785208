import type { Connection } from '../talk/chat/connection.ts'
import type { DoorName } from '../talk/chat/place.ts'
import { docsRoutes } from './docs/docs-routes.ts'
import { figureRoutes } from './figures/figures.ts'
import { hookRoute } from './hooks/hook-route.ts'
import { clientAddresses } from './http/client-address.ts'
import { createHttpServer, type HttpServerOptions, type OwnHttpServer } from './http/http-server.ts'
import { originsOf } from './http/origins.ts'
import { linkRoutes } from './link/link-routes.ts'
import { apiRoute } from './routes/api-route.ts'
import type { ApiDesk, Ground } from './routes/context.ts'
import { limitOf } from './sessions/at-most.ts'
import { cookieName } from './sessions/cookie.ts'
import { identify } from './sessions/identify.ts'
import { createDoorkeeper } from './stream/reader/doorkeeper.ts'
import { type StreamOptions, streamRoutes } from './stream/streams.ts'

/** The address to listen on, and the facts of this process alone. */
export interface ApiOptions extends Omit<HttpServerOptions, 'log'> {
  /** The doors of this process. */
  doors?: ReadonlyMap<DoorName, Connection>
  /** Limits and times of streams, which tests change. */
  streams?: StreamOptions
  /** Attempts to sign in from one address in a minute. */
  loginsPerMinute?: number
}

const minuteMs = 60_000

/** Creates the HTTP server of a process: the API, its streams and documents, hooks, `/metrics`, `/health` and `/ready`. It does not listen yet. */
export function createApi(
  desk: ApiDesk,
  { doors = new Map(), streams, loginsPerMinute = 10, routes = [], ...where }: ApiOptions,
): OwnHttpServer {
  const { parts, config } = desk
  const origins = originsOf(config.PUBLIC_URL)
  const cookie = (): string => cookieName({ isSecure: origins.isSecure, port: server.port })
  const addressOf = clientAddresses(config.TRUST_PROXY)
  const ground: Ground = { desk, origins, addressOf, cookie, loginAttempts: limitOf(loginsPerMinute, minuteMs) }
  const identifying = { db: parts.db, now: () => parts.clock.now(), origins, cookie }
  const keeper = createDoorkeeper(parts, (request) => identify(identifying, request))
  const server = createHttpServer({
    ...where,
    log: parts.log,
    routes: [
      ...figureRoutes(desk, doors, addressOf),
      apiRoute(ground),
      ...docsRoutes(),
      hookRoute(ground),
      ...linkRoutes({ ...ground, port: () => server.port }),
      ...streamRoutes(parts, keeper, streams),
      ...routes,
    ],
  })
  return server
}
