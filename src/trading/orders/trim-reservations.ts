import type { Trx } from '../../infra/db/client.ts'
import type { Position } from '../positions/rows/positions.ts'
import { noteCancelAsked } from './rows/order-calls.ts'
import type { AnyOrder } from './rows/orders.ts'
import { liveExits } from './rows/working-orders.ts'
import { leftOf } from './rules/order-lifecycle.ts'

/**
 * A fill came that nobody had counted on, and live orders of a locked position would take more than is open: asks for the
 * end of the newest of them, as many as it takes. Answers with those; the venue is told after the commit. Nothing is sent
 * against the fill.
 */
export async function trimReservations(trx: Trx, position: Position, at: Date): Promise<AnyOrder[]> {
  let beyond = position.workingQuantity.minus(position.signedQuantity.abs())
  const ended: AnyOrder[] = []
  for (const order of (await liveExits(trx, position.id)).toReversed()) {
    if (beyond.lte(0)) break
    beyond = beyond.minus(leftOf(order))
    if (!order.cancelAskedAt) await noteCancelAsked(trx, order.id, at, 'less is open than it would take')
    ended.push(order)
  }
  return ended
}
