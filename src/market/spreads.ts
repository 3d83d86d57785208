import { oncePerObject } from '../base/once-per-object.ts'
import { type SpreadMinute, withSpread } from './indicators/spread.ts'
import type { Market } from './market.ts'

/** The spreads that a market has pushed since somebody first asked, minute by minute. */
export interface Spreads {
  of(symbol: string): SpreadMinute[]
}

/** The spreads of a market, the same for everybody in this process. The first call begins to listen. */
export const spreadsOf = oncePerObject((market: Market): Spreads => {
  const bySymbol = new Map<string, SpreadMinute[]>()
  market.subscribe((quote) => {
    if (quote.stale) return
    bySymbol.set(quote.symbol, withSpread(bySymbol.get(quote.symbol) ?? [], quote))
  })
  return { of: (symbol) => bySymbol.get(symbol) ?? [] }
})
