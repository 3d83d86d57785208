import type { Kysely } from 'kysely'
import type { Clock } from '../../base/clock.ts'
import type { Database } from '../../infra/db/schema.ts'
import type { MarketLog } from '../log.ts'

/** The addresses and keys of the providers of prices, from the environment. */
export interface ProviderSettings {
  alpaca: AlpacaSettings
  tradestation: TradeStationSettings
  yahoo: { api?: string }
  alphavantage: { api: string; key?: string }
  /** Other hosts for exchanges, by CCXT's ids. */
  exchangeUrls?: ReadonlyMap<string, string>
}

/** The feeds of Alpaca: one small exchange, all exchanges, and all of them fifteen minutes late. */
export type AlpacaFeed = 'iex' | 'sip' | 'delayed_sip'

/** Alpaca's addresses, and the desk's own key, which reads market data and nothing else. */
export interface AlpacaSettings {
  /** The trading APIs, of which the list of assets is read: of live keys and of paper keys. */
  api: string
  paperApi: string
  dataApi: string
  dataStream: string
  keyId: string
  secret: string
  feed: AlpacaFeed
}

/** TradeStation's addresses, and the desk's own sign-in there, with which prices are read. */
export interface TradeStationSettings {
  api: string
  signIn: string
  clientId: string
  clientSecret: string
  /** A refresh token that lasts. */
  refreshToken: string
}

/** Everything that a feed over the network is opened with, beside its own settings. */
export interface FeedOptions {
  /** Kept bars, lists of instruments and budgets of requests. */
  db: Kysely<Database>
  clock: Clock
  /** A quote older than this many milliseconds is stale. */
  maxAgeMs: number
  log?: MarketLog
}
