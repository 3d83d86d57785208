import type { Credentials } from '../links/venue-access.ts'
import type { Limit } from '../shared/budget.ts'
import {
  type ClientOptions,
  createRestClient,
  type Dialect,
  type RestClient,
  type UrgentClient,
} from '../shared/rest-client.ts'
import { errorPayload } from './payloads.ts'
import { isUnauthorized } from './refusals.ts'

export type AlpacaClient = RestClient

/** Requests that Alpaca takes from an account, until it says another number. */
export const alpacaLimit: Limit = { of: 200, perMs: 60_000 }

const dialect: Dialect = {
  title: 'Alpaca',
  headersOf,
  errorIn: (body) => errorPayload.safeParse(body).data,
  isUnauthorized,
}

/** A client of Alpaca's trading API. */
export const createAlpacaClient = (options: ClientOptions): UrgentClient => createRestClient(dialect, options)

function headersOf(credentials: Credentials): Record<string, string> {
  if (credentials.kind === 'oauth') return { authorization: `Bearer ${credentials.accessToken}` }
  return { 'apca-api-key-id': credentials.keyId, 'apca-api-secret-key': credentials.secret }
}
