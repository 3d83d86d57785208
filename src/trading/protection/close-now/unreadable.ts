import { tellOwners } from '../../events/tell-owners.ts'
import { tellUnreadable } from '../../events/tell-unreadable.ts'
import type { Parts } from '../../parts.ts'
import type { CriticalEvent } from '../rows/critical-events.ts'

/**
 * Tells the owners, once, of a critical event whose data cannot be read. The desk acts on it all the same, by the columns of
 * its row.
 */
export function tellOddity(parts: Parts, event: CriticalEvent): Promise<void> {
  const isBreaker = event.type === 'risk.circuit_breaker_tripped'
  return tellUnreadable(
    parts,
    event,
    isBreaker ? { done: 'account closed' } : { done: 'position closed', symbol: event.symbol },
  )
}

/**
 * Tells the owners, once, of a critical event of unknown type or without a position. This version of the desk cannot act on it.
 */
export function tellUnknown(parts: Parts, { id, type }: { id: number; type: string }): Promise<void> {
  const of = { event_id: id, event_type: type }
  return tellOwners(parts, `event-${id}-unknown`, { kind: 'event.unknown', id, type }, of)
}
