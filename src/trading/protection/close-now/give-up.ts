import { priceText, quantityText } from '../../../base/format.ts'
import { leftOf } from '../../orders/rules/order-lifecycle.ts'
import type { Parts } from '../../parts.ts'
import { lockPosition } from '../../positions/rows/positions.ts'
import {
  type ClosingOrder,
  type ClosingPurpose,
  giveUpClosings,
  liveClosings,
  settleEventsOf,
} from '../rows/closings.ts'
import { createCriticalCloses, type Tried } from './close.ts'

/**
 * A person does not want a position closed any more that the desk cannot close (`stop off` while the stop's order is
 * stuck): nothing is sent from here on. Its orders end when the venue says that it never had them, or has ended them; what it
 * has filled is recorded. Answers with what to say; undefined when nothing is being closed.
 */
export async function giveUpClose(
  parts: Parts,
  positionId: number,
  purposes: ClosingPurpose[],
): Promise<string | undefined> {
  const at = parts.clock.now()
  const orders = await parts.db.transaction().execute(async (trx) => {
    await lockPosition(trx, positionId)
    const given = await giveUpClosings(trx, [positionId], purposes, at)
    if (given.length > 0) await settleEventsOf(trx, positionId, at)
    return given
  })
  if (orders.length === 0) return undefined
  const closes = createCriticalCloses(parts)
  const said = orders.map(async (order) => {
    const tried = await closes.tryAgain(order)
    if (tried.outcome === 'not back yet' || tried.outcome === 'stuck') await goOnLater(parts, order)
    return givenUpOutcome(order, tried)
  })
  return (await Promise.all(said)).join('\n')
}

/** `close`, typed while the desk is closing the position itself: its orders are tried once more, at once. Undefined where there is none. */
export async function pushClose(parts: Parts, positionId: number): Promise<string | undefined> {
  const orders = await liveClosings(parts.db, positionId)
  if (orders.length === 0) return undefined
  const closes = createCriticalCloses(parts)
  const said = orders.map(async (order) => pushedText(order, await closes.tryAgain(order)))
  return (await Promise.all(said)).join('\n')
}

function pushedText(order: ClosingOrder, tried: Tried): string {
  const { quantity, side, symbol } = order
  const what = `${quantityText(quantity)} ${symbol}`
  const did = side === 'sell' ? 'sold' : 'bought back'
  switch (tried.outcome) {
    case 'filled':
      return `✓ The desk was at it: ${what} are ${did} @ ${priceText(tried.price)}.`
    case 'working': {
      const filled = quantityText(tried.order.filledQuantity)
      return `⏳ ${quantityText(leftOf(tried.order))} ${symbol} are already on their way out: the venue is filling the order, ${filled} of ${quantityText(quantity)} ${did} so far.`
    }
    case 'stuck':
      return `⏳ ${what} are already on their way out, and the venue was just asked again: ${tried.because}\nThe desk goes on trying with the same order, so nothing is sold twice.`
    default:
      return `⏳ The order for ${what} is being taken back. Try \`close ${symbol}\` again when that is done.`
  }
}

function givenUpOutcome(order: ClosingOrder, tried: Tried): string {
  const what = `${quantityText(order.quantity)} ${order.symbol}`
  const did = order.side === 'sell' ? 'sold' : 'bought back'
  switch (tried.outcome) {
    case 'filled':
      return `⚠️ Too late: the venue had filled the order for ${what} @ ${priceText(tried.price)}.`
    case 'given up': {
      const { filledQuantity } = tried.order
      const before = filledQuantity.gt(0) ? `; ${quantityText(filledQuantity)} were ${did} before that` : ''
      return `✓ OK, ${quantityText(leftOf(tried.order))} ${order.symbol} are not ${did}${before}.`
    }
    default:
      return `⏳ OK, the order for ${what} is not sent again. The last call may still reach the venue; the desk asks, and will say here what became of it.`
  }
}

/** The orders queue asks the venue until it is clear; the sweep sees to it if this fails. */
async function goOnLater(parts: Parts, order: ClosingOrder): Promise<void> {
  await parts.queues
    .order(order.id, 0)
    .catch((cause) => parts.log.warn({ err: cause, order: order.id }, 'order could not be put on the clock'))
}
