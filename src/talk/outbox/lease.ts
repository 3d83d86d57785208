import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../infra/db/client.ts'
import type { Place } from '../chat/place.ts'

/** A lease lasts this long, in milliseconds. Without a renewal its poster is dead or suspended, and another may take over. */
export const postingMs = 15_000

/**
 * The sole right to post in a conversation. The database's clock measures its time, because the clocks of processes differ.
 * The generation fences it: a poster that was suspended past the end of its lease finds another generation.
 */
export interface Lease {
  conversationId: number
  poster: string
  generation: number
  place: Place
}

const until = sql<Date>`clock_timestamp() + ${`${postingMs} milliseconds`}::interval`

/** The SQL condition for a free conversation. A lease longer than possible was taken before the clock was set back. */
export function isFree(postingUntil: RawBuilder<unknown>): RawBuilder<boolean> {
  const longest = `${2 * postingMs} milliseconds`
  return sql`(${postingUntil} is null or ${postingUntil} < now() or ${postingUntil} > now() + ${longest}::interval)`
}

/** Takes the lease of a conversation, even from the same poster; undefined when another poster holds it. */
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

/** Renews a lease for its full time. False when another poster has taken it. */
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

/** Returns a lease. */
export async function leaveConversation(db: Db, { conversationId, poster, generation }: Lease): Promise<void> {
  await db
    .updateTable('conversations')
    .set({ posting_by: null, posting_until: null })
    .where('id', '=', conversationId)
    .where('posting_by', '=', poster)
    .where('posting_generation', '=', generation)
    .execute()
}

/** The locked row of a conversation, only if this lease still holds it; a part of a statement that begins to post. */
export const held = ({ conversationId, poster, generation }: Lease) => sql`(
  select id from conversations where id = ${conversationId} and posting_by = ${poster}
    and posting_generation = ${generation} for no key update)`
