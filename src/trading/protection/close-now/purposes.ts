import type { AnyOrder } from '../../orders/rows/orders.ts'
import type { ClosingOrder } from '../rows/closings.ts'

/** Does an order close its position at once? */
export function isClosing(order: AnyOrder): order is ClosingOrder {
  return order.purpose === 'stop' || order.purpose === 'target' || order.purpose === 'breaker'
}
