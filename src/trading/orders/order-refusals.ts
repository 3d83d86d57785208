import { type Big, sum } from '../../base/amounts.ts'
import { durationText, priceText, quantityText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import type { AnyOrder, OpeningOrder } from './rows/orders.ts'
import { closeWords, orderPhrase } from './rules/describe.ts'
import { leftOf } from './rules/order-lifecycle.ts'

/** The refusal of a close that got no order before its deadline. */
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

/** The refusal of an exit for more than is free, while resting orders hold a part of the position or all of it. */
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

/** The refusal when the position has been closed or replaced since the decision. */
export function anotherPosition(symbol: string): Refusal {
  const sentence = `The position in ${symbol} is another one than a moment ago. Nothing was done.`
  return new Refusal('POSITION_CHANGED', sentence, 'Look at `positions` and decide again')
}

/** The refusal while an order that opens the other way is live: both together could reverse a position. */
export function oppositeOrder(symbol: string, order: OpeningOrder): Refusal {
  const { number } = order
  return new Refusal(
    'OPPOSITE_ORDER_WORKING',
    `${orderPhrase(order)} is working and would open ${symbol} the other way. Nothing was done.`,
    number === undefined ? 'Wait until the venue has said what became of it' : `\`cancel ${number}\` first`,
  )
}
