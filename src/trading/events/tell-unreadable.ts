import type { Parts } from '../parts.ts'
import { tellOwners } from './tell-owners.ts'

/** Tells the owners, once whoever finds it, of an event whose data cannot be read. `done`: what was done about it all the same. */
export function tellUnreadable(
  parts: Pick<Parts, 'db' | 'queues' | 'log' | 'owners'>,
  { id, type, ...ids }: { id: number; type: string; accountId?: number; positionId?: number },
  done: string,
): Promise<void> {
  const text = `The details of an event (${type}, ${id}) cannot be read. ${done}`
  const of = { event_id: id, event_type: type, account_id: ids.accountId, position_id: ids.positionId }
  return tellOwners(parts, `event-${id}-unreadable`, text, of)
}
