import type { Config } from '../config.ts'
import type { Connection } from '../talk/chat/connection.ts'
import type { DoorName } from '../talk/chat/place.ts'
import type { Parts } from '../trading/parts.ts'
import { figureRoutes } from './figures/figures.ts'
import { createHttpServer, type HttpServerOptions, type OwnHttpServer } from './http/http-server.ts'

/** The address to listen on, and the facts of this process alone. */
export interface ApiOptions extends Omit<HttpServerOptions, 'log' | 'routes'> {
  /** The doors of this process. */
  doors?: ReadonlyMap<DoorName, Connection>
}

/** Creates the HTTP server of a process, with `/metrics`, `/health` and `/ready`. It does not listen yet. */
export function createApi(
  desk: { parts: Parts; config: Config },
  { doors = new Map(), ...where }: ApiOptions,
): OwnHttpServer {
  return createHttpServer({ ...where, log: desk.parts.log, routes: figureRoutes(desk, doors) })
}
