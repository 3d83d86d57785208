import { Refusal } from '../../chat/refusal.ts'
import type { OpeningOrder, Order, RecordedFill } from '../../ledger/orders.ts'
import type { Big } from '../../trading/amounts.ts'
import { positionText } from '../../trading/describe.ts'
import { priceText, profitText, quantityText } from '../../trading/format.ts'
import type { VenueFill } from '../../venue/venue.ts'

type Any = Order | OpeningOrder

/** An order in words: `LIMIT SELL 3,750 BYND @ $1.05`, `BUY 500 AMD`. */
export function orderPhrase({ side, quantity, symbol, limit }: Omit<Any, 'id'>): string {
  const what = `${side.toUpperCase()} ${quantityText(quantity)} ${symbol}`
  return limit ? `LIMIT ${what} @ ${priceText(limit.price)}` : what
}

/** The venue will not fill an order. */
export function rejectedText(order: Any, because: string): string {
  const rest = order.purpose === 'open' ? '' : ` ${quantityText(order.quantity)} ${order.symbol} are still there.`
  return `⚠️ The venue did not take the order: ${because}\nNothing was traded.${rest}`
}

/** Nobody knows yet whether the venue filled an order. */
export function unknownText(order: Any): string {
  return `⏳ The order for ${quantityText(order.quantity)} ${order.symbol} was sent, but the venue has not confirmed it.\nIt is done once at most; the desk keeps asking and will say here what became of it.`
}

/** An order rests at the venue; `was` is the limit that it had before. */
export function workingText({ side, quantity, symbol, limit }: Any, was?: Big): string {
  const before = was ? `, was ${priceText(was)}` : ''
  return [
    `✓ LIMIT ${side.toUpperCase()} ORDER ${quantityText(quantity)} ${symbol} @ ${priceText(limit!.price)} (working${before})`,
    `💡 Order ${limit!.number}: \`move ${limit!.number} PRICE\` changes it, \`cancel ${limit!.number}\` takes it back`,
  ].join('\n')
}

/** The venue filled an order: what was traded, what it locked in, what is open now. */
export function filledText(order: Any, { position, realizedPnl }: RecordedFill, fill: VenueFill): string {
  const isExit = order.purpose !== 'open'
  const did = order.side === 'sell' ? (isExit ? 'SOLD' : 'SOLD SHORT') : isExit ? 'BOUGHT BACK' : 'BOUGHT'
  const ofOrder = order.limit ? ` (limit order ${order.limit.number})` : ''
  return [
    `✓ ${did} ${quantityText(fill.quantity)} ${order.symbol} @ ${priceText(fill.price)}${ofOrder}`,
    ...(isExit ? [`P&L: ${profitText(realizedPnl)}`] : []),
    `Position: ${positionText(position)}`,
  ].join('\n')
}

/** An order was taken back before it was filled. */
export function cancelledText(order: Any, because: string | undefined): string {
  if (!order.limit)
    return `⚠️ ${orderPhrase(order)} was not filled and never will be (${because ?? 'the venue never had it'}). Nothing was traded.`
  return `✓ CANCELLED order ${order.limit.number}: ${orderPhrase(order)}${because ? ` (${because})` : ''}`
}

/** The time of an order is over. */
export function expiredText(order: Any): string {
  return `⌛ EXPIRED order ${order.limit?.number}: ${orderPhrase(order)}\nNothing was traded.`
}

/** More is wanted than is free, since orders that rest hold the rest of the position. */
export function heldRefusal(symbol: string, open: Big, available: Big, holding: Any[]): Refusal {
  const numbers = holding.map(({ limit }) => limit!.number)
  const orders = holding.map((order) => `order ${order.limit!.number} (${orderPhrase(order)})`).join(', ')
  const isOne = holding.length === 1
  const free = available.eq(0)
    ? `None of ${quantityText(open)} ${symbol} is free: working ${orders} ${isOne ? 'holds' : 'hold'} all of it`
    : `Only ${quantityText(available)} of ${quantityText(open)} ${symbol} ${available.eq(1) ? 'is' : 'are'} free: working ${orders} ${isOne ? 'holds' : 'hold'} the rest`
  return new Refusal(
    'QUANTITY_HELD_BY_ORDERS',
    `${free}. Nothing was done.`,
    `${numbers.map((number) => `\`cancel ${number}\``).join(', ')} ${isOne ? 'frees' : 'free'} it; \`close ${symbol}\` takes working orders back by itself`,
  )
}

/** What was decided on is not open any more, or something else is. */
export function anotherPosition(symbol: string): Refusal {
  const sentence = `The position in ${symbol} is another one than a moment ago. Nothing was done.`
  return new Refusal('POSITION_CHANGED', sentence, 'Look at `positions` and decide again')
}

/** An order that opens the other way has no outcome yet: both together would turn a position round. */
export function oppositeOrder(symbol: string, order: OpeningOrder): Refusal {
  const number = order.limit?.number
  return new Refusal(
    'OPPOSITE_ORDER_WORKING',
    `${orderPhrase(order)} is working and would open ${symbol} the other way. Nothing was done.`,
    number === undefined ? 'Wait until the venue has said what became of it' : `\`cancel ${number}\` first`,
  )
}
