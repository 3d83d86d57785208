import { sql } from 'kysely'
import type { Db } from '../../../infra/db/client.ts'
import type { Role } from '../../../infra/db/schema.ts'
import { type Place, placeKey, surroundings } from '../../../talk/chat/place.ts'

/** The author of a message, as the platform knows them. */
interface Author {
  /** `discord:USER`, `slack:TEAM:USER` or `terminal:local`. */
  id: string
  name: string
}

/** A member in a conversation, with the account that they use there. */
export interface Speaker {
  memberId: number
  name: string
  role: Role
  /** 0 while the member has no account; every read with this id finds nothing. See `accountFor`. */
  accountId: number
  /** The account's name when the member has several. Replies about the account show it. */
  accountLabel?: string
  /** The conversation keeps this account, whatever account the surrounding channel uses. */
  keepsAccount: boolean
  conversationId: number
  /** The symbol that was named last in the conversation. */
  symbol?: string
  /** The time zone in which times are read and shown. Absent until the member sets one; then the exchange's applies. */
  timeZone?: string
}

interface SpeakerRow {
  member_id: number
  name: string
  role: Role
  time_zone: string | null
  account_id: number | null
  label: string | null
  keeps_account: boolean
  conversation_id: number
  symbol: string | null
}

/** Finds the speaker of a message; undefined when the desk has not met the person or the place. */
export async function findSpeaker(db: Db, author: Author, place: Place): Promise<Speaker | undefined> {
  const around = surroundings(place)
  const { rows } = await sql<SpeakerRow>`
    select m.id as member_id, m.name, m.role, m.time_zone, c.id as conversation_id, c.symbol, a.id as account_id, l.label,
      own.account_id is not null as keeps_account
    from member_identities i
    join members m on m.id = i.member_id
    join conversations c on c.key = ${placeKey(place)}
    left join conversation_accounts own on own.member_id = m.id and own.conversation_id = c.id
    left join accounts a on a.id = coalesce(own.account_id,
      (select x.account_id from conversation_accounts x join conversations o on o.id = x.conversation_id
        where x.member_id = m.id and o.key = ${around ? placeKey(around) : null}),
      (select min(f.id) from accounts f where f.member_id = m.id and f.unlinked_at is null))
    left join account_labels l on l.account_id = a.id
    where i.platform_id = ${author.id}`.execute(db)
  return rows[0] && toSpeaker(rows[0])
}

/**
 * A member in a conversation with a given account, for work that no message asks for. The account in use there does not matter.
 */
export async function speakerIn(
  db: Db,
  { memberId, conversationId, accountId }: { memberId: number; conversationId: number; accountId: number },
): Promise<Speaker> {
  const { rows } = await sql<SpeakerRow>`
    select m.id as member_id, m.name, m.role, m.time_zone, c.id as conversation_id, c.symbol, a.id as account_id, l.label,
      true as keeps_account
    from members m
    join accounts a on a.member_id = m.id and a.id = ${accountId}
    join account_labels l on l.account_id = a.id
    join conversations c on c.id = ${conversationId}
    where m.id = ${memberId}`.execute(db)
  const [row] = rows
  if (!row)
    throw new Error(`member ${memberId} has no account ${accountId}, or there is no conversation ${conversationId}`)
  return toSpeaker(row)
}

function toSpeaker(row: SpeakerRow): Speaker {
  return {
    memberId: row.member_id,
    name: row.name,
    role: row.role,
    accountId: row.account_id ?? 0,
    ...(row.label !== null && { accountLabel: row.label }),
    keepsAccount: row.keeps_account,
    conversationId: row.conversation_id,
    symbol: row.symbol ?? undefined,
    ...(row.time_zone !== null && { timeZone: row.time_zone }),
  }
}

/** Sets the time zone of a member; null means the exchange's. */
export async function setTimeZone(db: Db, memberId: number, timeZone: string | null): Promise<void> {
  await db.updateTable('members').set({ time_zone: timeZone }).where('id', '=', memberId).execute()
}

/**
 * Creates a member at the first contact, and a conversation for a new place. Owners come from the configuration. A person from
 * another Slack team begins as a viewer, everybody else as a trader. An account is created later, by the first act that needs
 * one.
 */
export async function meet(db: Db, author: Author, place: Place, isOwner: boolean): Promise<Speaker> {
  await conversationOf(db, place)
  const known = await findSpeaker(db, author, place)
  if (known) return known
  await memberOf(db, author, isOwner ? 'owner' : isStranger(author, place) ? 'viewer' : 'trader')
  return (await findSpeaker(db, author, place))!
}

/** Does the person belong to another Slack team than the one where the desk is installed? */
function isStranger({ id }: Author, { door, workspace }: Place): boolean {
  return door === 'slack' && !id.startsWith(`slack:${workspace}:`)
}

/** The conversation of a place, created if it is new. */
export async function conversationOf(db: Db, place: Place): Promise<number> {
  const key = placeKey(place)
  // Read first: an upsert would lock the row and block all who queue replies there.
  const known = await db.selectFrom('conversations').select('id').where('key', '=', key).executeTakeFirst()
  if (known) return known.id
  const { id } = await db
    .insertInto('conversations')
    .values({ key, place: JSON.stringify(place) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet((eb) => ({ key: eb.ref('excluded.key') })))
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Saves the symbol that was named last in a conversation. */
export async function nameSymbol(db: Db, conversationId: number, symbol: string): Promise<void> {
  await db.updateTable('conversations').set({ symbol }).where('id', '=', conversationId).execute()
}

/** Members whose role changed when the owners were set. */
export interface OwnersChange {
  appointed: { id: number; name: string }[]
  /** Former owners; they are traders from now on. */
  dismissed: { id: number; name: string }[]
}

/**
 * Makes the people with these platform ids owners, and all other owners traders. A person whom the desk has not met becomes an
 * owner at the first contact.
 */
export async function setOwners(db: Db, platformIds: string[]): Promise<OwnersChange> {
  return db.transaction().execute(async (trx) => {
    // Two processes may start at once with different lists. The lock makes one whole list win.
    await sql`select pg_advisory_xact_lock(hashtextextended('deskhand owners', 0))`.execute(trx)
    const named = trx
      .selectFrom('member_identities')
      .select('member_id')
      .where(sql<boolean>`platform_id = any(${platformIds}::text[])`)
    const dismissed = await trx
      .updateTable('members')
      .set({ role: 'trader' })
      .where('role', '=', 'owner')
      .where('id', 'not in', named)
      .returning(['id', 'name'])
      .execute()
    const appointed = await trx
      .updateTable('members')
      .set({ role: 'owner' })
      .where('role', '<>', 'owner')
      .where('id', 'in', named)
      .returning(['id', 'name'])
      .execute()
    return { appointed, dismissed }
  })
}

/** The member with a platform id; undefined when the desk has not met the person. */
export async function memberNamed(db: Db, platformId: string): Promise<{ id: number; name: string } | undefined> {
  return db
    .selectFrom('member_identities as i')
    .innerJoin('members as m', 'm.id', 'i.member_id')
    .select(['m.id', 'm.name'])
    .where('i.platform_id', '=', platformId)
    .executeTakeFirst()
}

/** All platform ids of the member behind one of them, including that one. It creates no member. */
export async function identitiesOf(db: Db, platformId: string): Promise<string[]> {
  const others = await db
    .selectFrom('member_identities as one')
    .innerJoin('member_identities as each', 'each.member_id', 'one.member_id')
    .select('each.platform_id')
    .where('one.platform_id', '=', platformId)
    .execute()
  return [platformId, ...others.map(({ platform_id }) => platform_id).filter((id) => id !== platformId)]
}

/** The member of a person on a platform, created if the desk has never met them. */
async function memberOf(db: Db, author: Author, role: Role): Promise<number> {
  return db.transaction().execute(async (trx) => {
    // Two first messages may come at once. The second waits for the lock and then finds the member.
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
    return member.id
  })
}

/** Gives a person on a platform a role, even if the desk has not met them yet. */
export async function giveRole(db: Db, platformId: string, role: Role): Promise<{ id: number; name: string }> {
  const id = await memberOf(db, { id: platformId, name: platformId }, role)
  return db
    .updateTable('members')
    .set({ role })
    .where('id', '=', id)
    .returning(['id', 'name'])
    .executeTakeFirstOrThrow()
}
