import { dayIn, exchangeZone, momentOn } from '../../../src/base/zone.ts'
import type { Answer, Heard } from '../broker/answering.ts'
import { type Bar, readTimeframe } from './bars.ts'
import type { CorporateAction } from './by-hand.ts'
import { type Feed, type MarketData, recentBars } from './market-data.ts'
import { Refusal } from './refusals.ts'
import type { Quote, World } from './world.ts'

/** The parts of the data API. */
export interface DataParts {
  world: World
  data: MarketData
  corporateActions: CorporateAction[]
  /** The plan of the keys: `basic` has no SIP data of the last 15 minutes. */
  plan(): Plan
}

export type Plan = 'basic' | 'plus'

const bad = (message: string) => new Refusal(400, undefined, message)
const ok = (body: unknown): Answer => ({ status: 200, body })
const latestKinds = { quotes: 'quote', trades: 'trade', bars: 'bar' } as const
type Latest = keyof typeof latestKinds

/** Answers a request of the data API. */
export function serveData(parts: DataParts, { method, path, query }: Heard): Answer {
  if (method !== 'GET') throw new Refusal(405, undefined, 'Method Not Allowed')
  if (path === '/v1/corporate-actions') return ok(corporateActions(parts, query))
  if (path === '/v2/stocks/bars') return ok(barsOf(parts, query, symbolsIn(query)))
  if (path === '/v2/stocks/snapshots') {
    const feed = latestFeed(parts, query)
    const found = symbolsIn(query).map((symbol) => [symbol, snapshot(parts, symbol, feed)] as const)
    return ok(Object.fromEntries(found.filter(([, shown]) => shown)))
  }
  const [, several] = /^\/v2\/stocks\/(quotes|trades|bars)\/latest$/.exec(path) ?? []
  if (several) {
    const feed = latestFeed(parts, query)
    const kind = several as Latest
    const found = symbolsIn(query).map((symbol) => [symbol, latest(parts, kind, symbol, feed)] as const)
    return ok({ [kind]: Object.fromEntries(found.filter(([, shown]) => shown)) })
  }
  const [, named, tail] = /^\/v2\/stocks\/([^/]+)\/(.+)$/.exec(path) ?? []
  if (!named || !tail) throw new Refusal(404, undefined, 'Not Found')
  return ok(ofOne(parts, query, checked(decodeURIComponent(named)), tail))
}

function ofOne(parts: DataParts, query: URLSearchParams, symbol: string, tail: string): unknown {
  if (tail === 'bars') {
    const { bars, next_page_token } = barsOf(parts, query, [symbol])
    return { symbol, bars: bars[symbol] ?? [], next_page_token }
  }
  if (tail === 'snapshot')
    return { symbol, ...(snapshot(parts, symbol, latestFeed(parts, query)) ?? none('snapshot', symbol)) }
  const [, kind] = /^(quotes|trades|bars)\/latest$/.exec(tail) ?? []
  if (!kind) throw new Refusal(404, undefined, 'Not Found')
  const one = latestKinds[kind as Latest]
  const shown = latest(parts, kind as Latest, symbol, latestFeed(parts, query))
  return { symbol, [one]: shown ?? none(one, symbol) }
}

function none(kind: string, symbol: string): never {
  throw new Refusal(404, undefined, `no ${kind} found for ${symbol}`)
}

function checked(symbol: string): string {
  if (!/^[A-Z][A-Z0-9./]{0,10}$/.test(symbol)) throw bad(`invalid symbol: ${symbol}`)
  return symbol
}

function symbolsIn(query: URLSearchParams): string[] {
  const said = query.get('symbols')
  if (!said) throw bad('symbols is required')
  return said.split(',').map(checked)
}

function latestFeed({ plan }: DataParts, query: URLSearchParams): Feed {
  const feed = query.get('feed') ?? (plan() === 'plus' ? 'sip' : 'iex')
  if (!['iex', 'sip', 'delayed_sip', 'otc', 'boats', 'overnight'].includes(feed)) throw bad(`invalid feed: ${feed}`)
  if (feed === 'sip' && plan() === 'basic') throw recent()
  return feed as Feed
}

const recent = () => new Refusal(403, undefined, 'subscription does not permit querying recent SIP data')

function latest({ data, world }: DataParts, kind: Latest, symbol: string, feed: Feed): object | undefined {
  if (kind === 'bars') return recentBars(data, symbol, world.now()).minute
  const quote = data.latest(symbol, feed)
  if (!quote) return undefined
  return kind === 'quotes' ? quoteJson(quote) : tradeJson(quote)
}

/** A quote as the API and, with a symbol, the stream show it. */
export const quoteJson = ({ bid, ask, bidSize, askSize, at }: Quote): Record<string, unknown> => ({
  t: at,
  bx: 'V',
  bp: Number(bid),
  bs: Math.min(Number(bidSize ?? 1000), 1_000_000),
  ax: 'V',
  ap: Number(ask),
  as: Math.min(Number(askSize ?? 1000), 1_000_000),
  c: ['R'],
  z: 'C',
})

/** The last trade as the API and, with a symbol, the stream show it. */
export const tradeJson = ({ last, at }: Quote): Record<string, unknown> => ({
  t: at,
  x: 'V',
  p: Number(last),
  s: 100,
  c: ['@'],
  i: Number(at.slice(-13, -1).replace(/\D/g, '')),
  z: 'C',
})

function snapshot(parts: DataParts, symbol: string, feed: Feed): object | undefined {
  const quote = parts.data.latest(symbol, feed)
  const { minute, day, previous } = recentBars(parts.data, symbol, parts.world.now())
  if (!quote && !minute) return undefined
  return {
    ...(quote && { latestTrade: tradeJson(quote), latestQuote: quoteJson(quote) }),
    ...(minute && { minuteBar: minute }),
    ...(day && { dailyBar: day }),
    ...(previous && { prevDailyBar: previous }),
  }
}

/** Bars by symbol and then by time, so many in all; the token names the first that is left. */
function barsOf(
  { data, world, plan }: DataParts,
  query: URLSearchParams,
  symbols: string[],
): { bars: Record<string, Bar[]>; next_page_token: string | null } {
  const timeframe = readTimeframe(query.get('timeframe') ?? '')
  if (!timeframe) throw bad(`invalid timeframe: ${query.get('timeframe')}`)
  const feed = query.get('feed') ?? (plan() === 'plus' ? 'sip' : 'iex')
  const now = world.now()
  const lastSip = new Date(now.getTime() - 15 * 60_000)
  const isLate = feed === 'sip' && plan() === 'basic'
  const start = momentIn(query, 'start') ?? momentOn(dayIn(now, exchangeZone), '00:00', exchangeZone)
  const end = momentIn(query, 'end') ?? (isLate ? lastSip : now)
  if (isLate && end > lastSip) throw recent()
  const limit = Number(query.get('limit') ?? 1000)
  if (!(limit >= 1 && limit <= 10_000)) throw bad('limit must be between 1 and 10000')
  const isDown = query.get('sort') === 'desc'

  const all = symbols.toSorted().flatMap((symbol) => {
    const bars = data.bars(symbol, { timeframe, adjustment: query.get('adjustment') ?? 'raw', start, end })
    return (isDown ? bars.toReversed() : bars).map((bar) => ({ symbol, bar }))
  })
  const token = query.get('page_token')
  const from = token ? Buffer.from(token, 'base64').toString() : undefined
  const first = from ? all.findIndex(({ symbol, bar }) => `${symbol}|${bar.t}` === from) : 0
  if (first < 0) throw bad('invalid page_token')
  const page = all.slice(first, first + limit)
  const next = all[first + limit]
  const bars: Record<string, Bar[]> = {}
  for (const { symbol, bar } of page) {
    bars[symbol] ??= []
    bars[symbol].push(bar)
  }
  return { bars, next_page_token: next ? Buffer.from(`${next.symbol}|${next.bar.t}`).toString('base64') : null }
}

function momentIn(query: URLSearchParams, name: string): Date | undefined {
  const said = query.get(name)
  if (!said) return undefined
  const at = /^\d{4}-\d\d-\d\d$/.test(said)
    ? momentOn(said, name === 'end' ? '23:59' : '00:00', exchangeZone)
    : new Date(said)
  if (Number.isNaN(at.getTime())) throw bad(`invalid ${name}: ${said}`)
  return at
}

const typeOf = {
  forward_splits: 'forward_split',
  reverse_splits: 'reverse_split',
  name_changes: 'name_change',
  cash_dividends: 'cash_dividend',
}

function corporateActions({ corporateActions: all, world }: DataParts, query: URLSearchParams): object {
  const today = world.now().toISOString().slice(0, 10)
  const [start, end] = [query.get('start') ?? today, query.get('end') ?? today]
  const symbols = query.get('symbols')?.split(',')
  const types = query.get('types')?.split(',')
  const found: Record<string, unknown[]> = {}
  for (const { list, shown } of all) {
    const names = [shown.symbol, shown.old_symbol, shown.new_symbol]
    const day = String(shown.process_date)
    if (day < start || day > end || (types && !types.includes(typeOf[list]))) continue
    if (symbols && !names.some((name) => symbols.includes(String(name)))) continue
    found[list] ??= []
    found[list].push(shown)
  }
  return { corporate_actions: found, next_page_token: null }
}
