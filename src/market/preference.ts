import type { Clock } from '../base/clock.ts'
import type { MarketLog } from './log.ts'
import type { Instrument, Market, Quote } from './market.ts'
import { createSubscribers } from './subscribers.ts'

/**
 * Combines several markets into one. For each symbol the first market with a fresh quote serves it; when none is fresh, the
 * first that has a quote at all, marked stale. A single market goes through here too: this is where old quotes become stale.
 */
export function inPreference(
  markets: Market[],
  { clock, maxAgeMs, log }: { clock: Clock; maxAgeMs: number; log?: MarketLog },
): Market {
  let stops: (() => void)[] = []
  const subscribers = createSubscribers(
    log,
    () => {
      stops = markets.map((market) => market.subscribe((quote) => pass(market, quote)))
    },
    () => {
      for (const stop of stops.splice(0)) stop()
    },
  )

  /** Passes on only the quotes of the market that serves the symbol; otherwise two sources would alternate in one stream. */
  async function pass(market: Market, quote: Quote): Promise<void> {
    if (markets.length === 1) return subscribers.tell(judged(quote, clock, maxAgeMs))
    const serving = await servingQuote(quote.symbol)
    if (serving?.market === market) subscribers.tell(serving.quote)
  }

  async function servingQuote(symbol: string): Promise<{ market: Market; quote: Quote } | undefined> {
    let best: { market: Market; quote: Quote } | undefined
    for (const market of markets) {
      const found = await market.quote(symbol)
      if (!found) continue
      const quote = judged(found, clock, maxAgeMs)
      if (!quote.stale) return { market, quote }
      best ??= { market, quote }
    }
    return best
  }

  return {
    name: markets.map(({ name }) => name).join(','),
    instruments() {
      const bySymbol = new Map<string, Instrument>()
      for (const market of markets) {
        for (const instrument of market.instruments()) {
          if (!bySymbol.has(instrument.symbol)) bySymbol.set(instrument.symbol, instrument)
        }
      }
      return [...bySymbol.values()]
    },
    instrument(symbol) {
      for (const market of markets) {
        const instrument = market.instrument(symbol)
        if (instrument) return instrument
      }
      return undefined
    },
    async lookUp(symbol) {
      for (const market of markets) {
        const found = market.instrument(symbol) ?? (await market.lookUp?.(symbol))
        if (found) return found
      }
      return undefined
    },
    quote: async (symbol) => (await servingQuote(symbol))?.quote,
    // The bars of another market would not fit the quote's prices.
    bars: async (symbol, minutes, count) => (await servingQuote(symbol))?.market.bars(symbol, minutes, count) ?? [],
    subscribe: (onQuote) => subscribers.add(onQuote),
    replays: () => markets.flatMap((market) => market.replays?.() ?? []),
    async close() {
      subscribers.clear()
      await Promise.all(markets.map((market) => market.close()))
    },
  }
}

/** The quote, marked stale when it is older than the limit; a reason from its market stays. */
function judged(quote: Quote, clock: Clock, maxAgeMs: number): Quote {
  if (quote.stale) return quote
  const age = clock.now().getTime() - quote.at.getTime()
  if (age <= maxAgeMs) return quote
  return { ...quote, stale: `the quote is ${spoken(age)} old (limit ${spoken(maxAgeMs)})` }
}

function spoken(ms: number): string {
  if (ms < 10_000) return `${Number((ms / 1000).toFixed(1))} s`
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`
  if (ms < 172_800_000) return `${Math.round(ms / 3_600_000)} h`
  return `${Math.round(ms / 86_400_000)} days`
}
