import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'
import type { Place } from '../../../talk/chat/place.ts'
import { conversationOf } from './members.ts'

/**
 * SQL that queues direct messages to the members who want them, as a part of the statement that appends events. `events`
 * selects member_id, account_id, conversation_id, scaleout_id, ends and text. Only events that end a task are sent. An event
 * that is already told in a direct message with the member is not sent again. Scaleouts of a group send only their total
 * (`tellDirectly`).
 */
export function directInsert(events: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
      insert into replies (conversation_id, account_id, kind, body, state)
      select m.notify_conversation_id, ended.account_id, 'post', jsonb_build_object('text', ended.text), 'queued'
      from (${events}) as ended
      join members m on m.id = ended.member_id
      left join conversations c on c.id = ended.conversation_id
      where ended.ends and m.notify_conversation_id is not null
        and m.notify_conversation_id is distinct from ended.conversation_id
        and not exists (select from scaleouts s where s.id = ended.scaleout_id and s.group_id is not null)
        and not coalesce(c.place ->> 'door' = 'discord' and c.place ->> 'workspace' = '', false)
        and not coalesce(c.place ->> 'door' = 'slack' and c.place ->> 'channel' like 'D%', false)
      returning conversation_id
    )`
}

/**
 * Queues a direct message to a member who wants them, about something told in a conversation. Returns the conversation of the
 * message.
 */
export async function tellDirectly(
  db: Db,
  { memberId, conversationId, accountId }: { memberId: number; conversationId: number; accountId?: number },
  text: string,
): Promise<number[]> {
  const told = directInsert(sql`select ${memberId}::bigint as member_id, ${accountId ?? null}::bigint as account_id,
    ${conversationId}::bigint as conversation_id, null::bigint as scaleout_id, true as ends, ${text}::text as text`)
  const { rows } = await sql<{ id: number }>`
    with direct as ${told} select conversation_id::int as id from direct`.execute(db)
  return rows.map(({ id }) => id)
}

/** Does the member want a direct message when a task ends? */
export async function wantsNotice(db: Db, memberId: number): Promise<boolean> {
  const row = await db
    .selectFrom('members')
    .select('notify_conversation_id')
    .where('id', '=', memberId)
    .executeTakeFirstOrThrow()
  return row.notify_conversation_id !== null
}

/**
 * Switches direct messages to a member on, on the platform of a place, or off. False when the desk does not know the member
 * there.
 */
export async function setNotice(db: Db, memberId: number, on: Place | undefined): Promise<boolean> {
  const place = on && (await directPlace(db, memberId, on))
  if (on && !place) return false
  const conversation = place ? await conversationOf(db, place) : null
  await db.updateTable('members').set({ notify_conversation_id: conversation }).where('id', '=', memberId).execute()
  return true
}

/** The direct message with a member on the platform of a place. A terminal has one screen for everything. */
export async function directPlace(db: Db, memberId: number, place: Place): Promise<Place | undefined> {
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
