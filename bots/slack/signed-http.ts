import { HTTPReceiver, type Logger as SlackLogger } from '@slack/bolt'
import type { HttpServer, MountedRoute, Route } from '../../src/base/http.ts'
import { limits } from './limits.ts'
import { slackPath } from './path.ts'

/** Signed HTTP: what Slack posts to this process's HTTP server, once its signature is looked at. */
export interface SignedHttp {
  receiver: HTTPReceiver
  /** Takes requests from now on; answers with the port. Rejects when that cannot be opened. */
  start(): Promise<number>
  /** Takes no more requests, and resolves when those under way are acknowledged. */
  stop(): Promise<void>
}

/** Bolt's receiver as a route of this process's HTTP server. */
export function createSignedHttp(signingSecret: string, http: HttpServer, logger: SlackLogger): SignedHttp {
  const receiver = new HTTPReceiver({ signingSecret, endpoints: slackPath, logger })
  const route: Route = {
    path: slackPath,
    methods: ['POST'],
    bodyLimit: limits.deliveryBytes,
    handle(request, response, body) {
      // Bolt reads no body that is there already.
      receiver.requestListener(Object.assign(request, { rawBody: body }), response)
    },
  }
  let mounted: MountedRoute | undefined
  return {
    receiver,
    async start() {
      mounted = await http.mount(route)
      return http.port
    },
    async stop() {
      await mounted?.close()
    },
  }
}
