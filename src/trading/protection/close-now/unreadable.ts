import { tellOwners } from '../../events/tell-owners.ts'
import { tellUnreadable } from '../../events/tell-unreadable.ts'
import type { Parts } from '../../parts.ts'
import type { CriticalEvent } from '../rows/critical-events.ts'

/** Tells the owners, once, of a critical event whose data cannot be read; what it asks for is done by what its row says. */
export function tellOddity(parts: Parts, event: CriticalEvent): Promise<void> {
  const done =
    event.type === 'risk.circuit_breaker_tripped'
      ? 'The account is halted and closed all the same.'
      : `The position in ${event.symbol} is closed all the same.`
  return tellUnreadable(parts, event, done)
}

/** The same of one that this version of the desk does not know, or that names no position: nothing can be done about it here. */
export function tellUnknown(parts: Parts, { id, type }: { id: number; type: string }): Promise<void> {
  const text = `A critical event (${type}, ${id}) is not known to this version of the desk, or names no position. Nothing was done about it; it waits for a version that knows it. Look at the positions yourself.`
  return tellOwners(parts, `event-${id}-unknown`, text, { event_id: id, event_type: type })
}
