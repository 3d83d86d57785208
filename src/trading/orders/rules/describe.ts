import type { Big } from '../../../base/amounts.ts'
import { priceText, quantityText } from '../../../base/format.ts'
import type { Side } from '../../positions/rules/position.ts'

interface Wanted {
  side: Side
  quantity: Big
  symbol: string
  limit?: { price: Big }
}

/** An order in words: `LIMIT SELL 3,750 BYND @ $1.05`, `BUY 500 AMD`. */
export function orderPhrase({ side, quantity, symbol, limit }: Wanted): string {
  const what = `${side.toUpperCase()} ${quantityText(quantity)} ${symbol}`
  return limit ? `LIMIT ${what} @ ${priceText(limit.price)}` : what
}

/** The words with which a member asks for a close: `close BYND now`, `close BYND @ 1.05`. */
export function closeWords(symbol: string, limit?: Big): string {
  return `close ${symbol} ${limit ? `@ ${limit.toFixed()}` : 'now'}`
}
