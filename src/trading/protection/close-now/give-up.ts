import type { Parts } from '../../parts.ts'
import { lockPosition } from '../../positions/rows/positions.ts'
import type { ClosingNotice } from '../notices.ts'
import {
  type ClosingOrder,
  type ClosingPurpose,
  giveUpClosings,
  liveClosings,
  settleEventsOf,
} from '../rows/closings.ts'
import { createCriticalCloses } from './close.ts'

/**
 * Gives up a close that the desk cannot finish, at the request of a person (`stop off` while the stop's order is stuck).
 * Nothing more is sent. An order ends when the venue says that it never had it, or has ended it; its fills are recorded.
 * Returns a notice; undefined when nothing is being closed.
 */
export async function giveUpClose(
  parts: Parts,
  positionId: number,
  purposes: ClosingPurpose[],
): Promise<ClosingNotice | undefined> {
  const at = parts.clock.now()
  const orders = await parts.db.transaction().execute(async (trx) => {
    await lockPosition(trx, positionId)
    const given = await giveUpClosings(trx, [positionId], purposes, at)
    if (given.length > 0) await settleEventsOf(trx, positionId, at)
    return given
  })
  if (orders.length === 0) return undefined
  const closes = createCriticalCloses(parts)
  const tries = orders.map(async (order) => {
    const went = await closes.tryAgain(order)
    if (went.outcome === 'not back yet' || went.outcome === 'stuck') await goOnLater(parts, order)
    return { order, went }
  })
  return { kind: 'closing.give_up_tried', tries: await Promise.all(tries) }
}

/**
 * Tries the closing orders of a position once more, for a `close` typed while the desk itself is closing it. Undefined when
 * there is none.
 */
export async function pushClose(parts: Parts, positionId: number): Promise<ClosingNotice | undefined> {
  const orders = await liveClosings(parts.db, positionId)
  if (orders.length === 0) return undefined
  const closes = createCriticalCloses(parts)
  const tries = orders.map(async (order) => ({ order, went: await closes.tryAgain(order) }))
  return { kind: 'closing.pushed', tries: await Promise.all(tries) }
}

/** Lets the orders queue ask the venue until the outcome is known; the sweep does it if this fails. */
async function goOnLater(parts: Parts, order: ClosingOrder): Promise<void> {
  await parts.queues
    .order(order.id, 0)
    .catch((cause) => parts.log.warn({ err: cause, order: order.id }, 'order could not be put on the clock'))
}
