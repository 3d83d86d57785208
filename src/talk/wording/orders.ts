import type { Big } from '../../base/amounts.ts'
import { averageText, priceText, quantityText } from '../../base/format.ts'
import { unlinkedBecause } from '../../trading/accounts/rules/unlinked.ts'
import type { OrderNotice } from '../../trading/orders/notices.ts'
import { type AnyOrder, mayRest } from '../../trading/orders/rows/orders.ts'
import { exitWords, orderPhrase } from '../../trading/orders/rules/describe.ts'
import { averageFillPrice, isLive, leftOf } from '../../trading/orders/rules/order-lifecycle.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'
import type { WatchSentences } from '../../watch/notices.ts'
import type { Action } from '../chat/action.ts'
import { orderAction, positionActions } from './actions.ts'
import { closeWording } from './closes.ts'
import { filledText, reversedText } from './fills.ts'
import { inTheWayText, takenBackText } from './orders-of-others.ts'
import type { WordingOf } from './wording-of.ts'

export const orderWording: WordingOf<OrderNotice> = {
  'order.rejected': ({ order, because, position }) => rejectedText(order, because, position),
  'order.not_sent': ({ order, because }) =>
    [
      `⚠️ NOT SENT: ${orderPhrase(order)}`,
      `${because}. Nothing was traded.`,
      `💡 Do you still want it? Say it again: \`${again(order)}\`, at the price of then`,
    ].join('\n'),
  'order.unconfirmed': ({ order }) =>
    `⏳ The order for ${quantityText(order.quantity)} ${order.symbol} was sent, but the venue has not confirmed it.\nIt is done once at most; the desk keeps asking and will say here what became of it.`,
  'order.accepted': ({ order }) => {
    const waits = `⏳ ${orderPhrase(order)} is at the venue, and waits to be filled. What it fills follows here.`
    return order.number === undefined
      ? waits
      : `${waits}\n💡 Order ${order.number}: \`cancel ${order.number}\` takes back what is not filled by then`
  },
  'order.working': ({ order, isForTheDay }) => workingOrder(order, 'working', isForTheDay),
  'order.moved': ({ order, was }) => workingOrder(order, `working, was ${priceText(was)}`),
  'order.move_unconfirmed': ({ order }) =>
    `⏳ The venue has not confirmed the new price of ${orderPhrase(order)}.\n💡 \`orders\` shows the price that it has`,
  'order.filled': (filled) => ({ text: filledText(filled), actions: actionsAfter(filled) }),
  'order.reversed': reversedText,
  'order.cancelled': ({ order, because, isClosedAgain, isRejected }) =>
    isRejected && order.number !== undefined
      ? rejectedLaterText(order, because, isClosedAgain)
      : cancelledText(order, because, isClosedAgain),
  'order.cancel_unconfirmed': ({ order, opensAgain }) => {
    const name = order.number === undefined ? 'an order' : `order ${order.number}`
    const until = opensAgain
      ? `What it still fills opens ${order.symbol} again; the desk keeps asking`
      : 'The desk keeps asking'
    return `⏳ The venue has not confirmed that ${name} (${orderPhrase(order)}) is cancelled. ${until} and will say here how it ended.`
  },
  'order.expired': ({ order }) => {
    const part = partText(order) || '\nNothing was traded.'
    return `⌛ EXPIRED order ${order.number ?? ''}: ${orderPhrase(order)}${part}`
  },
  'order.told_elsewhere': ({ order }) => elsewhereText(order),
  'order.followed_again': (told) => ({ text: followedAgainText(told), actions: cancelling(told.order) }),
  'order.left_taken_back': ({ order }) =>
    `↩️ CANCELLED at the broker: ${orderPhrase(order)}\nIt stood there since before the account was unlinked, and less of ${order.symbol} is open and free than it would take. What it had filled is booked.`,
  'order.others_in_the_way': inTheWayText,
  'order.others_taken_back': takenBackText,
  'order.mismatched': ({ order, difference }) =>
    [
      `🚨 THE VENUE ANSWERED FOR ANOTHER ORDER — ${order.symbol}`,
      `${orderPhrase(order)} was sent; the answer is about ${difference}.`,
      'Nothing of it was booked, and the order is not sent again. Look at the account at the venue.',
    ].join('\n'),
  ...closeWording,
}

/** The command that repeats an order. */
function again({ purpose, side, quantity, symbol, limit, stop }: AnyOrder): string {
  if (purpose === 'close') return exitWords({ side, symbol, limitPrice: limit?.price })
  const verb = purpose === 'open' ? side : side === 'sell' ? 'sell' : 'cover'
  const terms = stop ? ` stop ${stop.toFixed()}${limit ? ` limit ${limit.price.toFixed()}` : ''}` : ''
  return `${verb} ${quantity.toFixed()} ${symbol}${terms || (limit ? ` @ ${limit.price.toFixed()}` : '')}`
}

/** The answer about an order of which another message tells more. */
function elsewhereText(order: AnyOrder): string {
  const what = orderPhrase(order)
  if (order.state === 'filled') return `✓ ${what} was filled. Another message says at which price.`
  if (!isLive(order)) return `⚠️ ${what} has ended. Another message says how.`
  const part = order.filledQuantity.gt(0) ? `, and ${quantityText(order.filledQuantity)} are filled so far` : ''
  return `⏳ ${what} was sent${part}. Another message says what becomes of it.`
}

function workingOrder(order: AnyOrder, state: string, isForTheDay = false): WatchSentences {
  const text = workingText(order, state)
  return { text: isForTheDay ? `${text}\n${forTheDayText(order)}` : text, actions: cancelling(order) }
}

function forTheDayText({ symbol, quantity }: AnyOrder): string {
  return `💡 ${quantityText(quantity)} ${symbol} is no whole number of shares: the broker keeps such an order until the close of the session, and no longer`
}

function workingText(order: AnyOrder, state: string): string {
  const { side, symbol, limit, stop, number } = order
  if (stop) return stopText(order, stop, state)
  return [
    `✓ LIMIT ${side.toUpperCase()} ORDER ${quantityText(leftOf(order))} ${symbol} @ ${priceText(limit!.price)} (${state})`,
    `💡 Order ${number}: \`move ${number} PRICE\` changes it, \`cancel ${number}\` takes it back`,
  ].join('\n')
}

/** A working order with a stop: the price that it waits for, and what it does there. */
function stopText({ side, symbol, quantity, limit, number }: AnyOrder, stop: Big, state: string): string {
  const goes = side === 'sell' ? 'falls' : 'rises'
  const then = limit ? `with a limit of ${priceText(limit.price)}` : 'at the market'
  const move = limit ? '' : `\`move ${number} PRICE\` changes its stop, `
  return [
    `✓ STOP ${side.toUpperCase()} ORDER ${quantityText(quantity)} ${symbol}: ${then} when it ${goes} to ${priceText(stop)} (${state})`,
    `💡 Order ${number}: ${move}\`cancel ${number}\` takes it back`,
  ].join('\n')
}

/** The buttons below a fill: for the rest of the order, and for the position that is open now. */
function actionsAfter({ order, position }: Extract<OrderNotice, { kind: 'order.filled' }>): Action[][] {
  const open = position.signedQuantity.eq(0) ? [] : [positionActions({ ...position, accountId: order.accountId })]
  return [...(leftOf(order).gt(0) ? cancelling(order) : []), ...open]
}

function cancelling({ accountId, symbol, number }: AnyOrder): Action[][] {
  return number === undefined ? [] : [[orderAction({ accountId, symbol, number })]]
}

/** The message about an order that the venue rejected; `position` is the present position of an exit. */
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

/** The message about an order that ended before it was completely filled; `isClosedAgain`: another order closes the rest. */
export function cancelledText(order: AnyOrder, because: string | undefined, isClosedAgain = false): string {
  if (because === unlinkedBecause) return leftText(order)
  // A market order has a number if it waited at the venue.
  const isAsked = because === undefined && order.number !== undefined
  if (mayRest(order) || isAsked)
    return `✓ CANCELLED order ${order.number}: ${orderPhrase(order)}${because ? ` (${because})` : ''}${partText(order)}`
  const why = because ?? 'the venue never had it'
  const rest = isClosedAgain ? 'The desk closes the rest with another order in a moment.' : 'The rest is not traded.'
  if (isClosedAgain && order.filledQuantity.eq(0)) return `⚠️ ${orderPhrase(order)} has ended (${why}). ${rest}`
  if (order.filledQuantity.eq(0))
    return `⚠️ ${orderPhrase(order)} was not filled and never will be (${why}). Nothing was traded.`
  return `⚠️ ${orderPhrase(order)} has ended (${because ?? 'the venue ended it'})${partText(order)}. ${rest}`
}

/** The message about an order that may stand at the broker of an account that was unlinked. */
function leftText(order: AnyOrder): string {
  const name = order.number === undefined ? '' : ` order ${order.number}:`
  return `⚠️ NOT FOLLOWED ANY MORE:${name} ${orderPhrase(order)} (${unlinkedBecause})${partText(order)}\nIt was not cancelled: what is not filled may stand at the broker, and be filled there. Cancel it there if you do not want it.`
}

type FollowedAgain = Extract<OrderNotice, { kind: 'order.followed_again' }>

/** The message about an order that the desk follows again, since its account was linked again. */
function followedAgainText({ order, filledQuantity: filled, since }: FollowedAgain): string {
  const { symbol, number, protects, quantity } = order
  const part = filled.gt(0) ? `, ${quantityText(filled)} of ${quantityText(quantity)} filled so far` : ''
  if (protects) {
    const levels = [
      ...(protects.stop ? [`stop ${priceText(protects.stop)}`] : []),
      ...(protects.target ? [`target ${priceText(protects.target)}`] : []),
    ]
    const counts = since.length > 0 ? `; the ${since.join(' and ')} that you have set since counts instead` : ''
    return `✓ FOLLOWED AGAIN — ${symbol}: ${levels.join(', ')}\nIt rests at the broker since before the account was unlinked${part}, and counts here again${counts}.\n💡 \`positions\` shows the levels`
  }
  const name = number === undefined ? '' : ` order ${number}:`
  const back = number === undefined ? '' : `\n💡 \`cancel ${number}\` takes it back`
  return `✓ FOLLOWED AGAIN:${name} ${orderPhrase(order)}\nIt stands at the broker since before the account was unlinked${part}. The desk follows it from now on.${back}`
}

/** The message about a numbered order that the venue took, and then rejected. */
function rejectedLaterText(order: AnyOrder, because: string | undefined, isClosedAgain = false): string {
  const rest = isClosedAgain ? 'The desk closes the rest with another order in a moment.' : 'The rest is not traded.'
  if (order.filledQuantity.eq(0) && !isClosedAgain)
    return `⚠️ REJECTED order ${order.number}: ${orderPhrase(order)} (${because ?? 'the venue gives no reason'})\nNothing was traded.`
  return `⚠️ REJECTED order ${order.number}: ${orderPhrase(order)} (${because ?? 'the venue gives no reason'})${partText(order)}\n${rest}`
}

/** The filled part of an ended order, as a line; empty without fills. */
function partText(order: AnyOrder): string {
  if (order.filledQuantity.eq(0)) return ''
  const did = order.side === 'sell' ? 'sold' : 'bought'
  return `\n${quantityText(order.filledQuantity)} of ${quantityText(order.quantity)} were ${did} before that @ ${averageText(averageFillPrice(order))}`
}
