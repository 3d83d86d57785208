import type { Parts } from '../parts.ts'
import type { Order } from './rows/orders.ts'

/**
 * The dependencies for putting an order on the clock. A failure is only logged: when Redis is away, the sweep does it later.
 */
type Clocked = Pick<Parts, 'queues' | 'log' | 'clock'>

/** Asks the venue again, in `inMs` milliseconds, about an order with an unknown outcome. */
export function askLater(parts: Clocked, order: Pick<Order, 'id'>, inMs: number): Promise<void> {
  return orLeaveIt(parts, order, parts.queues.order(order.id, inMs))
}

/** Ends an order at its expiry, if it has one. */
export async function expireLater(parts: Clocked, { id, limit }: Pick<Order, 'id' | 'limit'>): Promise<void> {
  if (!limit?.expiresAt) return
  await orLeaveIt(parts, { id }, parts.queues.expiry(id, limit.expiresAt.getTime() - parts.clock.now().getTime()))
}

async function orLeaveIt({ log }: Clocked, { id }: Pick<Order, 'id'>, put: Promise<void>): Promise<void> {
  await put.catch((cause) => log.warn({ err: cause, order: id }, 'order could not be put on the clock; the sweep will'))
}
