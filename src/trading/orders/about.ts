import type { Scaleout } from '../scaleouts/rows/scaleouts.ts'
import type { AnyOrder } from './rows/orders.ts'

/** Whom and what an event of an order is about. */
export function about(order: AnyOrder, scaleout?: Scaleout) {
  return {
    symbol: order.symbol,
    accountId: order.accountId,
    memberId: order.memberId,
    positionId: order.purpose === 'open' ? undefined : order.positionId,
    scaleoutId: scaleout?.id,
    conversationId: scaleout?.conversationId ?? order.conversationId,
  }
}
