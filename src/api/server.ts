import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { collectDefaultMetrics, Registry } from 'prom-client'
import { metrics } from '../base/metrics.ts'
import type { Config } from '../config.ts'
import type { Connection } from '../talk/chat/connection.ts'
import type { DoorName } from '../talk/chat/place.ts'
import type { Parts } from '../trading/parts.ts'
import { carries } from './bearer.ts'
import { createGauges } from './gauges.ts'
import { checkReady } from './ready.ts'
import { createTally } from './tally.ts'

/** Where to listen, and what there is to say of this process alone. */
export interface ApiOptions {
  port: number
  /** The address of this machine; the loopback interface when absent. */
  host?: string
  /** The doors of this process. */
  doors?: ReadonlyMap<DoorName, Connection>
}

/** A running server of `/metrics`, `/health` and `/ready`. */
export interface Api {
  port: number
  close(): Promise<void>
}

interface Answer {
  status: number
  type: string
  body: string
  headers?: Record<string, string>
}

/**
 * Serves figures on a port: `/metrics` for Prometheus, `/health` (this process is alive), `/ready` (the desk is at
 * work). They hold no secret and no word of a member; `/metrics` wants METRICS_TOKEN as a bearer token where that is set.
 * Rejects when the port is taken.
 */
export async function startApi(
  { parts, config }: { parts: Parts; config: Config },
  { port, host = '127.0.0.1', doors = new Map() }: ApiOptions,
): Promise<Api> {
  const whole = new Registry()
  collectDefaultMetrics({ register: whole })
  const refresh = createGauges(parts, createTally(parts, [whole]), [whole])
  const all = Registry.merge([metrics, whole])
  const began = performance.now()

  const answers: Record<string, (request: IncomingMessage) => Promise<Answer>> = {
    async '/metrics'({ headers }) {
      const token = config.METRICS_TOKEN
      if (token !== undefined && !carries(headers.authorization, token)) {
        const wanted = { 'www-authenticate': 'Bearer realm="metrics"' }
        return { ...json(401, { status: 'a bearer token is wanted: METRICS_TOKEN' }), headers: wanted }
      }
      await refresh()
      return { status: 200, type: all.contentType, body: await all.metrics() }
    },
    async '/health'() {
      return json(200, { status: 'ok', uptimeSeconds: Math.round((performance.now() - began) / 1000) })
    },
    async '/ready'() {
      const { ready, checks } = await checkReady(parts, config, doors)
      return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks })
    },
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const path = request.url?.split('?')[0] ?? ''
    const known = Object.hasOwn(answers, path) ? answers[path] : undefined
    if (!known) return json(404, { status: 'not found' })
    if (request.method !== 'GET' && request.method !== 'HEAD') return json(405, { status: 'only GET' })
    return known(request).catch((cause) => {
      parts.log.error({ err: cause, path }, 'a figure could not be served')
      return json(500, { status: 'failed' })
    })
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, type, body, headers } = await answer(request)
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...headers })
    response.end(request.method === 'HEAD' ? undefined : body)
  }

  const server = createServer((request, response) => void serve(request, response))
  server.requestTimeout = 10_000
  server.listen({ port, host })
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const json = (status: number, body: unknown): Answer => ({
  ...{ status, type: 'application/json; charset=utf-8' },
  body: `${JSON.stringify(body)}\n`,
})
