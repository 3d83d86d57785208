import { announceEvents } from '../../infra/db/announce.ts'
import type { Db, Trx } from '../../infra/db/client.ts'
import type { Parts } from '../parts.ts'
import { insertEvents, type Watching, type WordedEvent } from './rows/events.ts'
import type { KeyedEvent, Raised } from './rows/watch-events.ts'
import { endsTask } from './rules/background.ts'
import type { DeskEvent } from './rules/desk-event.ts'

type Announcing = Pick<Parts, 'wording' | 'notices'>

/**
 * Appends an event, once for its key. Returns the conversations with new replies: those that follow the event's symbol, and
 * direct messages of members.
 */
export async function appendEvent(trx: Trx, parts: Announcing, event: DeskEvent): Promise<number[]> {
  const { conversations } = await insertEvents(trx, [worded(parts, event)])
  announceEvents(parts.notices)
  return conversations
}

/**
 * Appends many events in one statement. With `watch`, an event is written only if its position is still as it was seen. Returns
 * the events that are new, and the conversations with new replies.
 */
export async function appendEvents<Event extends KeyedEvent>(
  db: Db,
  parts: Announcing,
  events: Event[],
  watch?: Watching,
): Promise<{ raised: Raised<Event>[]; conversations: number[] }> {
  if (events.length === 0) return { raised: [], conversations: [] }
  const byKey = new Map(events.map((event) => [event.dedupeKey, event]))
  const given = [...byKey.values()].map((event) => worded(parts, event))
  const { ids, conversations } = await insertEvents(db, given, watch)
  if (ids.size > 0) announceEvents(parts.notices)
  return { raised: [...ids].map(([key, id]) => ({ id, event: byKey.get(key)! })), conversations }
}

function worded({ wording }: Pick<Parts, 'wording'>, event: DeskEvent): WordedEvent {
  const followed = wording({ kind: 'event.followed', event }).text
  return { event, followed, direct: endsTask(event) ? wording({ kind: 'task.ended', event }).text : undefined }
}
