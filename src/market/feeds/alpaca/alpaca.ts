import type { OpenFeed } from '../open-feeds.ts'
import { openAlpacaMarket } from './alpaca-market.ts'

/** Opens Alpaca as a market with the desk's own key. */
export const openAlpaca: OpenFeed = (options, { alpaca }) => openAlpacaMarket({ ...options, settings: alpaca })
