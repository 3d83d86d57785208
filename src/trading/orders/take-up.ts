import type { OrderEvent } from '../../venues/venue.ts'
import type { Parts } from '../parts.ts'
import { endOrder } from './end-order.ts'
import { hearReport } from './hear-report.ts'
import { sayMismatch } from './mismatch.ts'
import { differenceOf } from './news.ts'
import { recordNews } from './record-news.ts'
import type { AnyOrder, Order } from './rows/orders.ts'
import { isLive } from './rules/order-lifecycle.ts'
import { askForOrder } from './send-order.ts'
import { findSent } from './sent.ts'

const outbox = { postedBy: 'outbox' as const }

/**
 * Handles an order with an unknown outcome: ends it when that is wanted or its time is over, and otherwise asks the venue.
 * `isOpen` means that the venue has to be asked again. Throws when a server does not answer.
 */
export async function takeUpOrder(parts: Parts, order: AnyOrder): Promise<{ isOpen: boolean }> {
  if (!isLive(order)) return { isOpen: false }
  const because = endsBecause(parts, order)
  if (because) {
    const { outcome } = await endOrder(parts, order, outbox, because.words)
    return { isOpen: outcome === 'unknown' }
  }
  const { outcome } = await askForOrder(parts, order, outbox)
  return { isOpen: outcome === 'unknown' }
}

/** Records news that the venue sent by itself. The news may be known, late, or about an order that is not of this desk. */
export async function venueTold(parts: Parts, event: OrderEvent): Promise<void> {
  const answer = event.kind === 'fill' ? event.fill : event.report
  const order = (await findSent(parts, [answer.clientOrderId])).get(answer.clientOrderId)
  if (!order) return
  if (event.kind === 'order') {
    // The event may be older than the last look, so only its fills and an end count as news.
    const { venueOrderId = event.report.venueOrderId } = order
    await hearReport(parts, order, { ...event.report, venueOrderId, limitPrice: undefined }, outbox)
    return
  }
  const { account } = await parts.venues.of(order.accountId)
  const { quantity: _, ...fill } = event.fill
  const difference = differenceOf({ order, account }, fill)
  if (difference !== undefined) return sayMismatch(parts, order, difference)
  await recordNews(parts, { order, news: { fills: [event.fill] }, say: outbox })
}

/**
 * The reason why an order should end, if there is one. A market order that opens is sent once; without a confirmation it is
 * taken back, since its price is out of date. An order of a chunk comes here only when its scaleout is over.
 */
export function endsBecause(parts: Pick<Parts, 'clock'>, order: AnyOrder): { words?: string } | undefined {
  const { cancelAskedAt, cancelBecause, limit } = order
  if (cancelAskedAt) return { words: cancelBecause }
  if (isOfChunk(order)) return { words: 'its scaleout is over' }
  if (order.purpose === 'open' && !limit && order.venueOrderId === undefined) return { words: 'it was not confirmed' }
  if (limit?.expiresAt !== undefined && limit.expiresAt <= parts.clock.now()) return {}
  return undefined
}

const isOfChunk = (order: AnyOrder): order is Order => order.purpose !== 'open' && order.chunkId !== null
