import type { AnyOrder } from '../../orders/rows/orders.ts'
import type { ClosingOrder, ClosingPurpose } from '../rows/closings.ts'

/** Does an order close its position at once? */
export function isClosing(order: AnyOrder): order is ClosingOrder {
  return order.purpose === 'stop' || order.purpose === 'target' || order.purpose === 'breaker'
}

/** The stem of the client ids of the orders that close a part: `target-part-12`. */
export const partKey = (purpose: ClosingPurpose, partLevelId: number) => `${purpose}-part-${partLevelId}`

/** Does an order close only the part that a level names? */
export function closesPart({ clientOrderId }: Pick<AnyOrder, 'clientOrderId'>): boolean {
  return /^(stop|target)-part-/.test(clientOrderId)
}
