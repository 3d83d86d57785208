import { type Big, sum } from '../../base/amounts.ts'
import { averageText, durationText, priceText, profitText, quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { Position } from '../positions/rows/positions.ts'
import { positionText } from '../positions/rules/describe.ts'
import type { Execution, Oddity } from './apply-news.ts'
import type { AnyOrder, OpeningOrder } from './rows/orders.ts'
import { averageFillPrice, leftOf } from './rules/order-lifecycle.ts'

/** An order in words: `LIMIT SELL 3,750 BYND @ $1.05`, `BUY 500 AMD`. */
export function orderPhrase({
  side,
  quantity,
  symbol,
  limit,
}: Pick<AnyOrder, 'side' | 'quantity' | 'symbol' | 'limit'>): string {
  const what = `${side.toUpperCase()} ${quantityText(quantity)} ${symbol}`
  return limit ? `LIMIT ${what} @ ${priceText(limit.price)}` : what
}

/** The venue does not take an order; `position` is what is open now, of one that exits. */
export function rejectedText(
  order: AnyOrder,
  because: string,
  position: Parameters<typeof positionText>[0] | undefined,
): string {
  const open = order.purpose === 'open' || !position ? '' : ` Position: ${positionText(position)}`
  return [
    `⚠️ The venue did not take the order: ${because}`,
    `Nothing was traded.${open}`,
    `💡 Do you still want it? Say it again, with what the venue takes: \`${again(order)}\``,
  ].join('\n')
}

/** An order did not get to the venue in time, and is not sent any more. */
export function notSentText(order: AnyOrder, because: string): string {
  return [
    `⚠️ NOT SENT: ${orderPhrase(order)}`,
    `${because}. Nothing was traded.`,
    `💡 Do you still want it? Say it again: \`${again(order)}\`, at the price of then`,
  ].join('\n')
}

/** A close that has no order yet comes too late. */
export function closeNotSent(
  { symbol, limitPrice }: { symbol: string; limitPrice?: Big },
  deadlineMs: number,
): Refusal {
  const sentence = [
    `NOT SENT: close ${symbol}${limitPrice ? ` @ ${priceText(limitPrice)}` : ''}`,
    `Working orders were to be taken back first, and that was not done within ${durationText(deadlineMs)}. What was taken back stays back; nothing else was traded.`,
  ].join('\n')
  return new Refusal(
    'CLOSE_TOO_LATE',
    sentence,
    `Do you still want it? Say it again: \`${closeWords(symbol, limitPrice)}\`, at the price of then`,
  )
}

const closeWords = (symbol: string, limit?: Big) => `close ${symbol} ${limit ? `@ ${limit.toFixed()}` : 'now'}`

/** A position is closed, and the venue has not said that an order which opens it again has ended. */
export function opensAgainText(order: AnyOrder): string {
  const name = order.number === undefined ? 'an order' : `order ${order.number}`
  return `⏳ The venue has not confirmed that ${name} (${orderPhrase(order)}) is cancelled. What it still fills opens ${order.symbol} again; the desk keeps asking and will say here how it ended.`
}

function again({ purpose, side, quantity, symbol, limit }: AnyOrder): string {
  if (purpose === 'close') return closeWords(symbol, limit?.price)
  const verb = purpose === 'open' ? side : side === 'sell' ? 'sell' : 'cover'
  return `${verb} ${quantity.toFixed()} ${symbol}${limit ? ` @ ${limit.price.toFixed()}` : ''}`
}

/** Nobody knows yet whether the venue filled an order. */
export function unknownText(order: AnyOrder): string {
  return `⏳ The order for ${quantityText(order.quantity)} ${order.symbol} was sent, but the venue has not confirmed it.\nIt is done once at most; the desk keeps asking and will say here what became of it.`
}

/** The venue has an order at the market, and has filled nothing of it yet. */
export function acceptedText(order: AnyOrder): string {
  const waits = `⏳ ${orderPhrase(order)} is at the venue, and waits to be filled. What it fills follows here.`
  return order.number === undefined
    ? waits
    : `${waits}\n💡 Order ${order.number}: \`cancel ${order.number}\` takes back what is not filled by then`
}

/** An order rests at the venue; `was` is the limit that it had before. */
export function workingText(order: AnyOrder, was?: Big): string {
  const { side, symbol, limit, number } = order
  const before = was ? `, was ${priceText(was)}` : ''
  return [
    `✓ LIMIT ${side.toUpperCase()} ORDER ${quantityText(leftOf(order))} ${symbol} @ ${priceText(limit!.price)} (working${before})`,
    `💡 Order ${number}: \`move ${number} PRICE\` changes it, \`cancel ${number}\` takes it back`,
  ].join('\n')
}

/** The venue filled something of an order: what was traded, what it locked in, what is open now. */
export function filledText(
  order: AnyOrder,
  position: Pick<Position, 'symbol' | 'signedQuantity' | 'openCost'>,
  executions: Execution[],
): string {
  const isExit = order.purpose !== 'open'
  const did = order.side === 'sell' ? (isExit ? 'SOLD' : 'SOLD SHORT') : isExit ? 'BOUGHT BACK' : 'BOUGHT'
  // What was told in parts is told once more as a whole when it is complete.
  const isWhole = order.state === 'filled'
  const traded = sum(executions.map(({ fill }) => fill.quantity))
  const quantity = isWhole ? order.filledQuantity : traded
  const [only] = executions
  const isOne = executions.length === 1 && only!.fill.quantity.eq(quantity)
  const average = isWhole ? averageFillPrice(order) : valueIn(executions).div(traded)
  const profit = isWhole ? order.realizedPnl : sum(executions.map(({ realizedPnl }) => realizedPnl))
  const ofOrder = order.limit ? ` (limit order ${order.number})` : ''
  const part = isWhole ? '' : ` of ${quantityText(order.quantity)}`
  const inAll = isWhole && !isOne ? ' in all' : ''
  return [
    `✓ ${did} ${quantityText(quantity)}${part} ${order.symbol} @ ${isOne ? priceText(only!.fill.price) : averageText(average)}${inAll}${ofOrder}`,
    ...(isExit ? [`P&L: ${profitText(profit)}`] : []),
    `Position: ${positionText(position)}`,
    ...odditiesText(order, executions),
  ].join('\n')
}

const valueIn = (executions: Execution[]) => sum(executions.map(({ fill }) => fill.quantity.times(fill.price)))

/** The venue took back fills that it had told of. */
export function takenBackText(
  order: AnyOrder,
  position: Pick<Position, 'symbol' | 'signedQuantity' | 'openCost'>,
  executions: Execution[],
): string {
  const lines = executions.map(
    ({ fill }) => `${quantityText(fill.quantity)} ${order.symbol} @ ${priceText(fill.price)}`,
  )
  return [
    `↩️ TAKEN BACK BY THE VENUE: ${order.side === 'sell' ? 'sold' : 'bought'} ${lines.join(', ')}`,
    `That trade counts no more; P&L ${profitText(sum(executions.map(({ realizedPnl }) => realizedPnl)))}`,
    `Position: ${positionText(position)}`,
  ].join('\n')
}

/** A line for each thing about fills that their member has to know. */
export function odditiesText(order: AnyOrder, executions: Execution[]): string[] {
  const all = new Set(executions.flatMap(({ oddities }) => oddities))
  const said: [Oddity, string][] = [
    ['late', '⚠️ The venue tells of it late: the order had ended'],
    [
      'overfilled',
      `⚠️ The venue filled ${quantityText(order.filledQuantity.minus(order.quantity))} more than was ordered. It is booked, and nothing is sent against it`,
    ],
    [
      'worse than its limit',
      `⚠️ That is worse than the limit of ${order.limit ? priceText(order.limit.price) : ''}. It is booked; ask the venue why`,
    ],
  ]
  return said.flatMap(([oddity, text]) => (all.has(oddity) ? [text] : []))
}

/** What was filled of an order before its end, as the end of a sentence. */
function partText(order: AnyOrder): string {
  if (order.filledQuantity.eq(0)) return ''
  const did = order.side === 'sell' ? 'sold' : 'bought'
  return `\n${quantityText(order.filledQuantity)} of ${quantityText(order.quantity)} were ${did} before that @ ${averageText(averageFillPrice(order))}`
}

/** An order ended before all of it was filled; `isClosedAgain`: another one follows for the rest. */
export function cancelledText(order: AnyOrder, because: string | undefined, isClosedAgain = false): string {
  // One at the market has a number where it waited at the venue.
  const isAsked = because === undefined && order.number !== undefined
  if (order.limit || isAsked)
    return `✓ CANCELLED order ${order.number}: ${orderPhrase(order)}${because ? ` (${because})` : ''}${partText(order)}`
  const why = because ?? 'the venue never had it'
  const rest = isClosedAgain ? 'The desk closes the rest with another order in a moment.' : 'The rest is not traded.'
  if (isClosedAgain && order.filledQuantity.eq(0)) return `⚠️ ${orderPhrase(order)} has ended (${why}). ${rest}`
  if (order.filledQuantity.eq(0))
    return `⚠️ ${orderPhrase(order)} was not filled and never will be (${why}). Nothing was traded.`
  return `⚠️ ${orderPhrase(order)} has ended (${because ?? 'the venue ended it'})${partText(order)}. ${rest}`
}

/** The time of an order is over. */
export function expiredText(order: AnyOrder): string {
  const part = partText(order) || '\nNothing was traded.'
  return `⌛ EXPIRED order ${order.number ?? ''}: ${orderPhrase(order)}${part}`
}

/** More is wanted than is free, since orders that rest hold the rest of the position, or a part of it. */
export function heldRefusal(symbol: string, open: Big, available: Big, holding: AnyOrder[]): Refusal {
  const orders = holding.map((order) =>
    order.number === undefined
      ? `an order (${orderPhrase(order)})`
      : `working order ${order.number} (${orderPhrase(order)})`,
  )
  const held = sum(holding.map(leftOf))
  const leaving = open.minus(available).minus(held)
  const part = leaving.gt(0) ? quantityText(held) : available.eq(0) ? 'all of it' : 'the rest'
  const others = leaving.gt(0) ? `, and ${quantityText(leaving)} are on their way out` : ''
  const free = available.eq(0)
    ? `None of ${quantityText(open)} ${symbol} is free`
    : `Only ${quantityText(available)} of ${quantityText(open)} ${symbol} ${available.eq(1) ? 'is' : 'are'} free`
  const frees = holding.flatMap((order) => {
    if (order.number === undefined) return []
    return [`\`cancel ${order.number}\` frees ${holding.length === 1 ? 'it' : quantityText(leftOf(order))}`]
  })
  return new Refusal(
    'QUANTITY_HELD_BY_ORDERS',
    `${free}: ${orders.join(', ')} ${holding.length === 1 ? 'holds' : 'hold'} ${part}${others}. Nothing was done.`,
    [
      ...(available.gt(0) ? [`\`trim ${available.toFixed()} ${symbol}\` takes what is free`] : []),
      ...frees,
      `\`close ${symbol}\` takes working orders back by itself`,
    ].join('; '),
  )
}

/** What was decided on is not open any more, or something else is. */
export function anotherPosition(symbol: string): Refusal {
  const sentence = `The position in ${symbol} is another one than a moment ago. Nothing was done.`
  return new Refusal('POSITION_CHANGED', sentence, 'Look at `positions` and decide again')
}

/** An order that opens the other way has no outcome yet: both together would turn a position round. */
export function oppositeOrder(symbol: string, order: OpeningOrder): Refusal {
  const { number } = order
  return new Refusal(
    'OPPOSITE_ORDER_WORKING',
    `${orderPhrase(order)} is working and would open ${symbol} the other way. Nothing was done.`,
    number === undefined ? 'Wait until the venue has said what became of it' : `\`cancel ${number}\` first`,
  )
}
