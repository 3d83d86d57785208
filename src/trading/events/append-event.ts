import type { Db, Trx } from '../../infra/db/client.ts'
import type { Parts } from '../parts.ts'
import { insertEvents, type Watching, type WordedEvent } from './rows/events.ts'
import type { KeyedEvent, Raised } from './rows/watch-events.ts'
import type { DeskEvent } from './rules/desk-event.ts'

/** Appends an event, once for its key. Answers with the conversations that now have something to post: those that follow its symbol. */
export async function appendEvent(trx: Trx, parts: Pick<Parts, 'wording'>, event: DeskEvent): Promise<number[]> {
  return (await insertEvents(trx, [worded(parts, event)])).conversations
}

/**
 * The same for many, in one statement. Events of the watch (`watch`) are written only as long as their positions are as they
 * were seen. Answers with those that were not there yet, and the conversations that now have something to post.
 */
export async function appendEvents<Event extends KeyedEvent>(
  db: Db,
  parts: Pick<Parts, 'wording'>,
  events: Event[],
  watch?: Watching,
): Promise<{ raised: Raised<Event>[]; conversations: number[] }> {
  if (events.length === 0) return { raised: [], conversations: [] }
  const byKey = new Map(events.map((event) => [event.dedupeKey, event]))
  const given = [...byKey.values()].map((event) => worded(parts, event))
  const { ids, conversations } = await insertEvents(db, given, watch)
  return { raised: [...ids].map(([key, id]) => ({ id, event: byKey.get(key)! })), conversations }
}

function worded({ wording }: Pick<Parts, 'wording'>, event: DeskEvent): WordedEvent {
  const followed = wording({ kind: 'event.followed', event }).text
  return { event, followed, direct: wording({ kind: 'task.ended', event }).text }
}
