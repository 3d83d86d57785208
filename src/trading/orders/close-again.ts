import type { Parts } from '../parts.ts'
import { isTooLate } from './deadline.ts'
import type { AnyOrder } from './rows/orders.ts'
import { isLive, leftOf } from './rules/order-lifecycle.ts'

/** The most orders that close one position at a member's wish, when the venue ends one after the other. */
const mostTries = 5

const again = /-again-(\d+)$/

/**
 * The client id of a further close order, when the venue ended the close order (halted, or partly filled and cancelled) without
 * anybody's wish. Undefined when no further order is due, or when it would come too late.
 */
export function closesAgain(parts: Parts, before: AnyOrder, order: AnyOrder): string | undefined {
  const isEnded = isLive(before) && (order.state === 'cancelled' || order.state === 'expired')
  const isWanted = order.purpose === 'close' && !order.limit && !order.cancelAskedAt
  if (!isEnded || !isWanted || leftOf(order).eq(0) || isTooLate(parts, order)) return undefined
  const tries = Number(again.exec(order.clientOrderId)?.[1] ?? 1)
  return tries < mostTries ? `${order.clientOrderId.replace(again, '')}-again-${tries + 1}` : undefined
}
