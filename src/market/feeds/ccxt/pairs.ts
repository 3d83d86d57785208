import Big from 'big.js'
import type { CcxtMarket, CcxtTicker, Exchange } from '../../../infra/exchanges/exchange.ts'
import type { Instrument, Quote } from '../../market.ts'
import { assumedAround, priceIn } from '../shared/prices.ts'

/** The desk's symbols for pairs: `BTC-USD`, `ETH-BTC`. Pairs with other currencies are not shown. */
const symbol = /^[A-Z0-9]{1,12}-(USD|USDT|USDC|EUR|BTC|ETH)$/

/** The pairs that an exchange trades now, by the desk's symbols, each with CCXT's spelling. */
export function pairsOf({
  markets = {},
}: Pick<Exchange, 'markets'>): Map<string, { pair: string; instrument: Instrument }> {
  const spot = Object.values(markets).filter((one) => one.spot !== false && one.active !== false)
  return new Map(
    spot.flatMap((market) => {
      const instrument = instrumentOf(market)
      return symbol.test(instrument.symbol) ? [[instrument.symbol, { pair: market.symbol, instrument }]] : []
    }),
  )
}

function instrumentOf({ base, quote, precision }: CcxtMarket): Instrument {
  const named = `${base}-${quote}`
  return {
    symbol: named,
    name: named,
    lot: new Big(precision.amount ?? '1e-8'),
    tick: new Big(precision.price ?? '1e-8'),
    isAroundTheClock: true,
  }
}

/** A ticker as a quote in the pair's own currency; undefined without any price. */
export function quoteOf(
  { symbol: named, tick }: Instrument,
  ticker: CcxtTicker,
  source: string,
  at: Date,
): Quote | undefined {
  const [bid, ask] = [priceIn(ticker.bid), priceIn(ticker.ask)]
  const isTwoSided = bid !== undefined && ask !== undefined && bid.lte(ask)
  const last = priceIn(ticker.last) ?? (isTwoSided ? bid.plus(ask).div(2) : undefined)
  if (!last) return undefined
  const sides = isTwoSided
    ? { bid, ask }
    : { ...assumedAround(last, tick), isAssumed: true, weak: 'it has no bid and ask' }
  return { ...{ symbol: named, ...sides, last, source, at } }
}
