import { type SourceAnswer, type SourceRequest, type SourceServer, serveSource } from './http-source.ts'

/** A symbol at Yahoo: the fields of its quote, and its charts by interval. */
export interface YahooSymbol {
  quote: Record<string, unknown>
  charts?: Record<string, YahooChart>
  /** The stories that its search finds for the symbol. */
  news?: object[]
}

/** The bars of a chart as Yahoo writes them: columns, with null where it has nothing. */
export interface YahooChart {
  meta?: Record<string, unknown>
  /** Unix seconds, open, high, low, close, volume. */
  rows: [number, ...(number | null)[]][]
  splits?: Record<string, { date: number; numerator: number; denominator: number; splitRatio?: string }>
}

/** A local server with Yahoo's endpoints, as people have seen them: cookie, crumb, quote, chart and search. */
export interface YahooServer extends SourceServer {
  symbols: Map<string, YahooSymbol>
  /** The passes that were given out. */
  passes: number
  /** Forgets all passes: crumbs that were given out are refused from now on. */
  forgetPasses(): void
  /** Answers the next requests of a path in these ways instead. */
  instead(path: 'cookie' | 'crumb' | 'quote' | 'chart' | 'search', ...answers: SourceAnswer[]): void
  /** Answers all requests of all paths in this way until `heal`. */
  breakDown(answer: SourceAnswer): void
  heal(): void
}

/** Yahoo's words for a crumb that it does not take. */
export const invalidCrumb = {
  status: 401,
  body: { finance: { result: null, error: { code: 'Unauthorized', description: 'Invalid Crumb' } } },
} satisfies SourceAnswer

/** Yahoo's words for too many requests. */
export const tooMany = { status: 429, body: 'Too Many Requests\r\n' } satisfies SourceAnswer

type Path = Parameters<YahooServer['instead']>[0]

/** Days for which Yahoo keeps bars of an interval, and days of bars of a minute in one answer. */
const keptDays: Record<string, number> = { '1m': 30, '5m': 60, '15m': 60, '30m': 60, '60m': 730 }

/** Starts the server; `now` is its time in milliseconds. */
export async function startYahooServer(now: () => number): Promise<YahooServer> {
  const symbols = new Map<string, YahooSymbol>()
  const valid = new Map<string, string>()
  const instead = new Map<Path, SourceAnswer[]>()
  let broken: SourceAnswer | undefined
  let passes = 0

  function answer(request: SourceRequest): SourceAnswer {
    const path = pathOf(request)
    if (broken) return broken
    const other = path && instead.get(path)?.shift()
    if (other) return other
    // A program that does not look like a browser is sent away.
    if (!/^Mozilla/.test(String(request.headers['user-agent']))) return tooMany
    switch (path) {
      case 'cookie':
        passes += 1
        return { status: 404, headers: { 'set-cookie': [`A3=c${passes}; Path=/; Secure`] }, body: 'not here' }
      case 'crumb':
        return crumb(request)
      case 'quote':
        return quote(request)
      case 'chart':
        return chart(request)
      case 'search':
        return search(request)
      default:
        return { status: 404, body: 'Not Found' }
    }
  }

  function crumb({ headers }: SourceRequest): SourceAnswer {
    const cookie = String(headers.cookie ?? '')
    if (!cookie.startsWith('A3=')) return { status: 401, body: '' }
    const given = `cr/mb.${cookie.slice(3)}`
    valid.set(cookie, given)
    return { body: given }
  }

  function quote({ query, headers }: SourceRequest): SourceAnswer {
    if (valid.get(String(headers.cookie ?? '')) !== query.crumb || query.crumb === undefined) return invalidCrumb
    const asked = (query.symbols ?? '').split(',')
    const result = asked.flatMap((symbol) => {
      const found = symbols.get(symbol)
      return found ? [{ language: 'en-US', region: 'US', triggerable: true, symbol, ...found.quote }] : []
    })
    return { body: { quoteResponse: { result, error: null } } }
  }

  function chart({ path, query }: SourceRequest): SourceAnswer {
    const symbol = path.split('/').at(-1) ?? ''
    const [from, to] = [Number(query.period1), Number(query.period2)]
    const interval = query.interval ?? ''
    const days = keptDays[interval]
    const isTooOld = days !== undefined && from * 1000 < now() - days * 86_400_000
    if (interval === '1m' && to - from > 8 * 86_400) {
      return wrong(
        422,
        'Unprocessable Entity',
        '1m data not available. Only 8 days worth of 1m granularity data are allowed to be fetched per request.',
      )
    }
    if (isTooOld) {
      return wrong(
        422,
        'Unprocessable Entity',
        `${interval} data not available. The requested range must be within the last ${days} days.`,
      )
    }
    const found = symbols.get(symbol)
    if (!found) return wrong(404, 'Not Found', 'No data found, symbol may be delisted')
    const { rows = [], splits, meta } = found.charts?.[interval] ?? {}
    const shown = rows.filter(([at]) => at >= from && at < to)
    const column = (index: number) => shown.map((row) => row[index] ?? null)
    const quotes =
      shown.length > 0 ? { open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) } : {}
    const result = {
      meta: { currency: 'USD', symbol, exchangeTimezoneName: 'America/New_York', dataGranularity: interval, ...meta },
      ...(shown.length > 0 && { timestamp: column(0) }),
      ...(splits && { events: { splits } }),
      indicators: {
        quote: [quotes],
        ...(interval === '1d' && { adjclose: [{ adjclose: column(4).map((one) => one && one * 0.9) }] }),
      },
    }
    return { body: { chart: { result: [result], error: null } } }
  }

  const wrong = (status: number, code: string, description: string): SourceAnswer => ({
    status,
    body: { chart: { result: null, error: { code, description } } },
  })

  function search({ query }: SourceRequest): SourceAnswer {
    const wanted = (query.q ?? '').toLowerCase()
    const quotes = [...symbols].flatMap(([symbol, { quote: its }]) =>
      String(its.longName ?? '')
        .toLowerCase()
        .includes(wanted)
        ? [{ symbol, quoteType: its.quoteType, longname: its.longName, isYahooFinance: true }]
        : [],
    )
    const news = symbols.get(query.q ?? '')?.news ?? []
    return { body: { explains: [], count: quotes.length, quotes, news } }
  }

  const server = await serveSource(answer)
  return {
    ...server,
    symbols,
    get passes() {
      return passes
    },
    forgetPasses: () => valid.clear(),
    instead(path, ...answers) {
      instead.set(path, [...(instead.get(path) ?? []), ...answers])
    },
    breakDown(how) {
      broken = how
    },
    heal() {
      broken = undefined
    },
  }
}

function pathOf({ path }: SourceRequest): Path | undefined {
  if (path === '/') return 'cookie'
  if (path === '/v1/test/getcrumb') return 'crumb'
  if (path === '/v7/finance/quote') return 'quote'
  if (path === '/v1/finance/search') return 'search'
  return path.startsWith('/v8/finance/chart/') ? 'chart' : undefined
}
