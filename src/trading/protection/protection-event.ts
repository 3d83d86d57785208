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

/** Why a level of a part ends when a level for everything is set before it. */
export const allClosedBefore = 'all is closed before'

/** The event of a level that has ended for something that a member did. */
export function wasEnded(
  level: ProtectiveOrder | PartLevel,
  { memberId, conversationId }: { memberId: number; conversationId: number },
  because: string,
  at: Date,
): KeyedEvent {
  const isWhole = !('isPart' in level)
  return {
    type: 'protection_cancelled',
    data: {
      kind: level.kind,
      price: level.price.toFixed(),
      ...(!isWhole && { quantity: level.quantity.toFixed() }),
      because,
    },
    ...aboutOrder(level),
    memberId,
    conversationId,
    at,
    dedupeKey: `${isWhole ? 'protective-order' : 'part-level'}-${level.id}-ended`,
  }
}

/** The facts of an event that every event about a level has. */
function aboutOrder({ symbol, accountId, memberId, positionId, conversationId }: ProtectiveOrder | PartLevel) {
  return { symbol, accountId, memberId, positionId, conversationId }
}
