import type { Big } from '../../../base/amounts.ts'
import { priceText, quantityText } from '../../../base/format.ts'
import type { Side } from '../../positions/rules/position.ts'

interface Wanted {
  side: Side
  quantity: Big
  symbol: string
  limit?: { price: Big }
  stop?: Big
}

/** The prices of an order in words: `@ $1.05`, `stop $240.00`, `stop $240.00 limit $239.00`, `at the market`. */
export function termsText({ limitPrice, stopPrice }: { limitPrice?: Big; stopPrice?: Big }): string {
  if (stopPrice) return `stop ${priceText(stopPrice)}${limitPrice ? ` limit ${priceText(limitPrice)}` : ''}`
  return limitPrice ? `@ ${priceText(limitPrice)}` : 'at the market'
}

/** An order in words: `LIMIT SELL 3,750 BYND @ $1.05`, `SELL 50 AMD stop $240.00`, `BUY 500 AMD`. */
export function orderPhrase({ side, quantity, symbol, limit, stop }: Wanted): string {
  const what = `${side.toUpperCase()} ${quantityText(quantity)} ${symbol}`
  if (stop) return `${what} ${termsText({ limitPrice: limit?.price, stopPrice: stop })}`
  return limit ? `LIMIT ${what} @ ${priceText(limit.price)}` : what
}

/** The words with which a member asks for a close: `close BYND now`, `close BYND @ 1.05`. */
export function closeWords(symbol: string, limit?: Big): string {
  return `close ${symbol} ${limit ? `@ ${limit.toFixed()}` : 'now'}`
}
