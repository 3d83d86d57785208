import type { Big } from '../../base/amounts.ts'
import type { WatchDeskEvent } from '../../trading/events/rows/watch-events.ts'
import { averageEntryPrice, unrealizedReturn } from '../../trading/positions/rules/position.ts'
import type { Watched } from '../../trading/protection/rows/watched.ts'
import type { Fired } from '../../trading/protection/rules/triggers.ts'

/** Makes an event of the log from a fired trigger, with the position as it was at this price. */
export function eventOf(position: Watched, price: Big, fired: Fired, at: Date): WatchDeskEvent {
  const seen = {
    signedQuantity: position.signedQuantity.toFixed(),
    averageEntryPrice: averageEntryPrice(position).toFixed(),
    price: price.toFixed(),
    stop: position.stop?.price.toFixed(),
    target: position.target?.price.toFixed(),
    unrealizedReturn: unrealizedReturn(position, price).toFixed(),
    version: position.version,
  }
  // The details match the type, but the compiler cannot prove it for a union.
  return {
    type: fired.type,
    data: { ...seen, ...fired.details },
    symbol: position.symbol,
    accountId: position.accountId,
    memberId: position.memberId,
    positionId: position.id,
    conversationId: position.conversationId,
    at,
    dedupeKey: fired.key,
  } as WatchDeskEvent
}
