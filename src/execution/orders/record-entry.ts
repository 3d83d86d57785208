import type { Reply } from '../../chat/reply.ts'
import { appendEvent } from '../../ledger/events.ts'
import { lockOpening } from '../../ledger/opening-orders.ts'
import { isLive, type OpeningOrder, recordFill } from '../../ledger/orders.ts'
import { newPosition } from '../../ledger/positions.ts'
import { announcePosition } from '../../queue/announce.ts'
import type { VenueFill } from '../../venue/venue.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { about } from '../record.ts'
import { type Say, tell } from '../tell.ts'
import { filledText } from './order-text.ts'

/**
 * Records the fill of an order that opens, once, in one transaction: the position begins or grows, the event is appended,
 * the replies are queued. Then calls the position out, so that it is watched.
 */
export async function recordEntry(parts: Parts, opening: OpeningOrder, fill: VenueFill, say: Say): Promise<Reply[]> {
  const at = parts.clock.now()
  const recorded = await parts.db.transaction().execute(async (trx) => {
    const { order, position: open } = await lockOpening(trx, opening)
    if (!isLive(order)) return undefined
    const before = open ?? (await newPosition(trx, order, at))
    const after = await recordFill(trx, order, before, fill)
    const told = await tell(trx, order, filledText(order, after, fill), say, at)
    const watching = await appendEvent(trx, {
      type: 'order_filled',
      data: {
        purpose: 'open',
        side: order.side,
        quantity: fill.quantity.toFixed(),
        price: fill.price.toFixed(),
        realizedPnl: after.realizedPnl.toFixed(),
        left: after.position.signedQuantity.abs().toFixed(),
        ...(order.state === 'resting' && { rested: true }),
      },
      ...about(order),
      positionId: after.position.id,
      at,
      dedupeKey: `fill-${fill.venueFillId}`,
    })
    return { replies: told.replies, conversations: [...watching, ...told.conversations], positionId: after.position.id }
  })
  if (!recorded) return []
  await Promise.all([wakeReplies(parts, recorded.conversations), announcePosition(parts, recorded.positionId)])
  return recorded.replies
}
