import { sum } from '../../base/amounts.ts'
import { averageText, durationText, priceText, profitText, quantityText } from '../../base/format.ts'
import { leftOf } from '../../trading/orders/rules/order-lifecycle.ts'
import { opensText } from '../../trading/orders/venue-hours.ts'
import type { Position } from '../../trading/positions/rows/positions.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'
import { closesPart } from '../../trading/protection/close-now/purposes.ts'
import { notYetOf } from '../../trading/protection/close-now/reasons.ts'
import type { ClosingTry } from '../../trading/protection/close-now/tried.ts'
import type { ClosingNotice } from '../../trading/protection/notices.ts'
import { isUncertain } from '../../trading/protection/rows/at-venue.ts'
import type { ClosingOrder, ClosingPurpose } from '../../trading/protection/rows/closings.ts'
import { headings } from './event-headings.ts'
import { oddityLines, profitTold } from './fills.ts'
import type { WordingOf } from './wording-of.ts'

const titles: Record<ClosingPurpose, string> = {
  stop: headings['trading.stop_loss_triggered'],
  target: headings['trading.take_profit_hit'],
  breaker: headings['risk.circuit_breaker_tripped'],
}

/** The title without its emoji, such as `STOP HIT`. */
const nameOf = (purpose: ClosingPurpose) => titles[purpose].split(' ').slice(1).join(' ')

/** The hint at the command that stops the desk's close of a position. */
const takesBack: Record<ClosingPurpose, string> = {
  stop: '`stop off` leaves the position open',
  target: '`target off` leaves the position open',
  breaker: 'an owner can say `resume` to leave the position open',
}

const didOf = ({ side }: ClosingOrder) => (side === 'sell' ? 'sold' : 'bought back')

export const closingWording: WordingOf<ClosingNotice> = {
  'closing.filled': closedText,
  'closing.stuck': ({ order, because, forMs }) => {
    const todo = `${order.side === 'sell' ? 'Sell' : 'Buy back'} ${quantityText(leftOf(order))} ${order.symbol}`
    return [
      `🚨 NOT CLOSED YET — ${order.symbol}`,
      `${nameOf(order.purpose)}: ${todo}, tried for ${durationText(forMs)}`,
      `${because}`,
      `The desk goes on trying; nothing is sold twice.`,
      `💡 \`close ${order.symbol}\` tries at once, ${takesBack[order.purpose]}`,
    ].join('\n')
  },
  'closing.filling': ({ order, forMs }) => {
    const todo = didOf(order)
    const rest =
      order.purpose === 'breaker'
        ? `an owner can say \`resume\` to keep what is not ${todo} yet`
        : `\`${order.purpose} off\` keeps what is not ${todo} yet`
    return [
      `⏳ ${nameOf(order.purpose)} — ${order.symbol}: the venue is filling the order`,
      `${order.side === 'sell' ? 'Sold' : 'Bought back'} ${quantityText(order.filledQuantity)} of ${quantityText(order.quantity)} so far, in ${durationText(forMs)}`,
      `💡 It goes on by itself; ${rest}`,
    ].join('\n')
  },
  'closing.waits_for_open': ({ order, opensAt, isAssumed, zone, now }) => {
    const todo = `${order.side === 'sell' ? 'Sell' : 'Buy back'} ${quantityText(leftOf(order))} ${order.symbol}`
    const when = opensText({ opensAt }, now, zone)
    const where =
      order.venueOrderId === undefined ? 'The desk sends the order when it opens' : 'The order waits there for the open'
    if (isAssumed) {
      const went = order.venueOrderId === undefined ? 'It has confirmed no order; the desk goes on trying' : where
      return [
        `🚨 NOT CLOSED YET — ${order.symbol}: the venue does not answer`,
        `${nameOf(order.purpose)}: ${todo} at the market. By the exchange’s calendar it is closed, and opens ${when}. ${went}; the price is the one of then.`,
        `💡 ${takesBack[order.purpose]}`,
      ].join('\n')
    }
    return [
      `🚨 NOT CLOSED YET — ${order.symbol}: the venue is closed`,
      `${nameOf(order.purpose)}: ${todo} at the market. The venue opens ${when}. ${where}; the price is the one of then.`,
      `💡 ${takesBack[order.purpose]}`,
    ].join('\n')
  },
  'closing.blocked': ({ purpose, position, forMs, atVenue }) => {
    const { symbol, missingQuantity } = position
    const others = position.workingQuantity.gt(0)
      ? `; ${quantityText(position.workingQuantity)} are with the venue by other orders, which it ${notYetOf(position)}`
      : ''
    if (isUncertain(atVenue)) {
      return [
        `🚨 NOT CLOSED YET — ${symbol}`,
        `${nameOf(purpose)}, for ${durationText(forMs)}: the venue does not say whether it has the order that protects ${quantityText(position.protectingQuantity)} ${symbol} there${others}`,
        'If it is there, it closes them at its levels; nothing else is sent meanwhile, since both could fill. The desk goes on asking. 💡 Look at your broker’s own page',
      ].join('\n')
    }
    const held = position.workingQuantity.plus(position.protectingQuantity)
    if (missingQuantity.gt(0) && held.eq(0)) {
      return [
        `🚨 NOT CLOSED YET — ${symbol}`,
        `${nameOf(purpose)}, for ${durationText(forMs)}: the broker shows ${quantityText(missingQuantity)} ${symbol} fewer than the desk has, so nothing is there to close`,
        `Nothing is sold that the broker does not show. 💡 \`adopt ${symbol}\` takes the broker’s quantity, \`reconcile\` shows both`,
      ].join('\n')
    }
    return [
      `🚨 NOT CLOSED YET — ${symbol}`,
      `${nameOf(purpose)}, for ${durationText(forMs)}: ${quantityText(held)} ${symbol} are with the venue by other orders, which it ${notYetOf(position)}`,
      'The desk goes on asking, and closes what comes back; nothing is sold twice.',
    ].join('\n')
  },
  'closing.withdrawn': ({ order, words, because, stands }) => {
    const { quantity, symbol, side } = order
    const then = stands
      ? `Its level stands again, in new units, and acts when the price gets there.`
      : `💡 \`positions\` shows the levels that stand`
    return [
      `↩️ TAKEN BACK — ${symbol}`,
      `${nameOf(order.purpose)}: the broker refused to ${side === 'sell' ? 'sell' : 'buy back'} ${quantityText(quantity)} (${words}), so nothing was ${didOf(order)}, and nothing is on its way. That is over: ${because}.`,
      order.purpose === 'breaker' ? 'The circuit breaker goes on with the new units.' : then,
    ].join('\n')
  },
  'closing.given_up': ({ order, position }) => {
    const ended =
      order.venueOrderId === undefined
        ? `The venue never took the order for ${quantityText(order.quantity)}; it is not sent again.`
        : `The venue has ended the order: ${quantityText(order.filledQuantity)} of ${quantityText(order.quantity)} were ${didOf(order)} before that.`
    return [
      `✓ GIVEN UP — ${order.symbol}`,
      ended,
      `Position: ${positionText(position)}`,
      ...(closesPart(order)
        ? []
        : [`💡 Nothing protects it now: \`stop\` sets a stop, \`close ${order.symbol}\` closes it`]),
    ].join('\n')
  },
  'closing.give_up_tried': ({ tries }) => tries.map(giveUpLine).join('\n'),
  'closing.pushed': ({ tries }) => tries.map(pushedLine).join('\n'),
}

function closedText({
  order,
  position,
  executions,
  level,
  isAtVenue,
}: Extract<ClosingNotice, { kind: 'closing.filled' }>): string {
  const rest = position.workingQuantity.gt(0) ? ` (${quantityText(position.workingQuantity)} on the way out)` : ''
  const traded = sum(executions.map(({ fill }) => fill.quantity))
  // The last message of an order covers the whole order.
  const isWhole = order.state === 'filled'
  const quantity = isWhole ? order.filledQuantity : traded
  const [only] = executions
  const isOne = executions.length === 1 && only!.fill.quantity.eq(quantity)
  const value = isWhole ? order.filledValue : sum(executions.map(({ fill }) => fill.quantity.times(fill.price)))
  const profit = profitTold(order, executions)
  const part = isWhole ? ofPosition(order, position) : ` of ${quantityText(order.quantity)}`
  const isFlat = position.signedQuantity.eq(0)
  return [
    `${titles[order.purpose]}${isAtVenue ? ' at the venue' : ''} — ${order.symbol}`,
    `${order.side === 'sell' ? 'Sold' : 'Bought back'} ${quantityText(quantity)}${part} @ ${isOne ? priceText(only!.fill.price) : averageText(value.div(quantity))}${level ? ` · ${order.purpose} ${priceText(level)}` : ''}`,
    `P&L: ${profitText(profit)}`,
    `Position: ${positionText(position)}${rest}`,
    ...oddityLines(order, executions),
    ...(order.purpose === 'breaker' && isFlat ? ['⛔ The account is HALTED until an owner says `resume`'] : []),
  ].join('\n')
}

/** What was open before a part was closed, behind its quantity; empty for an order that closes everything. */
function ofPosition(order: ClosingOrder, { signedQuantity }: Pick<Position, 'signedQuantity'>): string {
  if (!closesPart(order) || signedQuantity.eq(0)) return ''
  return ` of ${quantityText(signedQuantity.abs().plus(order.filledQuantity))}`
}

function pushedLine({ order, went }: ClosingTry): string {
  const { quantity, symbol } = order
  const what = `${quantityText(quantity)} ${symbol}`
  const did = didOf(order)
  switch (went.outcome) {
    case 'filled':
      return `✓ The desk was at it: ${what} are ${did} @ ${priceText(went.price)}.`
    case 'working': {
      const filled = quantityText(went.order.filledQuantity)
      return `⏳ ${quantityText(leftOf(went.order))} ${symbol} are already on their way out: the venue is filling the order, ${filled} of ${quantityText(quantity)} ${did} so far.`
    }
    case 'stuck':
      return `⏳ ${what} are already on their way out, and the venue was just asked again: ${went.because}\nThe desk goes on trying with the same order, so nothing is sold twice.`
    default:
      return `⏳ The order for ${what} is being taken back. Try \`close ${symbol}\` again when that is done.`
  }
}

function giveUpLine({ order, went }: ClosingTry): string {
  const what = `${quantityText(order.quantity)} ${order.symbol}`
  switch (went.outcome) {
    case 'filled':
      return `⚠️ Too late: the venue had filled the order for ${what} @ ${priceText(went.price)}.`
    case 'given up': {
      const { filledQuantity } = went.order
      const before = filledQuantity.gt(0) ? `; ${quantityText(filledQuantity)} were ${didOf(order)} before that` : ''
      return `✓ OK, ${quantityText(leftOf(went.order))} ${order.symbol} are not ${didOf(order)}${before}.`
    }
    default:
      return `⏳ OK, the order for ${what} is not sent again. The last call may still reach the venue; the desk asks, and will say here what became of it.`
  }
}
