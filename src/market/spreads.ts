import { type SpreadMinute, withSpread } from './indicators/spread.ts'
import type { Market } from './market.ts'

/** The spreads that a market has pushed since somebody first asked, minute by minute. */
export interface Spreads {
  of(symbol: string): SpreadMinute[]
}

const known = new WeakMap<Market, Spreads>()

/** The spreads of a market, the same for everybody in this process. The first call begins to listen. */
export function spreadsOf(market: Market): Spreads {
  const spreads = known.get(market) ?? listen(market)
  known.set(market, spreads)
  return spreads
}

function listen(market: Market): Spreads {
  const bySymbol = new Map<string, SpreadMinute[]>()
  market.subscribe((quote) => {
    if (quote.stale) return
    bySymbol.set(quote.symbol, withSpread(bySymbol.get(quote.symbol) ?? [], quote))
  })
  return { of: (symbol) => bySymbol.get(symbol) ?? [] }
}
