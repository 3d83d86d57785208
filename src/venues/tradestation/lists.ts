import { slices } from '../../base/slices.ts'
import type { RestClient } from '../shared/rest-client.ts'
import { VenueError } from '../venue.ts'
import { accountPath, wordsOf } from './account.ts'
import { ordersPayload, type TsOrder } from './payloads.ts'

const page = '600'
const mostPages = 20
/** Orders of one question. */
const mostIds = 50
const dayMs = 86_400_000
/** TradeStation shows the past of so many days. */
const mostDays = 89

/** The orders of an account that are open or ended today, whoever sent them. */
export const ordersOfToday = (client: RestClient, account: string): Promise<TsOrder[]> =>
  pages(client, account, 'orders', {})

/** The orders of an account that ended on an earlier day, since the day of a moment. */
export const ordersBefore = (client: RestClient, account: string, since: Date, now: Date): Promise<TsOrder[]> =>
  pages(client, account, 'historicalorders', { since: dayOf(since, now) })

/** The orders with these ids, of today and of earlier days; one that is not shown is missing. */
export async function ordersWith(client: RestClient, account: string, ids: string[], now: Date): Promise<TsOrder[]> {
  const found = await some(client, account, 'orders', ids, {})
  const missing = ids.filter((id) => !found.some(({ OrderID }) => OrderID === id))
  if (missing.length === 0) return found
  const since = dayOf(new Date(0), now)
  return [...found, ...(await some(client, account, 'historicalorders', missing, { since }))]
}

async function pages(
  client: RestClient,
  account: string,
  list: 'orders' | 'historicalorders',
  query: Record<string, string>,
): Promise<TsOrder[]> {
  const all = new Map<string, TsOrder>()
  let nextToken: string | undefined
  for (let count = 0; count < mostPages; count++) {
    const asked = { ...query, pageSize: page, nextToken }
    const shown = await client.look(account, accountPath(account, list), ordersPayload, asked)
    // A status of 200 with an error beside an empty list does not say that there are none.
    if (!shown?.Orders || shown.Errors.length > 0)
      throw new VenueError(`TradeStation does not show the orders${wordsOf(shown?.Errors)}`)
    for (const order of shown.Orders) if (order.AccountID === account) all.set(order.OrderID, order)
    if (shown.NextToken === undefined || shown.NextToken === nextToken) return [...all.values()]
    nextToken = shown.NextToken
  }
  throw new VenueError('TradeStation shows more orders than the desk reads at once')
}

async function some(
  client: RestClient,
  account: string,
  list: 'orders' | 'historicalorders',
  ids: string[],
  query: Record<string, string>,
): Promise<TsOrder[]> {
  const found: TsOrder[] = []
  for (const slice of slices(ids, mostIds)) {
    const path = accountPath(account, `${list}/${slice.map(encodeURIComponent).join(',')}`)
    const shown = await client.look(account, path, ordersPayload, query)
    if (!shown) continue
    const other = shown.Errors.filter(({ OrderID }) => OrderID === undefined || !slice.includes(OrderID))
    if (other.length > 0) throw new VenueError(`TradeStation does not show the orders${wordsOf(other)}`)
    found.push(...(shown.Orders ?? []).filter((order) => order.AccountID === account && slice.includes(order.OrderID)))
  }
  return found
}

/** A day for the past, such as `2026-11-30`: not further back than TradeStation shows. */
function dayOf(since: Date, now: Date): string {
  const at = Math.max(since.getTime(), now.getTime() - mostDays * dayMs)
  return new Date(at).toISOString().slice(0, 10)
}
