import type { Kysely } from 'kysely'
import type { Clock } from '../base/clock.ts'
import type { Database } from '../infra/db/schema.ts'
import { openCcxtMarket } from './feeds/ccxt/ccxt-market.ts'
import type { ProviderSettings } from './feeds/feed-options.ts'
import { openFeeds } from './feeds/open-feeds.ts'
import { openQuotesFile } from './feeds/quotes/quotes-file.ts'
import { createReplayMarket } from './feeds/replay/replay.ts'
import { createSimMarket } from './feeds/sim/sim.ts'
import type { MarketLog } from './log.ts'
import type { Market } from './market.ts'
import { inPreference } from './preference.ts'
import { MarketError, type MarketSpec, type Provider, parseMarkets } from './spec.ts'

export { MarketError } from './spec.ts'

/** The settings of `createMarket`. */
export interface MarketOptions {
  /**
   * The `MARKET` variable: `sim`, `sim:SEED`, `quotes:FILE`, `replay:FOLDER`, `replay:FOLDER@2016-01-04`, `alpaca`,
   * `yahoo`, `alphavantage`, or several, separated by commas, in order of preference.
   */
  spec: string
  clock: Clock
  /** A quote older than this many real milliseconds is stale. */
  maxAgeMs: number
  /**
   * The beginning of the replay, or of the simulation with a time scale, so that a restart continues it. Without it, a replay
   * begins now and a simulation at the epoch.
   */
  anchor?: Date
  log?: MarketLog
  /** Providers over the network keep bars and lists here. */
  db?: Kysely<Database>
  /** Addresses and keys of the providers. */
  providers?: ProviderSettings
}

/** A market, with the end of its replay when it contains one. */
export interface OpenMarket extends Market {
  /**
   * The end of the (last) replay, in the clock's time. When it is in the past, store a new anchor and open the market again.
   */
  replayEndsAt?: Date
}

/** Opens the market that `MARKET` names. Throws `MarketError` with a sentence about the fault. */
export async function createMarket(options: MarketOptions): Promise<OpenMarket> {
  const markets: OpenMarket[] = []
  try {
    for (const spec of parseMarkets(options.spec)) markets.push(await open(spec, options))
  } catch (error) {
    await Promise.all(markets.map((market) => market.close()))
    throw error
  }
  const ends = markets.flatMap(({ replayEndsAt }) => replayEndsAt ?? []).sort((a, b) => b.getTime() - a.getTime())
  return { ...inPreference(markets, options), replayEndsAt: ends[0] }
}

async function open(spec: MarketSpec, options: MarketOptions): Promise<OpenMarket> {
  switch (spec.kind) {
    case 'sim':
      return createSimMarket({ ...options, seed: spec.seed })
    case 'quotes':
      return openQuotesFile({ ...options, file: spec.file })
    case 'replay':
      return createReplayMarket({ ...options, folder: spec.folder, from: spec.from })
    case 'ccxt':
      return openExchange(spec.exchange, options)
    default:
      return openProvider(spec.kind, options)
  }
}

/** Opens an exchange that CCXT knows; its client is loaded here, since it is large. */
async function openExchange(exchange: string, { db, providers, ...options }: MarketOptions): Promise<Market> {
  if (!db || !providers) throw new MarketError(`MARKET=${exchange} cannot be opened without a database`)
  return openCcxtMarket({ ...options, db, exchange, urls: providers.exchangeUrls?.get(exchange) })
}

/** Opens a provider of real prices. Its bars and lists are kept in Postgres, so it needs a database. */
async function openProvider(kind: Provider, { db, providers, ...options }: MarketOptions): Promise<Market> {
  if (!db || !providers) throw new MarketError(`MARKET=${kind} cannot be opened without a database`)
  return openFeeds[kind]({ ...options, db }, providers)
}
