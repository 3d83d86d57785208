import type { Trx } from '../../infra/db/client.ts'
import type { Position } from '../positions/rows/positions.ts'
import { noteCancelAsked } from './rows/order-calls.ts'
import type { AnyOrder } from './rows/orders.ts'
import { liveExits } from './rows/working-orders.ts'
import { leftOf } from './rules/order-lifecycle.ts'

/**
 * Asks to cancel the newest live exits of a locked position, as many as needed, when an unexpected fill leaves less open than
 * they would take. Returns these orders; the caller cancels them at the venue after the commit. No order is sent against the
 * fill.
 */
export async function trimReservations(trx: Trx, position: Position, at: Date): Promise<AnyOrder[]> {
  let beyond = position.workingQuantity.plus(position.protectingQuantity).minus(position.signedQuantity.abs())
  const ended: AnyOrder[] = []
  for (const order of (await liveExits(trx, position.id)).toReversed()) {
    if (beyond.lte(0)) break
    beyond = beyond.minus(leftOf(order))
    if (!order.cancelAskedAt) await noteCancelAsked(trx, order.id, at, 'less is open than it would take')
    ended.push(order)
  }
  return ended
}
