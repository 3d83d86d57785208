import {
  type ClosingOrder,
  type ClosingPurpose,
  giveUpClosings,
  liveClosing,
  settleEventsOf,
} from '../../ledger/closings.ts'
import { lockPosition } from '../../ledger/positions.ts'
import { priceText, quantityText } from '../../trading/format.ts'
import type { Parts } from '../parts.ts'
import { createCriticalCloses, type Tried } from './close.ts'

/**
 * A person does not want a position closed any more that the desk cannot close (`stop off` while the stop's order is
 * stuck): nothing is sent from here on. The order ends when the venue says that it never had it; when it has it, that is
 * recorded. Answers with what to say; undefined when nothing is being closed.
 */
export async function giveUpClose(
  parts: Parts,
  positionId: number,
  purposes: ClosingPurpose[],
): Promise<string | undefined> {
  const at = parts.clock.now()
  const order = await parts.db.transaction().execute(async (trx) => {
    await lockPosition(trx, positionId)
    const [given] = await giveUpClosings(trx, [positionId], purposes, at)
    if (given) await settleEventsOf(trx, positionId, at)
    return given
  })
  if (!order) return undefined
  const tried = await createCriticalCloses(parts).tryAgain(order)
  if (tried.outcome === 'not back yet' || tried.outcome === 'stuck') await goOnLater(parts, order)
  return givenUpOutcome(order, tried)
}

/** `close`, typed while the desk is closing the position itself: the same order is tried once more, at once. */
export async function pushClose(parts: Parts, positionId: number): Promise<string | undefined> {
  const order = await liveClosing(parts.db, positionId)
  if (!order) return undefined
  const what = `${quantityText(order.quantity)} ${order.symbol}`
  const tried = await createCriticalCloses(parts).tryAgain(order)
  switch (tried.outcome) {
    case 'filled':
      return `✓ The desk was at it: ${what} are ${order.side === 'sell' ? 'sold' : 'bought back'} @ ${priceText(tried.price)}.`
    case 'working':
      return `⏳ ${what} are already on their way out: the venue has the order, and has not filled all of it yet.`
    case 'stuck':
      return `⏳ ${what} are already on their way out, and the venue was just asked again: ${tried.because}\nThe desk goes on trying with the same order, so nothing is sold twice.`
    default:
      return `⏳ The order for ${what} is being taken back. Try \`close ${order.symbol}\` again when that is done.`
  }
}

function givenUpOutcome(order: ClosingOrder, tried: Tried): string {
  const what = `${quantityText(order.quantity)} ${order.symbol}`
  switch (tried.outcome) {
    case 'filled':
      return `⚠️ Too late: the venue had filled the order for ${what} @ ${priceText(tried.price)}.`
    case 'given up':
      return `✓ OK, ${what} are not sold.`.replace('sold', order.side === 'sell' ? 'sold' : 'bought back')
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
