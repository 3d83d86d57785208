import type { Big } from '../base/amounts.ts'
import { averageIn, priceIn } from '../base/format.ts'

/**
 * The currency of a symbol's prices when they are no dollars: `BTC` for `ETH-BTC`. Undefined for dollars, and for coins that stand for one
 * (USDT, USDC), which count as dollars.
 */
export function currencyOf(symbol: string): string | undefined {
  return /^[A-Z0-9]+-(EUR|BTC|ETH)$/.exec(symbol)?.[1]
}

/** A price of a symbol in its own currency: `$0.63`, `0.03295 BTC`. */
export const pairPriceText = (symbol: string, price: Big): string => priceIn(price, currencyOf(symbol))

/** An average price of a symbol in its own currency. */
export const pairAverageText = (symbol: string, price: Big): string => averageIn(price, currencyOf(symbol))
