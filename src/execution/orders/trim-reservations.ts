import { lockPosition } from '../../ledger/positions.ts'
import { liveExits } from '../../ledger/working-orders.ts'
import { leftOf } from '../../trading/order-lifecycle.ts'
import type { Parts } from '../parts.ts'
import { endOrder } from './end-order.ts'

/**
 * Takes back, newest first, what live orders would take beyond what is open: a fill came that nobody had counted on. Nothing
 * is sent against it.
 */
export async function trimReservations(parts: Parts, positionId: number): Promise<void> {
  const { position, exits } = await parts.db.transaction().execute(async (trx) => ({
    position: await lockPosition(trx, positionId),
    exits: await liveExits(trx, positionId),
  }))
  let beyond = position.workingQuantity.minus(position.signedQuantity.abs())
  for (const order of exits.toReversed()) {
    if (beyond.lte(0)) return
    beyond = beyond.minus(leftOf(order))
    await endOrder(parts, order, { postedBy: 'outbox' }, 'less is open than it would take')
  }
}
