import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** A path of this process's HTTP server, and who answers there. */
export interface Route {
  /** One path, or with `/*` at its end all paths below it. The longest path that fits a request answers it. */
  path: string
  methods: readonly string[]
  /** The longest body in bytes; longer ones are answered with 413. No body is read when absent. */
  bodyLimit?: number
  /** Answers a request; `body` is all that was sent with it. */
  handle(request: IncomingMessage, response: ServerResponse, body: Buffer): void | Promise<void>
  /** Takes over the connection of a request for another protocol. Without it such a request is answered with 400. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Called once, when the server or the route begins to close: ends what would go on for ever. */
  end?(): void
}

/** A route that is served. */
export interface MountedRoute {
  /** Answers with 503 from now on, and resolves when the requests under way have ended, or were cut off. */
  close(): Promise<void>
}

/** The HTTP server of this process, as somebody with a route sees it. */
export interface HttpServer {
  /** The port that it listens on; the wanted one before that. */
  readonly port: number
  /** Serves a route. Opens the port where that is not open yet, and rejects when it cannot be opened. */
  mount(route: Route): Promise<MountedRoute>
}
