import { durationText, percentText, priceText, quantityText } from '../../base/format.ts'
import type { Quote } from '../../market/market.ts'
import type { RestingOrder } from '../../trading/orders/rows/working-orders.ts'
import { termsText } from '../../trading/orders/rules/describe.ts'
import { distanceTo } from '../../trading/protection/rules/protection.ts'

/** The name of an order with its number: `1 · SELL 3,750 BYND @ $1.05`, `2 · SELL 50 AMD stop $240.00`. */
export function orderName(order: RestingOrder): string {
  const { number, side, quantity, symbol } = order
  return `${number} · ${side.toUpperCase()} ${quantityText(quantity)} ${symbol} ${termsText(order)}`
}

/** A working order in one line: its name, its age, the filled part, and the distance of the market. */
export function orderLine(order: RestingOrder, quote: Quote | undefined, now: Date): string {
  const age = durationText(now.getTime() - order.createdAt.getTime())
  const ends = order.expiresAt ? ` · ends in ${durationText(order.expiresAt.getTime() - now.getTime())}` : ''
  const filled = order.quantity.minus(order.left)
  const level = order.stopPrice ?? order.limitPrice
  const part = filled.gt(0) || !level ? ` · ${quantityText(filled)} of ${quantityText(order.quantity)} filled` : ''
  if (!level) return `${orderName(order)} · ${age} old${part}`
  const market = quote && (order.side === 'sell' ? quote.bid : quote.ask)
  const distance = market
    ? ` · ${percentText(distanceTo(level, market)).slice(1)} from ${priceText(market)}`
    : ' · no price'
  return `${orderName(order)} · ${age} old${part}${distance}${ends}`
}
