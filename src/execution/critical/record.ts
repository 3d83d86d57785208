import type { Trx } from '../../db/client.ts'
import {
  type ClosingOrder,
  type ClosingsDone,
  closingOrders,
  finishClosings,
  lockFreePositions,
} from '../../ledger/closings.ts'
import { applyFill } from '../../ledger/orders.ts'
import { appendWatchEvents, type KeyedEvent } from '../../ledger/watch-events.ts'
import type { VenueFill } from '../../venue/venue.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { about } from '../record.ts'
import { closedText } from './text.ts'

/** A closing order that the venue filled. */
export interface FilledClosing {
  order: ClosingOrder
  fill: VenueFill
}

/** What became of it: somebody holds the position's row for a moment, or it is recorded, and the position flat or not. */
export type Recorded = 'held' | { isFlat: boolean }

/**
 * Records fills of closing orders, each once, with all that follows from them, in one transaction: the positions move,
 * the events are appended, the replies queued. One that is recorded already changes nothing.
 */
export async function recordAll(parts: Parts, filled: FilledClosing[]): Promise<Recorded[]> {
  const { results, conversations } = await parts.db
    .transaction()
    .execute((trx) => recordTogether(trx, filled, parts.clock.now()))
  // The next closes come first: a Redis that is away takes its time.
  void wakeReplies(parts, conversations)
  return results
}

async function recordTogether(trx: Trx, filled: FilledClosing[], at: Date) {
  const ids = [...new Set(filled.map(({ order }) => order.positionId))]
  const positions = await lockFreePositions(trx, ids)
  const working = new Map(
    (await closingOrders(trx, [...positions.keys()])).flatMap((order) =>
      order.state === 'working' ? [[order.id, order] as const] : [],
    ),
  )
  const done: ClosingsDone = { fills: [], positions: [], replies: [], at }
  const events: KeyedEvent[] = []
  for (const { order, fill } of filled) {
    const position = positions.get(order.positionId)
    if (!position || !working.delete(order.id)) continue
    const after = applyFill(order, position, fill)
    positions.set(position.id, after.position)
    done.fills.push({ ...fill, order, realizedPnl: after.realizedPnl })
    done.replies.push({ conversationId: order.conversationId, text: closedText(order, after, fill) })
    events.push({
      type: 'order_filled',
      data: {
        purpose: order.purpose,
        side: order.side,
        quantity: fill.quantity.toFixed(),
        price: fill.price.toFixed(),
        realizedPnl: after.realizedPnl.toFixed(),
        left: after.position.signedQuantity.abs().toFixed(),
      },
      ...about(order),
      at,
      dedupeKey: `fill-${fill.venueFillId}`,
    })
  }
  const moved = new Set(done.fills.map(({ order }) => order.positionId))
  done.positions = [...moved].map((id) => positions.get(id)!)
  if (moved.size > 0) await finishClosings(trx, done)
  const { conversations } = await appendWatchEvents(trx, events)
  const results = filled.map(({ order }): Recorded => {
    const position = positions.get(order.positionId)
    return position ? { isFlat: position.signedQuantity.eq(0) } : 'held'
  })
  return { results, conversations: [...conversations, ...done.replies.map(({ conversationId }) => conversationId)] }
}
