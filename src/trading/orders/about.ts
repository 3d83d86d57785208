import type { Scaleout } from '../scaleouts/rows/scaleouts.ts'
import type { AnyOrder } from './rows/orders.ts'

/** The symbol, people and rows that an event about an order refers to. */
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
