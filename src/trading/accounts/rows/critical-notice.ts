import type { Db } from '../../../infra/db/client.ts'
import type { Place } from '../../../talk/chat/place.ts'
import { conversationOf } from './members.ts'
import { directPlace } from './notify.ts'

/** `ping`: the thread of the event mentions the member. `dm`: a direct message. */
export type CriticalNotice = 'ping' | 'dm'

/** The way in which a member wants to be told of critical events; undefined for the threads alone. */
export async function criticalNoticeOf(db: Db, memberId: number): Promise<CriticalNotice | undefined> {
  const row = await db
    .selectFrom('members')
    .select('critical_notice')
    .where('id', '=', memberId)
    .executeTakeFirstOrThrow()
  return row.critical_notice ?? undefined
}

/**
 * Sets the way in which a member is told of critical events from `at` on. Direct messages go to the platform of `place`. False
 * when the desk does not know the member there.
 */
export async function setCriticalNotice(
  db: Db,
  memberId: number,
  how: CriticalNotice | undefined,
  place: Place,
  at: Date,
): Promise<boolean> {
  const direct = how && (await directPlace(db, memberId, place))
  if (how && !direct) return false
  const conversation = how === 'dm' && direct ? await conversationOf(db, direct) : null
  await db
    .updateTable('members')
    .set({ critical_notice: how ?? null, critical_since: how ? at : null, critical_conversation_id: conversation })
    .where('id', '=', memberId)
    .execute()
  return true
}
