import type { CriticalEvent } from '../../ledger/critical-events.ts'
import type { Parts } from '../parts.ts'
import { tellOwners } from '../tell-owners.ts'

/** Tells the owners, once, of a critical event whose data cannot be read; what it asks for is done by what its row says. */
export function tellUnreadable(parts: Parts, { id, type, accountId, ...event }: CriticalEvent): Promise<void> {
  const position_id = 'positionId' in event ? event.positionId : undefined
  const ids = { event_id: id, event_type: type, account_id: accountId, position_id }
  const what =
    'symbol' in event
      ? `The position in ${event.symbol} is closed all the same.`
      : 'The account is halted and closed all the same.'
  return tellOwners(
    parts,
    `event-${id}-unreadable`,
    `The details of a critical event (${type}, ${id}) cannot be read. ${what}`,
    ids,
  )
}

/** The same of one that this version of the desk does not know, or that names no position: nothing can be done about it here. */
export function tellUnknown(parts: Parts, { id, type }: { id: number; type: string }): Promise<void> {
  const text = `A critical event (${type}, ${id}) is not known to this version of the desk, or names no position. Nothing was done about it; it waits for a version that knows it. Look at the positions yourself.`
  return tellOwners(parts, `event-${id}-unknown`, text, { event_id: id, event_type: type })
}
