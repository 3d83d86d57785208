import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../infra/db/client.ts'
import type { Place } from '../chat/place.ts'

/** A poster that has not renewed its right for this long has died, or stands still; another may post in the conversation. */
export const postingMs = 15_000

/**
 * The right to post in a conversation. The database's clock says how long it lasts, since clocks of processes differ, and
 * its generation says whose it is: a poster that slept through the end of its right finds another generation there.
 */
export interface Lease {
  conversationId: number
  poster: string
  generation: number
  place: Place
}

const until = sql<Date>`clock_timestamp() + ${`${postingMs} milliseconds`}::interval`

/** Has nobody the right to post that lasts until then? One that is longer than rights last was taken before the clock was set back. */
export function isFree(postingUntil: RawBuilder<unknown>): RawBuilder<boolean> {
  const longest = `${2 * postingMs} milliseconds`
  return sql`(${postingUntil} is null or ${postingUntil} < now() or ${postingUntil} > now() + ${longest}::interval)`
}

/** Takes the sole right to post in a conversation, also from oneself; undefined when somebody else has it. */
export async function takeConversation(db: Db, id: number, poster: string): Promise<Lease | undefined> {
  const row = await db
    .updateTable('conversations')
    .set((eb) => ({
      posting_by: poster,
      posting_until: until,
      posting_generation: eb('posting_generation', '+', 1),
    }))
    .where('id', '=', id)
    .where((eb) => eb.or([isFree(sql.ref('posting_until')), eb('posting_by', '=', poster)]))
    .returning(['place', 'posting_generation'])
    .executeTakeFirst()
  return row && { conversationId: id, poster, generation: row.posting_generation, place: row.place }
}

/** Makes the right last as long as a new one. False when it has passed to somebody else. */
export async function renew(db: Db, { conversationId, poster, generation }: Lease): Promise<boolean> {
  const renewed = await db
    .updateTable('conversations')
    .set({ posting_until: until })
    .where('id', '=', conversationId)
    .where('posting_by', '=', poster)
    .where('posting_generation', '=', generation)
    .returning('id')
    .executeTakeFirst()
  return renewed !== undefined
}

/** Gives the right to post back. */
export async function leaveConversation(db: Db, { conversationId, poster, generation }: Lease): Promise<void> {
  await db
    .updateTable('conversations')
    .set({ posting_by: null, posting_until: null })
    .where('id', '=', conversationId)
    .where('posting_by', '=', poster)
    .where('posting_generation', '=', generation)
    .execute()
}

/** The row of a conversation, locked, as long as the right to post there is this one: a part of a statement that begins to post. */
export const held = ({ conversationId, poster, generation }: Lease) => sql`(
  select id from conversations where id = ${conversationId} and posting_by = ${poster}
    and posting_generation = ${generation} for no key update)`
