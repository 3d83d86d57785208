/**
 * The part of a CCXT client that the desk uses. Amounts are decimal texts, since `number` is `String`. CCXT's own types would read all of
 * its hundred exchanges.
 */
export interface Exchange {
  id: string
  name: string
  apiKey?: string
  secret?: string
  number: (text: string) => string
  enableRateLimit: boolean
  /** Milliseconds between two requests, as CCXT knows it. */
  rateLimit: number
  /** Milliseconds of patience with one request. */
  timeout: number
  has: Record<string, boolean | 'emulated' | undefined>
  features?: { spot?: Record<string, { symbolRequired?: boolean; marketBuyRequiresPrice?: boolean } | undefined> }
  /** The credentials that a member must give: `apiKey` and `secret`, and at some exchanges more. */
  requiredCredentials?: Record<string, boolean>
  timeframes?: Record<string, unknown>
  urls: { api?: unknown; test?: unknown }
  options: Record<string, unknown>
  markets?: Record<string, CcxtMarket>
  fetchImplementation?: (url: string, init: RequestInit) => Promise<Response>
  /** The open sockets, by address. */
  clients?: Record<string, { connection?: { readyState: number } }>
  nonce(): number
  parseJson(text: string): unknown
  onJsonResponse(text: string): string
  loadMarkets(again?: boolean): Promise<Record<string, CcxtMarket>>
  setMarketsFromExchange(other: Exchange): unknown
  createOrder(
    symbol: string,
    type: string,
    side: string,
    amount: string,
    price?: string,
    more?: object,
  ): Promise<CcxtOrder>
  cancelOrder(id: string, symbol?: string): Promise<unknown>
  editOrder(id: string, symbol: string, type: string, side: string, amount?: string, price?: string): Promise<unknown>
  fetchOrder(id: string, symbol?: string): Promise<CcxtOrder>
  fetchOpenOrders(symbol?: string): Promise<CcxtOrder[]>
  fetchClosedOrders(symbol?: string, since?: number, limit?: number, more?: object): Promise<CcxtOrder[]>
  fetchOrders(symbol?: string, since?: number, limit?: number, more?: object): Promise<CcxtOrder[]>
  fetchMyTrades(symbol?: string, since?: number, limit?: number, more?: object): Promise<CcxtTrade[]>
  fetchBalance(more?: object): Promise<CcxtBalance>
  fetchTickers(symbols?: string[]): Promise<Record<string, CcxtTicker>>
  fetchOHLCV(symbol: string, length: string, since?: number, limit?: number): Promise<unknown[][]>
  watchOrders?(): Promise<CcxtOrder[]>
  loadHttpProxyAgent(): Promise<unknown>
  close(): Promise<unknown>
  /** Requests as the exchange names them. */
  privatePostGetApiKeyInfo?(more?: object): Promise<unknown>
  v3PrivateGetBrokerageKeyPermissions?(more?: object): Promise<unknown>
  sapiGetAccountApiRestrictions?(more?: object): Promise<unknown>
  privateGetAccount?(more?: object): Promise<unknown>
}

/** A pair as an exchange trades it. */
export interface CcxtMarket {
  id: string
  symbol: string
  base: string
  quote: string
  spot?: boolean
  active?: boolean
  /** Steps of quantity and price. */
  precision: { amount?: string; price?: string }
  limits: { amount?: { min?: string }; cost?: { min?: string } }
}

export interface CcxtOrder {
  id: string
  clientOrderId?: string
  symbol?: string
  side?: string
  type?: string
  status?: string
  /** Milliseconds. */
  timestamp?: number
  price?: string
  triggerPrice?: string
  stopLossPrice?: string
  takeProfitPrice?: string
  amount?: string
  filled?: string
  average?: string
  info?: unknown
}

export interface CcxtTrade {
  id: string
  order?: string
  symbol: string
  side: string
  timestamp: number
  price: string
  amount: string
  fee?: { cost?: string; currency?: string }
  fees?: { cost?: string; currency?: string }[]
}

/** The holdings, by currency. */
export interface CcxtBalance {
  total?: Record<string, string | undefined>
  free?: Record<string, string | undefined>
}

export interface CcxtTicker {
  symbol: string
  /** Milliseconds. */
  timestamp?: number
  bid?: string
  ask?: string
  last?: string
}

/** The exchange is none that CCXT knows. */
export class UnknownExchange extends Error {
  override name = 'UnknownExchange'
}

/**
 * Loads the client of one exchange. CCXT exports all of them together, which would take three times the memory, so its file is named here.
 * Throws `UnknownExchange`.
 */
export async function loadExchange(id: string, { urls }: { urls?: string } = {}): Promise<Exchange> {
  if (!/^[a-z0-9]{2,30}$/.test(id)) throw new UnknownExchange(`CCXT knows no exchange "${id}"`)
  const root = import.meta.resolve('ccxt')
  const file = async (path: string) =>
    ((await import(new URL(path, root).href)) as { default: new (options: object) => Exchange }).default
  // The variant with sockets is the same client with more; some exchanges have none.
  const Client = await file(`src/pro/${id}.js`).catch(() =>
    file(`src/${id}.js`).catch((cause) => {
      throw new UnknownExchange(`CCXT knows no exchange "${id}"`, { cause })
    }),
  )
  const exchange = new Client({ enableRateLimit: false, newUpdates: true })
  exchange.number = String
  spotAlone(exchange)
  // All numbers as texts, also those that a float would hold: their last digits count.
  exchange.parseJson = (text) => {
    try {
      return JSON.parse(exchange.onJsonResponse(text))
    } catch {
      return undefined
    }
  }
  if (urls !== undefined) {
    redirect(exchange, urls)
    // CCXT wants an agent for sockets without TLS.
    await exchange.loadHttpProxyAgent()
  }
  return exchange
}

/** Exchanges that also have futures are asked about spot alone. */
function spotAlone({ options }: Exchange): void {
  const { fetchMarkets } = options
  const hasTypes = typeof fetchMarkets === 'object' && fetchMarkets !== null && 'types' in fetchMarkets
  if (!hasTypes) return
  options.fetchMarkets = { ...fetchMarkets, types: ['spot'] }
  options.defaultType = 'spot'
  options.warnOnFetchOpenOrdersWithoutSymbol = false
}

/** Sends all requests and sockets of a client to another host. */
function redirect(exchange: Exchange, base: string): void {
  const origin = base.replace(/\/$/, '')
  const moved = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const [, kind, path] = /^(https?|wss?):\/\/[^/]+(.*)$/.exec(value) ?? []
      if (kind === undefined) return value
      return `${kind.startsWith('ws') ? origin.replace(/^http/, 'ws') : origin}${path}`
    }
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, moved(inner)]))
  }
  exchange.urls = { ...exchange.urls, api: moved(exchange.urls.api) }
}
