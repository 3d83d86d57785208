import { type Big, sum } from '../../base/amounts.ts'
import { averageText, priceText, profitText, quantityText } from '../../base/format.ts'
import type { Execution, Oddity } from '../../trading/orders/apply-news.ts'
import type { OrderNotice } from '../../trading/orders/notices.ts'
import type { AnyOrder } from '../../trading/orders/rows/orders.ts'
import { averageFillPrice } from '../../trading/orders/rules/order-lifecycle.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'

type Told<Kind> = Extract<OrderNotice, { kind: Kind }>

/** The message about fills of an order: the traded quantity, the P&L of an exit, and the position. */
export function filledText({ order, position, executions }: Told<'order.filled'>): string {
  const isExit = order.purpose !== 'open'
  // Only a trade that was made at the broker is recorded by the venue's own execution.
  const elsewhere = order.purpose === 'record' ? ' AT THE BROKER, NOT BY THE DESK:' : ''
  const did = `${order.side === 'sell' ? (isExit ? 'SOLD' : 'SOLD SHORT') : isExit ? 'BOUGHT BACK' : 'BOUGHT'}${elsewhere}`
  // The last message of an order covers the whole order, although its parts were told before.
  const isWhole = order.state === 'filled'
  const traded = sum(executions.map(({ fill }) => fill.quantity))
  const quantity = isWhole ? order.filledQuantity : traded
  const [only] = executions
  const isOne = executions.length === 1 && only!.fill.quantity.eq(quantity)
  const average = isWhole ? averageFillPrice(order) : valueIn(executions).div(traded)
  const profit = profitTold(order, executions)
  const ofOrder = order.stop ? ` (stop order ${order.number})` : order.limit ? ` (limit order ${order.number})` : ''
  const part = isWhole ? '' : ` of ${quantityText(order.quantity)}`
  const inAll = isWhole && !isOne ? ' in all' : ''
  return [
    `✓ ${did} ${quantityText(quantity)}${part} ${order.symbol} @ ${isOne ? priceText(only!.fill.price) : averageText(average)}${inAll}${ofOrder}`,
    ...(isExit ? [`P&L: ${profitText(profit)}`] : []),
    `Position: ${positionText(position)}`,
    ...oddityLines(order, executions),
  ].join('\n')
}

/** The P&L that a message about fills tells: of the whole order once it is filled, else of these fills. */
export function profitTold(order: Pick<AnyOrder, 'state' | 'realizedPnl'>, executions: Execution[]): Big {
  return order.state === 'filled' ? order.realizedPnl : sum(executions.map(({ realizedPnl }) => realizedPnl))
}

const valueIn = (executions: Execution[]) => sum(executions.map(({ fill }) => fill.quantity.times(fill.price)))

/** The message about fills that the venue has reversed. */
export function reversedText({ order, position, executions }: Told<'order.reversed'>): string {
  const lines = executions.map(
    ({ fill }) => `${quantityText(fill.quantity)} ${order.symbol} @ ${priceText(fill.price)}`,
  )
  return [
    `↩️ TAKEN BACK BY THE VENUE: ${order.side === 'sell' ? 'sold' : 'bought'} ${lines.join(', ')}`,
    `That trade counts no more; P&L ${profitText(sum(executions.map(({ realizedPnl }) => realizedPnl)))}`,
    `Position: ${positionText(position)}`,
  ].join('\n')
}

/** A line for each unusual property of fills. */
export function oddityLines(order: AnyOrder, executions: Execution[]): string[] {
  const all = new Set(executions.flatMap(({ oddities }) => oddities))
  const said: [Oddity, string][] = [
    ['late', '⚠️ The venue tells of it late: the order had ended'],
    ['not followed', '⚠️ It was filled after the account was unlinked, when the desk did not follow the order'],
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
