import type { Parts } from '../parts.ts'
import type { Unread } from './notices.ts'
import { tellOwners } from './tell-owners.ts'

/** Tells the owners once of an event whose data cannot be read, and of the measure taken all the same. */
export function tellUnreadable(
  parts: Pick<Parts, 'db' | 'queues' | 'log' | 'owners' | 'wording'>,
  { id, type, ...ids }: { id: number; type: string; accountId?: number; positionId?: number },
  unread: Unread,
): Promise<void> {
  const of = { event_id: id, event_type: type, account_id: ids.accountId, position_id: ids.positionId }
  return tellOwners(parts, `event-${id}-unreadable`, { kind: 'event.unreadable', id, type, ...unread }, of)
}
