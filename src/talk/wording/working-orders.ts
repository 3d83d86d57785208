import { durationText, percentText, priceText, quantityText } from '../../base/format.ts'
import type { Quote } from '../../market/market.ts'
import type { RestingOrder } from '../../trading/orders/rows/working-orders.ts'
import { termsText } from '../../trading/orders/rules/describe.ts'
import { closingSide } from '../../trading/positions/rules/position.ts'
import type { UnfinishedExit } from '../../trading/protection/rows/unfinished-exits.ts'
import { distanceTo } from '../../trading/protection/rules/protection.ts'
import { type Cell, type Column, cell, linesIn } from '../chat/columns.ts'

/** An order, or an exit that waits to be one, as its number names it. */
export type NumberedOrder = Pick<RestingOrder, 'number' | 'side' | 'quantity' | 'symbol' | 'limitPrice' | 'stopPrice'>

/** An exit that waits for protection at the venue, as the order that it is to be. */
export function asNumbered(exit: UnfinishedExit & { number: number }): NumberedOrder {
  return { ...exit, side: closingSide(exit.signedQuantity), quantity: exit.quantity ?? exit.signedQuantity.abs() }
}

/** The line of such an exit: `⏳ 4 · SELL 50 BYND at the market waits until the venue gives its protection back; nothing is sent yet`. */
export const waitingText = (exit: UnfinishedExit & { number: number }): string =>
  `⏳ ${orderName(asNumbered(exit))} waits until the venue gives its protection back; nothing is sent yet`

/** The name of an order with its number: `1 · SELL 3,750 BYND @ $1.05`, `2 · SELL 50 AMD stop $240.00`. */
export function orderName(order: NumberedOrder): string {
  const { number, side, quantity, symbol } = order
  return `${number} · ${side.toUpperCase()} ${quantityText(quantity)} ${symbol} ${termsText(order)}`
}

/** The columns of a list of working orders. */
export const orderColumns: Column[] = [
  { head: 'Order' },
  { head: 'Side' },
  { head: 'Quantity', isAmount: true },
  { head: 'Symbol' },
  { head: 'Price' },
  { head: 'Age', isAmount: true },
  { head: 'Filled', isAmount: true },
  { head: 'Market', isAmount: true },
  { head: 'Ends', isAmount: true },
]

/** A working order in cells: its name, its age, the filled part, the distance of the market, and its end. */
export function orderCells(order: RestingOrder, quote: Quote | undefined, now: Date): Cell[] {
  const { number, side, quantity, symbol, left, stopPrice, limitPrice, createdAt, expiresAt } = order
  const filled = quantity.minus(left)
  const level = stopPrice ?? limitPrice
  const market = quote && (side === 'sell' ? quote.bid : quote.ask)
  const distance = level && market && percentText(distanceTo(level, market)).slice(1)
  const isInPart = filled.gt(0) || !level
  return [
    cell(String(number)),
    cell(side.toUpperCase(), '· '),
    cell(quantityText(quantity)),
    cell(symbol),
    cell(termsText(order)),
    cell(`${durationText(now.getTime() - createdAt.getTime())} old`, '· '),
    cell(isInPart ? `${quantityText(filled)} of ${quantityText(quantity)} filled` : undefined, '· '),
    cell(market && distance ? `${distance} from ${priceText(market)}` : level && 'no price', '· '),
    cell(level && expiresAt && `in ${durationText(expiresAt.getTime() - now.getTime())}`, '· ends '),
  ]
}

/** A working order in one line: `1 · SELL 3,750 BYND @ $1.05 · 20 s old · 3.96% from $1.01`. */
export function orderLine(order: RestingOrder, quote: Quote | undefined, now: Date): string {
  return linesIn({ columns: orderColumns, rows: [orderCells(order, quote, now)] })[0]!
}
