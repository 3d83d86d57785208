import type { Credentials } from '../links/venue-access.ts'
import type { Limit } from '../shared/budget.ts'
import type { Budgets } from '../shared/budgets.ts'
import {
  type Call,
  type ClientOptions,
  createRestClient,
  type Dialect,
  type UrgentClient,
} from '../shared/rest-client.ts'
import { errorPayload } from './payloads.ts'
import { isUnauthorized } from './refusals.ts'

/** Requests that TradeStation takes of each kind for an account, until it says another number. */
export const tradeStationLimit: Limit = { of: 250, perMs: 300_000 }

/** The kinds of requests that TradeStation counts apart. */
const kinds = ['orders', 'positions', 'balances', 'execution', 'data'] as const

function kindOf({ path }: Pick<Call, 'path'>): (typeof kinds)[number] {
  if (path.startsWith('/v3/orderexecution/')) return 'execution'
  if (path.startsWith('/v3/marketdata/')) return 'data'
  if (path.endsWith('/positions')) return 'positions'
  return path.includes('orders') ? 'orders' : 'balances'
}

export const headersOf = (credentials: Credentials): Record<string, string> =>
  // TradeStation has no keys; without a token it refuses the request.
  credentials.kind === 'oauth' ? { authorization: `Bearer ${credentials.accessToken}` } : {}

const dialect: Dialect = {
  title: 'TradeStation',
  headersOf,
  errorIn(body) {
    const { data } = errorPayload.safeParse(body)
    return data && { code: data.Error, message: data.Message ?? data.Error ?? '' }
  },
  isUnauthorized,
  budgetOf: (account, call) => `${account} ${kindOf(call)}`,
}

/** A client of TradeStation's API. */
export const createTradeStationClient = (options: ClientOptions): UrgentClient => createRestClient(dialect, options)

/** The scarcest budget of an account. */
export function scarcestOf(budgets: Budgets): Pick<Budgets, 'of'> {
  return {
    of: (account) =>
      kinds.flatMap((kind) => budgets.of(`${account} ${kind}`) ?? []).sort((a, b) => a.left / a.of - b.left / b.of)[0],
  }
}
