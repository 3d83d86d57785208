import type { Parts } from '../parts.ts'
import { isTooLate } from './deadline.ts'
import type { AnyOrder } from './rows/orders.ts'
import { isLive, leftOf } from './rules/order-lifecycle.ts'

/** So many orders close a position that a member wants closed, when the venue ends one after the other. */
const mostTries = 5

const again = /-again-(\d+)$/

/**
 * The key of the order that closes the rest of a position, where the venue has ended the one that was to close it (halted,
 * or filled in part and cancelled) and nobody else wanted that; undefined where there is none, or it would come too late.
 */
export function closesAgain(parts: Parts, before: AnyOrder, order: AnyOrder): string | undefined {
  const isEnded = isLive(before) && (order.state === 'cancelled' || order.state === 'expired')
  const isWanted = order.purpose === 'close' && !order.limit && !order.cancelAskedAt
  if (!isEnded || !isWanted || leftOf(order).eq(0) || isTooLate(parts, order)) return undefined
  const tries = Number(again.exec(order.clientOrderId)?.[1] ?? 1)
  return tries < mostTries ? `${order.clientOrderId.replace(again, '')}-again-${tries + 1}` : undefined
}
