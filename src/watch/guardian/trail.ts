import type { Big } from '../../base/amounts.ts'
import type { Trx } from '../../infra/db/client.ts'
import { appendEvent } from '../../trading/events/append-event.ts'
import type { Parts } from '../../trading/parts.ts'
import type { Position } from '../../trading/positions/rows/positions.ts'
import { setProtectiveOrder } from '../../trading/protection/rows/protective-orders.ts'

/**
 * Lets the stop of a locked position trail the price by a share, from an initial level. Returns the conversations with
 * a message to post.
 */
export async function letTrail(
  trx: Trx,
  parts: Pick<Parts, 'wording' | 'notices'>,
  position: Position,
  by: { memberId: number; conversationId: number },
  trail: { share: Big; stop: Big; price: Big; was?: Big },
  at: Date,
): Promise<number[]> {
  const order = await setProtectiveOrder(
    trx,
    position,
    { kind: 'stop', price: trail.stop, trail: { share: trail.share, bestPrice: trail.price }, ...by },
    at,
  )
  return appendEvent(trx, parts, {
    type: 'protection_set',
    data: { kind: 'stop', price: trail.stop.toFixed(), trail: trail.share.toFixed(), was: trail.was?.toFixed() },
    symbol: position.symbol,
    accountId: position.accountId,
    positionId: position.id,
    ...by,
    at,
    dedupeKey: `protective-order-${order.id}-set`,
  })
}
