import type { IncomingMessage } from 'node:http'
import type { Route } from '../../base/http.ts'
import { pathOf } from '../http/router.ts'
import type { Streams } from './streams.ts'

/** The routes of the streams: `/api/stream`, the older shape, and the WebSocket `/events/{symbol}`. */
export function streamRoutes(streams: Streams): Route[] {
  const last = (request: IncomingMessage) => pathOf(request).split('/').at(-1) ?? ''
  return [
    {
      path: '/api/stream',
      methods: ['GET'],
      handle: (request, response) => streams.serve(request, response),
      // Called when the server begins to close, before the other routes are waited for.
      end: () => streams.close(),
    },
    {
      path: '/api/trading/stream/*',
      methods: ['GET'],
      handle: (request, response) => streams.serveOld(request, response, last(request)),
    },
    {
      path: '/events/*',
      methods: ['GET'],
      handle(_, response) {
        response.writeHead(426, { upgrade: 'websocket', 'content-type': 'text/plain' }).end('This is a WebSocket.\n')
      },
      upgrade: (request, socket, head) => void streams.upgrade(request, socket, head, last(request)),
    },
  ]
}
