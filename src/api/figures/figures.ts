import type { IncomingMessage } from 'node:http'
import { collectDefaultMetrics, Registry } from 'prom-client'
import type { Route } from '../../base/http.ts'
import { metrics } from '../../base/metrics.ts'
import type { Config } from '../../config.ts'
import type { Connection } from '../../talk/chat/connection.ts'
import type { DoorName } from '../../talk/chat/place.ts'
import type { Parts } from '../../trading/parts.ts'
import { type Answer, json, send } from '../http/answer.ts'
import { carries } from '../http/bearer.ts'
import type { ClientAddress } from '../http/client-address.ts'
import { createGauges } from './gauges.ts'
import { checkReady } from './ready.ts'
import { createTally } from './tally.ts'

/**
 * The routes `/metrics` for Prometheus, `/health` (this process is alive) and `/ready` (the desk works). They show no secret
 * and no member's message. `/metrics` needs METRICS_TOKEN as a bearer token if it is set, and with METRICS_FROM=loopback nobody
 * else finds it.
 */
export function figureRoutes(
  { parts, config }: { parts: Parts; config: Config },
  doors: ReadonlyMap<DoorName, Connection>,
  addressOf: ClientAddress,
): Route[] {
  const whole = new Registry()
  collectDefaultMetrics({ register: whole })
  const refresh = createGauges(parts, createTally(parts, [whole]), [whole])
  const all = Registry.merge([metrics, whole])
  const began = performance.now()

  async function figures(request: IncomingMessage): Promise<Answer> {
    const { headers } = request
    if (config.METRICS_FROM === 'loopback' && !isLoopback(addressOf(request))) return json(404, { status: 'not found' })
    const token = config.METRICS_TOKEN
    if (token !== undefined && !carries(headers.authorization, token)) {
      const wanted = { 'www-authenticate': 'Bearer realm="metrics"' }
      return json(401, { status: 'a bearer token is wanted: METRICS_TOKEN' }, wanted)
    }
    await refresh()
    return { status: 200, type: all.contentType, body: await all.metrics() }
  }

  async function health(): Promise<Answer> {
    return json(200, { status: 'ok', uptimeSeconds: Math.round((performance.now() - began) / 1000) })
  }

  async function ready(): Promise<Answer> {
    const { ready, checks } = await checkReady(parts, config, doors)
    return json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks })
  }

  return [reading('/metrics', figures), reading('/health', health), reading('/ready', ready)]
}

const isLoopback = (address: string) => address === '::1' || address.startsWith('127.')

/** A read-only route. */
function reading(path: string, answer: (request: IncomingMessage) => Promise<Answer>): Route {
  return {
    path,
    methods: ['GET', 'HEAD'],
    async handle(request, response) {
      send(request, response, await answer(request))
    },
  }
}
