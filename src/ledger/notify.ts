import { type RawBuilder, sql } from 'kysely'
import type { Place } from '../chat/place.ts'
import type { Db } from '../db/client.ts'
import { conversationOf } from './members.ts'

/**
 * Queues a direct message to each member who wants one, as a part of the statement that appends events. `events` selects
 * member_id, conversation_id, ends and text; only those that end something are told. What is told in a direct message
 * with the member anyway is not told in another one.
 */
export function directInsert(events: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
      insert into replies (conversation_id, kind, body, state)
      select m.notify_conversation_id, 'post', jsonb_build_object('text', ended.text), 'queued'
      from (${events}) as ended
      join members m on m.id = ended.member_id
      left join conversations c on c.id = ended.conversation_id
      where ended.ends and m.notify_conversation_id is not null
        and m.notify_conversation_id is distinct from ended.conversation_id
        and not coalesce(c.place ->> 'door' = 'discord' and c.place ->> 'workspace' = '', false)
        and not coalesce(c.place ->> 'door' = 'slack' and c.place ->> 'channel' like 'D%', false)
      returning conversation_id
    )`
}

/** Has a member told the desk to write to them when something ends? */
export async function wantsNotice(db: Db, memberId: number): Promise<boolean> {
  const row = await db
    .selectFrom('members')
    .select('notify_conversation_id')
    .where('id', '=', memberId)
    .executeTakeFirstOrThrow()
  return row.notify_conversation_id !== null
}

/**
 * Begins to write to a member, in a direct message on the platform on which they say so, or ends it. False when the desk
 * does not know them there.
 */
export async function setNotice(db: Db, memberId: number, on: Place | undefined): Promise<boolean> {
  const place = on && (await directPlace(db, memberId, on))
  if (on && !place) return false
  const conversation = place ? await conversationOf(db, place) : null
  await db.updateTable('members').set({ notify_conversation_id: conversation }).where('id', '=', memberId).execute()
  return true
}

/** The direct message with a member on the platform of a place. A terminal has one screen for everything. */
async function directPlace(db: Db, memberId: number, place: Place): Promise<Place | undefined> {
  const { door, workspace } = place
  if (door === 'terminal') return place
  const prefix = door === 'slack' ? `slack:${workspace}:` : `${door}:`
  const identities = await db
    .selectFrom('member_identities')
    .select('platform_id')
    .where('member_id', '=', memberId)
    .orderBy('platform_id')
    .execute()
  const known = identities.find(({ platform_id }) => platform_id.startsWith(prefix))
  if (!known) return undefined
  return {
    door,
    workspace: door === 'slack' ? workspace : '',
    channel: '',
    person: known.platform_id.slice(prefix.length),
  }
}
