import type { Market } from '../market.ts'
import type { Provider } from '../spec.ts'
import { openAlpacaMarket } from './alpaca/alpaca-market.ts'
import { openAlphaVantage } from './alphavantage/alphavantage.ts'
import type { FeedOptions, ProviderSettings } from './feed-options.ts'
import { openTradeStationMarket } from './tradestation/tradestation-market.ts'
import { openYahoo } from './yahoo/yahoo.ts'

/** Opens a provider of prices with what all feeds need and the settings. Throws `MarketError`. */
export type OpenFeed = (options: FeedOptions, settings: ProviderSettings) => Promise<Market>

/** The providers of prices over the network, by their names in `MARKET`. */
export const openFeeds: Record<Provider, OpenFeed> = {
  alpaca: (options, { alpaca }) => openAlpacaMarket({ ...options, settings: alpaca }),
  tradestation: (options, { tradestation }) => openTradeStationMarket({ ...options, settings: tradestation }),
  yahoo: openYahoo,
  alphavantage: openAlphaVantage,
}
