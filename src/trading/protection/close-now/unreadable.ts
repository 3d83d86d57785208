import { tellOwners } from '../../events/tell-owners.ts'
import { tellUnreadable } from '../../events/tell-unreadable.ts'
import type { Parts } from '../../parts.ts'
import type { CriticalEvent } from '../rows/critical-events.ts'

/** Tells the owners, once, of a critical event whose data cannot be read; what it asks for is done by what its row says. */
export function tellOddity(parts: Parts, event: CriticalEvent): Promise<void> {
  const isBreaker = event.type === 'risk.circuit_breaker_tripped'
  return tellUnreadable(
    parts,
    event,
    isBreaker ? { done: 'account closed' } : { done: 'position closed', symbol: event.symbol },
  )
}

/** The same of one that this version of the desk does not know, or that names no position: nothing can be done about it here. */
export function tellUnknown(parts: Parts, { id, type }: { id: number; type: string }): Promise<void> {
  const of = { event_id: id, event_type: type }
  return tellOwners(parts, `event-${id}-unknown`, { kind: 'event.unknown', id, type }, of)
}
