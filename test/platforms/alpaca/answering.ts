import { type Answer, type Dialect, gatewayFailure } from '../broker/answering.ts'
import type { World } from './world.ts'

/** Alpaca's way to fail, and its JSON. */
export function dialectOf(world: World): Dialect {
  return {
    isPlacement: ({ method, path }) => method === 'POST' && path === '/v2/orders',
    isSpared: ({ path }) => path.startsWith('/oauth/'),
    maySilence: ({ host, method }) => host !== 'data' && method === 'GET',
    failed,
    limited: { status: 429, body: { code: 42910000, message: 'rate limit exceeded' } },
    json: (body) => jsonOf(world, body),
  }
}

function failed(status: number): Answer {
  if (status === 429)
    return { status, body: { code: 42910000, message: 'rate limit exceeded' }, headers: { 'Retry-After': '1' } }
  if (status > 500) return gatewayFailure(status)
  if (status === 401) return { status, body: { code: 40110000, message: 'request is not authorized' } }
  return { status, body: { code: status * 100_000 + 10_000, message: 'internal server error occurred' } }
}

/** JSON, or by a fault JSON with bare numbers for decimals, all digits kept. */
export function jsonOf(world: World, body: unknown): string {
  const text = JSON.stringify(body)
  if (!world.draws.happens('bareNumbers')) return text
  return text.replace(/"(\w+)":"(-?\d+(?:\.\d+)?)"/g, (whole, name: string, digits: string) =>
    isAmount(name) ? `"${name}":${digits}` : whole,
  )
}

const isAmount = (name: string) =>
  /qty|price|cash|equity|power|value|margin|notional|amount|basis|_pl|_plpc/.test(name) && !/id$/.test(name)
