import type { CcxtOrder, CcxtTrade, Exchange } from '../../infra/exchanges/exchange.ts'
import { VenueError } from '../venue.ts'
import type { Quirks } from './quirks.ts'

/** Pages of one list at most. */
const mostPages = 40

/** The parts of an exchange that its lists depend on. */
export interface ListParts {
  exchange: Exchange
  quirks: Quirks
  /** Pairs of the account, in CCXT's spelling, for exchanges that list one pair at a time. */
  pairs(): Promise<string[]>
}

/** Orders of an account that have not ended. */
export async function openOrdersIn({ exchange, pairs }: ListParts): Promise<CcxtOrder[]> {
  return perPair('fetchOpenOrders', { exchange, pairs }, (pair) => exchange.fetchOpenOrders(pair))
}

/** Orders that ended since a time, oldest first. */
export async function endedOrdersIn({ exchange, quirks, pairs }: ListParts, since: Date): Promise<CcxtOrder[]> {
  const method = exchange.has.fetchClosedOrders === true ? 'fetchClosedOrders' : 'fetchOrders'
  return perPair(method, { exchange, pairs }, (pair) =>
    paged(quirks, since, (from, more) => exchange[method](pair, from, quirks.page, more)),
  )
}

/** Trades of an account since a time, oldest first. */
export async function tradesIn({ exchange, quirks, pairs }: ListParts, since: Date): Promise<CcxtTrade[]> {
  const trades = await perPair('fetchMyTrades', { exchange, pairs }, (pair) =>
    paged(quirks, since, (from, more) => exchange.fetchMyTrades(pair, from, quirks.page, more)),
  )
  return trades.sort((a, b) => a.timestamp - b.timestamp)
}

async function perPair<One>(
  method: string,
  { exchange, pairs }: Pick<ListParts, 'exchange' | 'pairs'>,
  list: (pair?: string) => Promise<One[]>,
): Promise<One[]> {
  if (!exchange.features?.spot?.[method]?.symbolRequired) return list()
  const all: One[] = []
  for (const pair of await pairs()) all.push(...(await list(pair)))
  return all
}

/** All pages of a list. A page that moves while it is read repeats entries, and loses none. */
async function paged<One extends { id: string; timestamp?: number }>(
  { isPagedByPlace, page }: Quirks,
  since: Date,
  ask: (since: number, more: object) => Promise<One[]>,
): Promise<One[]> {
  const all = new Map<string, One>()
  let from = since.getTime()
  for (let pages = 0; pages < mostPages; pages++) {
    const more = isPagedByPlace ? { ofs: pages === 0 ? 0 : all.size } : {}
    const listed = await ask(from, more)
    const before = all.size
    for (const one of listed) all.set(one.id, one)
    const isLast = listed.length < page || (!isPagedByPlace && all.size === before)
    if (isLast) return [...all.values()].sort((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0))
    if (!isPagedByPlace) from = Math.max(from, ...listed.map(({ timestamp }) => timestamp ?? 0))
  }
  throw new VenueError('there is more on the list than the desk reads at once')
}
