import { type Dialect, gatewayFailure } from '../broker/answering.ts'
import { titles } from './refusals.ts'

const isStream = (path: string) => path.includes('/stream/')

/** TradeStation's way to fail, and its JSON. */
export const dialect: Dialect = {
  isPlacement: ({ method, path }) => method === 'POST' && /^\/v3\/orderexecution\/order(s|groups)$/.test(path),
  isSpared: ({ host }) => host === 'signIn',
  maySilence: ({ method, path }) => method === 'GET' && !isStream(path),
  failed(status) {
    if (status === 502) return gatewayFailure(status)
    const words = status === 401 ? 'Unauthorized' : status === 429 ? 'Quota Exceeded' : 'The request failed.'
    return { status, body: { Error: titles[status] ?? 'Failed', Message: words } }
  },
  limited: { status: 429, body: { Error: 'TooManyRequests', Message: 'Quota Exceeded' } },
  json: (body) => JSON.stringify(body),
}
