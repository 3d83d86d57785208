import type { KeyedEvent } from '../events/rows/watch-events.ts'
import type { PartLevel } from './rows/part-levels.ts'
import type { ProtectiveOrder } from './rows/protective-orders.ts'

/** The event of a level that was set; `before` is the level that it replaces. */
export function wasSet(order: ProtectiveOrder, before: ProtectiveOrder | undefined, at: Date): KeyedEvent {
  const { kind, price, trail } = order
  return {
    type: 'protection_set',
    data: {
      kind,
      price: price.toFixed(),
      trail: trail?.share.toFixed(),
      trailDollars: trail?.dollars?.toFixed(),
      was: before?.price.toFixed(),
    },
    ...aboutOrder(order),
    at,
    dedupeKey: `protective-order-${order.id}-set`,
  }
}

/** The event of a level of a part that was set. */
export function partWasSet(level: PartLevel, at: Date): KeyedEvent {
  const { kind, price, quantity } = level
  return {
    type: 'protection_set',
    data: { kind, price: price.toFixed(), quantity: quantity.toFixed() },
    ...aboutOrder(level),
    at,
    dedupeKey: `part-level-${level.id}-set`,
  }
}

/** The facts of an event that every event about a level has. */
export function aboutOrder({ symbol, accountId, memberId, positionId, conversationId }: ProtectiveOrder | PartLevel) {
  return { symbol, accountId, memberId, positionId, conversationId }
}
