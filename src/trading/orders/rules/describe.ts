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

/** An exit as its member wants it. */
export interface WantedExit {
  side: Side
  symbol: string
  /** Units, of a part; absent: everything that is open. */
  quantity?: Big
  /** Dollars a unit. */
  limitPrice?: Big
  stopPrice?: Big
  isExtended?: boolean
}

/** The words with which a member asks for an exit: `close BYND now`, `close BYND @ 1.05`, `sell 50 BYND`, `cover 50 BYND stop 1.2`. */
export function exitWords(exit: WantedExit): string {
  const words = wordsOf(exit, (amount) => amount.toFixed())
  return (exit.quantity ?? exit.limitPrice ?? exit.stopPrice) ? words : `${words} now`
}

/** The same as a name: `close BYND`, `sell 1,050 BYND @ $1.05`. */
export function exitName(exit: WantedExit): string {
  return wordsOf(exit, priceText, quantityText)
}

function wordsOf(
  { side, symbol, quantity, limitPrice, stopPrice, isExtended }: WantedExit,
  price: (amount: Big) => string,
  units = price,
): string {
  return [
    ...(quantity ? [side === 'sell' ? 'sell' : 'cover', units(quantity)] : ['close']),
    symbol,
    ...(stopPrice ? ['stop', price(stopPrice)] : []),
    ...(limitPrice ? [stopPrice ? 'limit' : '@', price(limitPrice)] : []),
    ...(isExtended ? ['extended'] : []),
  ].join(' ')
}
