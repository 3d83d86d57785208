import { type Answer, type Dialect, gatewayFailure } from '../broker/answering.ts'

const refusal = (error: string): Answer => ({ status: 200, body: { error: [error] } })

/** Kraken's way to fail: errors stand in answers of 200. */
export const dialect: Dialect = {
  isPlacement: ({ path }) => path === '/0/private/AddOrder',
  isSpared: ({ path }) => path.startsWith('/0/public/'),
  maySilence: ({ path }) => path.startsWith('/0/private/') && !/(Add|Cancel|Amend)Order$/.test(path),
  failed(status) {
    if (status === 502) return gatewayFailure(status)
    if (status === 429) return refusal('EAPI:Rate limit exceeded')
    return refusal(status === 504 ? 'EService:Timeout' : 'EGeneral:Internal error')
  },
  limited: refusal('EAPI:Rate limit exceeded'),
  json: (body) => JSON.stringify(body),
}
