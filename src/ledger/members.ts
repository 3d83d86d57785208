import { sql } from 'kysely'
import type { Author } from '../chat/inbound.ts'
import { type Place, placeKey } from '../chat/place.ts'
import type { Db } from '../db/client.ts'
import type { Role } from '../db/schema.ts'

/** A person, the account that is theirs, and the conversation they speak in. */
export interface Speaker {
  memberId: number
  name: string
  role: Role
  accountId: number
  conversationId: number
  /** The symbol last named in the conversation. */
  symbol?: string
  /** In which their times are read and shown; absent until they say so, and then the exchange's is meant. */
  timeZone?: string
}

/** Who speaks, and where; undefined when the desk has not met the person or the place. */
export async function findSpeaker(db: Db, author: Author, place: Place): Promise<Speaker | undefined> {
  const row = await db
    .selectFrom('member_identities as i')
    .innerJoin('members as m', 'm.id', 'i.member_id')
    .innerJoin('accounts as a', 'a.member_id', 'm.id')
    .innerJoin('conversations as c', (join) => join.on('c.key', '=', placeKey(place)))
    .where('i.platform_id', '=', author.id)
    .select(whoAndWhere)
    .executeTakeFirst()
  return row && toSpeaker(row)
}

/** A member in a conversation, for what is done for them while nobody speaks. */
export async function speakerIn(db: Db, memberId: number, conversationId: number): Promise<Speaker> {
  const row = await db
    .selectFrom('members as m')
    .innerJoin('accounts as a', 'a.member_id', 'm.id')
    .innerJoin('conversations as c', (join) => join.on('c.id', '=', conversationId))
    .where('m.id', '=', memberId)
    .select(whoAndWhere)
    .executeTakeFirstOrThrow()
  return toSpeaker(row)
}

const whoAndWhere = [
  'm.id as memberId',
  'm.name',
  'm.role',
  'm.time_zone',
  'a.id as accountId',
  'c.id as conversationId',
  'c.symbol',
] as const

type SpeakerRow = Omit<Speaker, 'symbol' | 'timeZone'> & { symbol: string | null; time_zone: string | null }

function toSpeaker({ time_zone, symbol, ...row }: SpeakerRow): Speaker {
  return { ...row, symbol: symbol ?? undefined, ...(time_zone && { timeZone: time_zone }) }
}

/** Sets the time zone of a member; null is the exchange's. */
export async function setTimeZone(db: Db, memberId: number, timeZone: string | null): Promise<void> {
  await db.updateTable('members').set({ time_zone: timeZone }).where('id', '=', memberId).execute()
}

/**
 * Meets a person: makes a member with a paper account on first contact, and a conversation for a new place. Owners
 * come from configuration; everybody else begins as a trader.
 */
export async function meet(db: Db, author: Author, place: Place, isOwner: boolean): Promise<Speaker> {
  await conversationOf(db, place)
  const known = await findSpeaker(db, author, place)
  if (known) return known
  await memberOf(db, author, isOwner ? 'owner' : 'trader')
  return (await findSpeaker(db, author, place))!
}

/** The conversation of a place; made when it is new. */
export async function conversationOf(db: Db, place: Place): Promise<number> {
  const { id } = await db
    .insertInto('conversations')
    .values({ key: placeKey(place), place: JSON.stringify(place) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet((eb) => ({ key: eb.ref('excluded.key') })))
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Remembers the symbol that was last named in a conversation. */
export async function nameSymbol(db: Db, conversationId: number, symbol: string): Promise<void> {
  await db.updateTable('conversations').set({ symbol }).where('id', '=', conversationId).execute()
}

/** The owners that the configuration names are owners, whatever they were before. */
export async function appointOwners(db: Db, platformIds: string[]): Promise<void> {
  await db
    .updateTable('members')
    .set({ role: 'owner' })
    .where('id', 'in', (query) =>
      query.selectFrom('member_identities').select('member_id').where('platform_id', 'in', platformIds),
    )
    .execute()
}

/** The member behind a person on a platform; made, with a paper account, when the desk never met them. */
async function memberOf(db: Db, author: Author, role: Role): Promise<number> {
  return db.transaction().execute(async (trx) => {
    // Two first messages at once: the second waits for the lock and then finds the member.
    await sql`select pg_advisory_xact_lock(hashtextextended(${author.id}, 0))`.execute(trx)
    const met = await trx
      .selectFrom('member_identities')
      .select('member_id')
      .where('platform_id', '=', author.id)
      .executeTakeFirst()
    if (met) return met.member_id
    const member = await trx
      .insertInto('members')
      .values({ name: author.name, role })
      .returning('id')
      .executeTakeFirstOrThrow()
    await trx.insertInto('member_identities').values({ platform_id: author.id, member_id: member.id }).execute()
    await trx.insertInto('accounts').values({ member_id: member.id }).execute()
    return member.id
  })
}

/** Gives a person on a platform a role, also one that the desk has yet to meet. */
export async function giveRole(db: Db, platformId: string, role: Role): Promise<{ id: number; name: string }> {
  const id = await memberOf(db, { id: platformId, name: platformId }, role)
  return db
    .updateTable('members')
    .set({ role })
    .where('id', '=', id)
    .returning(['id', 'name'])
    .executeTakeFirstOrThrow()
}

/** The account of a person on a platform; undefined when the desk never met them. */
export async function accountOf(db: Db, platformId: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('member_identities as i')
    .innerJoin('accounts as a', 'a.member_id', 'i.member_id')
    .where('i.platform_id', '=', platformId)
    .select('a.id')
    .executeTakeFirst()
  return row?.id
}
