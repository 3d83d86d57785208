import { type SourceAnswer, type SourceRequest, type SourceServer, serveSource } from './http-source.ts'

/** A symbol at Alpha Vantage. */
export interface AlphaVantageSymbol {
  price: string
  /** `2026-11-20`. */
  tradingDay: string
  /** Date, open, high, low, close, volume, as traded. */
  daily?: [string, string, string, string, string, string][]
  /** The same by interval (`5min`), with `2026-11-20 09:30:00`. */
  intraday?: Record<string, [string, string, string, string, string, string][]>
  splits?: { effective_date: string; split_factor: string }[]
  /** The stories about it. */
  feed?: object[]
}

/** A local server with the part of Alpha Vantage's documented API that the desk uses. */
export interface AlphaVantageServer extends SourceServer {
  symbols: Map<string, AlphaVantageSymbol>
  /** Functions, with their size of answer, that are for paid plans: `TIME_SERIES_DAILY full`. */
  premium: Set<string>
  /** Requests that a key has on a day, and has used. */
  perDay: number
  used: number
  /** Answers the next requests in these ways instead. */
  instead(...answers: SourceAnswer[]): void
}

/** Its words when the requests of a day are used up: they repeat the key. */
export const usedUp = (key: string): SourceAnswer => ({
  body: {
    Information: `We have detected your API key as ${key} and our standard API rate limit is 25 requests per day. Please subscribe to any of the premium plans at https://www.alphavantage.co/premium/ to instantly remove all daily rate limits.`,
  },
})

/** Its words when requests come too fast, in the present and in the former field. */
export const tooFast: SourceAnswer = {
  body: {
    Information:
      'Thank you for using Alpha Vantage! Please consider spreading out your free API requests more sparingly (1 request per second). You may subscribe to any of the premium plans at https://www.alphavantage.co/premium/ to lift the free key rate limit (25 requests per day).',
  },
}
export const tooFastOnce: SourceAnswer = {
  body: {
    Note: 'Thank you for using Alpha Vantage! Our standard API call frequency is 5 calls per minute and 500 calls per day.',
  },
}

const premiumWords = {
  Information:
    'Thank you for using Alpha Vantage! This is a premium endpoint. You may subscribe to any of the premium plans at https://www.alphavantage.co/premium/ to instantly unlock all premium endpoints',
}
const compact = 100

/** Starts the server, which takes one key. */
export async function startAlphaVantageServer(key: string): Promise<AlphaVantageServer> {
  const symbols = new Map<string, AlphaVantageSymbol>()
  const premium = new Set<string>()
  const instead: SourceAnswer[] = []
  const state = { perDay: 25, used: 0 }

  function answer({ path, query }: SourceRequest): SourceAnswer {
    const other = instead.shift()
    if (other) return other
    if (path !== '/query') return { status: 404, body: 'Not Found' }
    if (query.apikey !== key) {
      return {
        body: {
          'Error Message':
            'the parameter apikey is invalid or missing. Please claim your free API key on (https://www.alphavantage.co/support/#api-key).',
        },
      }
    }
    state.used += 1
    if (state.used > state.perDay) return usedUp(key)
    const { function: name = '', outputsize = 'compact', symbol = '' } = query
    if (premium.has(name) || premium.has(`${name} ${outputsize}`)) return { body: premiumWords }
    const found = symbols.get(symbol)
    if (name === 'GLOBAL_QUOTE') return { body: { 'Global Quote': found ? globalQuote(symbol, found) : {} } }
    if (name === 'NEWS_SENTIMENT') {
      const feed = symbols.get(query.tickers ?? '')?.feed ?? []
      return { body: { items: String(feed.length), sentiment_score_definition: 'x <= -0.35: Bearish', feed } }
    }
    if (!found) {
      return {
        body: {
          'Error Message': `Invalid API call. Please retry or visit the documentation (https://www.alphavantage.co/documentation/) for ${name}.`,
        },
      }
    }
    if (name === 'SPLITS') return { body: { symbol, data: found.splits ?? [] } }
    if (name === 'TIME_SERIES_DAILY') return { body: seriesOf('Daily', found.daily ?? [], outputsize, symbol) }
    if (name === 'TIME_SERIES_INTRADAY') {
      const interval = query.interval ?? ''
      return { body: seriesOf(interval, found.intraday?.[interval] ?? [], outputsize, symbol) }
    }
    return { body: {} }
  }

  const server = await serveSource(answer)
  return Object.assign(state, server, {
    symbols,
    premium,
    instead: (...answers: SourceAnswer[]) => void instead.push(...answers),
  })
}

function globalQuote(symbol: string, { price, tradingDay }: AlphaVantageSymbol): Record<string, string> {
  return {
    '01. symbol': symbol,
    '02. open': price,
    '03. high': price,
    '04. low': price,
    '05. price': price,
    '06. volume': '1234567',
    '07. latest trading day': tradingDay,
    '08. previous close': price,
    '09. change': '0.0000',
    '10. change percent': '0.0000%',
  }
}

function seriesOf(kind: string, rows: string[][], outputsize: string, symbol: string): object {
  const newest = rows.toSorted((one, other) => (one[0]! < other[0]! ? 1 : -1))
  const shown = outputsize === 'full' ? newest : newest.slice(0, compact)
  const values = shown.map(([stamp, open, high, low, close, volume]) => [
    stamp,
    { '1. open': open, '2. high': high, '3. low': low, '4. close': close, '5. volume': volume },
  ])
  return {
    'Meta Data': {
      '1. Information': `${kind} Prices (open, high, low, close) and Volumes`,
      '2. Symbol': symbol,
      '3. Last Refreshed': newest[0]?.[0],
      '5. Time Zone': 'US/Eastern',
    },
    [`Time Series (${kind})`]: Object.fromEntries(values),
  }
}
