import type { ClosingOrder } from '../../ledger/closings.ts'
import type { AnyOrder } from '../../ledger/orders.ts'

/** Does an order close its position at once? */
export function isClosing(order: AnyOrder): order is ClosingOrder {
  return order.purpose === 'stop' || order.purpose === 'target' || order.purpose === 'breaker'
}
