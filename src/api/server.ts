import type { Config } from '../config.ts'
import type { Connection } from '../talk/chat/connection.ts'
import type { DoorName } from '../talk/chat/place.ts'
import type { Parts } from '../trading/parts.ts'
import { figureRoutes } from './figures.ts'
import { createHttpServer, type HttpServerOptions, type OwnHttpServer } from './http-server.ts'

/** Where to listen, and what there is to say of this process alone. */
export interface ApiOptions extends Omit<HttpServerOptions, 'log' | 'routes'> {
  /** The doors of this process. */
  doors?: ReadonlyMap<DoorName, Connection>
}

/** The HTTP server of a process of the desk, with `/metrics`, `/health` and `/ready`. It does not listen yet. */
export function createApi(
  desk: { parts: Parts; config: Config },
  { doors = new Map(), ...where }: ApiOptions,
): OwnHttpServer {
  return createHttpServer({ ...where, log: desk.parts.log, routes: figureRoutes(desk, doors) })
}

/** The same, listening. Rejects when the port is taken. */
export async function startApi(desk: { parts: Parts; config: Config }, options: ApiOptions): Promise<OwnHttpServer> {
  const api = createApi(desk, options)
  await api.open()
  return api
}
