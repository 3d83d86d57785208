import { sum } from '../../../base/amounts.ts'
import { averageText, durationText, priceText, profitText, quantityText } from '../../../base/format.ts'
import type { Execution } from '../../orders/apply-news.ts'
import { odditiesText } from '../../orders/order-text.ts'
import { leftOf } from '../../orders/rules/order-lifecycle.ts'
import { inFlightQuantity, type Position } from '../../positions/rows/positions.ts'
import { positionText } from '../../positions/rules/describe.ts'
import type { ClosingOrder, ClosingPurpose } from '../rows/closings.ts'

const titles: Record<ClosingPurpose, string> = {
  stop: '🛑 STOP HIT',
  target: '🎯 TARGET HIT',
  breaker: '🚨 CIRCUIT BREAKER TRIPPED',
}

/** Why a scaleout, and whatever else was to sell the position, came to its end. */
export const becauseOf: Record<ClosingPurpose, string> = {
  stop: 'the stop was hit',
  target: 'the target was hit',
  breaker: 'the circuit breaker tripped',
}

/** The word that a person types to take the close of a position out of the desk's hands. */
const takesBack: Record<ClosingPurpose, string> = {
  stop: '`stop off` leaves the position open',
  target: '`target off` leaves the position open',
  breaker: 'an owner can say `resume` to leave the position open',
}

/** A position was closed at once, or a part of it. */
export function closedText(order: ClosingOrder, position: Position, executions: Execution[]): string {
  const rest = position.workingQuantity.gt(0) ? ` (${quantityText(position.workingQuantity)} on the way out)` : ''
  const traded = sum(executions.map(({ fill }) => fill.quantity))
  // The last word is about all of the order.
  const isWhole = order.state === 'filled'
  const quantity = isWhole ? order.filledQuantity : traded
  const [only] = executions
  const isOne = executions.length === 1 && only!.fill.quantity.eq(quantity)
  const value = isWhole ? order.filledValue : sum(executions.map(({ fill }) => fill.quantity.times(fill.price)))
  const profit = isWhole ? order.realizedPnl : sum(executions.map(({ realizedPnl }) => realizedPnl))
  const part = isWhole ? '' : ` of ${quantityText(order.quantity)}`
  const isFlat = position.signedQuantity.eq(0)
  return [
    `${titles[order.purpose]} — ${order.symbol}`,
    `${order.side === 'sell' ? 'Sold' : 'Bought back'} ${quantityText(quantity)}${part} @ ${isOne ? priceText(only!.fill.price) : averageText(value.div(quantity))}`,
    `P&L: ${profitText(profit)}`,
    `Position: ${positionText(position)}${rest}`,
    ...odditiesText(order, executions),
    ...(order.purpose === 'breaker' && isFlat ? ['⛔ The account is HALTED until an owner says `resume`'] : []),
  ].join('\n')
}

/** The venue has not filled the order that closes a position. */
export function stuckText(order: ClosingOrder, because: string, forMs: number): string {
  const todo = `${order.side === 'sell' ? 'Sell' : 'Buy back'} ${quantityText(leftOf(order))} ${order.symbol}`
  return [
    `🚨 NOT CLOSED YET — ${order.symbol}`,
    `${nameOf(order.purpose)}: ${todo}, tried for ${durationText(forMs)}`,
    `${because}`,
    `The desk goes on trying; nothing is sold twice.`,
    `💡 \`close ${order.symbol}\` tries at once, ${takesBack[order.purpose]}`,
  ].join('\n')
}

/** The venue is filling the order that closes a position. */
export function fillingText(order: ClosingOrder, forMs: number): string {
  const did = order.side === 'sell' ? 'Sold' : 'Bought back'
  const todo = order.side === 'sell' ? 'sold' : 'bought back'
  const rest =
    order.purpose === 'breaker'
      ? `an owner can say \`resume\` to keep what is not ${todo} yet`
      : `\`${order.purpose} off\` keeps what is not ${todo} yet`
  return [
    `⏳ ${nameOf(order.purpose)} — ${order.symbol}: the venue is filling the order`,
    `${did} ${quantityText(order.filledQuantity)} of ${quantityText(order.quantity)} so far, in ${durationText(forMs)}`,
    `💡 It goes on by itself; ${rest}`,
  ].join('\n')
}

/** All of a position that is to be closed is in other orders, of which nobody knows what became. */
export function inFlightText(purpose: ClosingPurpose, position: Position, forMs: number): string {
  const { symbol, workingQuantity } = position
  return [
    `🚨 NOT CLOSED YET — ${symbol}`,
    `${nameOf(purpose)}, for ${durationText(forMs)}: ${quantityText(workingQuantity)} ${symbol} are with the venue by other orders, which it ${notYetText(position)}`,
    'The desk goes on asking, and closes what comes back; nothing is sold twice.',
  ].join('\n')
}

/** What the venue has not done about the other orders that have all of a position. */
export const notYetText = (position: Position) =>
  inFlightQuantity(position).gt(0) ? 'has not confirmed' : 'has not given back'

/** `STOP HIT`, without its sign. */
const nameOf = (purpose: ClosingPurpose) => titles[purpose].split(' ').slice(1).join(' ')

/** A person does not want the close any more: the venue never took it, or has ended it. */
export function givenUpText(order: ClosingOrder, position: Position): string {
  const did = order.side === 'sell' ? 'sold' : 'bought back'
  const ended =
    order.venueOrderId === undefined
      ? `The venue never took the order for ${quantityText(order.quantity)}; it is not sent again.`
      : `The venue has ended the order: ${quantityText(order.filledQuantity)} of ${quantityText(order.quantity)} were ${did} before that.`
  return [
    `✓ GIVEN UP — ${order.symbol}`,
    ended,
    `Position: ${positionText(position)}`,
    `💡 Nothing protects it now: \`stop\` sets a stop, \`close ${order.symbol}\` closes it`,
  ].join('\n')
}
