import { sayOnce } from '../events/say-once.ts'
import type { Parts } from '../parts.ts'
import { about } from './about.ts'
import type { AnyOrder } from './rows/orders.ts'
import { purposeOf } from './tell-moved.ts'

/** Reports, once for an order, that the venue answered for something else; `difference` describes it. */
export async function sayMismatch(parts: Parts, order: AnyOrder, difference: string): Promise<void> {
  await sayOnce(parts, {
    notice: { kind: 'order.mismatched', order, difference },
    conversationId: order.conversationId,
    event: {
      type: 'order_error',
      data: {
        purpose: purposeOf(order),
        error: `the venue answered for another order: ${difference}`,
      },
      ...about(order),
      at: parts.clock.now(),
      dedupeKey: `order-${order.id}-mismatch`,
    },
  })
}
