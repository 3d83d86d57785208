import { type Selectable, sql } from 'kysely'
import { Big } from '../../../base/amounts.ts'
import { newSecret, secretHash } from '../../../base/secret.ts'
import type { Db, Trx } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'
import type { Place } from '../../../talk/chat/place.ts'
import type { FoundAccount } from '../../../venues/links/linkable.ts'
import type { Sealed } from '../../../venues/links/vault.ts'

/** A page for credentials is good for so many milliseconds; so is the question that follows it. */
export const linkPageForMs = 10 * 60_000

/** A member's wish to link an account at a venue. */
export interface LinkRequest {
  id: number
  memberId: number
  memberName: string
  conversationId: number
  place: Place
  venue: string
  mode: 'paper' | 'live'
  expiresAt: Date
  /** The page belongs to the browser whose cookie has this hash. */
  browserHash?: Buffer
  /** PKCE's verifier, after the browser was sent to the venue. */
  verifier?: string
  /** Credentials were given, and the member is asked. */
  given?: { found: FoundAccount; at: Date }
}

/** Credentials that were given on a page, sealed, with the account that they open. */
export interface GivenCredentials extends Sealed {
  kind: 'keys' | 'oauth'
  expiresAt?: Date
  found: FoundAccount
}

type Row = Selectable<Database['link_requests']> & { member_name: string; place: Place }

const selected = sql`
  select r.*, m.name as member_name, c.place from link_requests r
  join members m on m.id = r.member_id join conversations c on c.id = r.conversation_id`

/** Begins a request, and returns the token of its page, of which only the hash is kept. Earlier ones of the member end. */
export async function makeLinkRequest(
  db: Db,
  asked: { memberId: number; conversationId: number; venue: string; mode: 'paper' | 'live'; at: Date },
): Promise<string> {
  const token = newSecret()
  await db.transaction().execute(async (trx) => {
    await sql`select from members where id = ${asked.memberId} for no key update`.execute(trx)
    await endWhere(trx, sql`member_id = ${asked.memberId}`, 'expired', asked.at)
    await trx
      .insertInto('link_requests')
      .values({
        token_hash: secretHash(token),
        member_id: asked.memberId,
        conversation_id: asked.conversationId,
        venue: asked.venue,
        mode: asked.mode,
        created_at: asked.at,
        expires_at: new Date(asked.at.getTime() + linkPageForMs),
      })
      .execute()
  })
  return token
}

/** The request behind the token of a page; undefined when it is over, or never was. */
export async function requestOfToken(db: Db, token: string, at: Date): Promise<LinkRequest | undefined> {
  const { rows } = await sql<Row>`
    ${selected} where r.token_hash = ${secretHash(token)} and r.ended_at is null and r.expires_at > ${at}`.execute(db)
  return rows[0] && requestOf(rows[0])
}

/** The request whose browser the venue sends back with this state. */
export async function requestOfState(db: Db, state: string, at: Date): Promise<LinkRequest | undefined> {
  const { rows } = await sql<Row>`
    ${selected} where r.oauth_state_hash = ${secretHash(state)} and r.ended_at is null and r.expires_at > ${at}`.execute(
    db,
  )
  return rows[0] && requestOf(rows[0])
}

/** Gives the page to a browser, by its cookie. False when another one has it. */
export async function bindBrowser(db: Db, id: number, browser: string, at: Date): Promise<boolean> {
  const bound = await db
    .updateTable('link_requests')
    .set({ opened_at: at, browser_hash: secretHash(browser) })
    .where('id', '=', id)
    .where('browser_hash', 'is', null)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return bound !== undefined
}

/** Keeps the state and the verifier of a sign-in at the venue; a new one replaces them. */
export async function keepSignIn(db: Db, id: number, state: string, verifier: string): Promise<void> {
  await db
    .updateTable('link_requests')
    .set({ oauth_state_hash: secretHash(state), oauth_verifier: verifier })
    .where('id', '=', id)
    .execute()
}

/** Uses a state up: the venue's code is exchanged once. False when it was used before. */
export async function takeSignIn(db: Db, id: number, state: string): Promise<boolean> {
  const taken = await db
    .updateTable('link_requests')
    .set({ oauth_state_hash: null, oauth_verifier: null })
    .where('id', '=', id)
    .where('oauth_state_hash', '=', secretHash(state))
    .returning('id')
    .executeTakeFirst()
  return taken !== undefined
}

/** Keeps credentials until the member answers. False when some were given before, or the request is over. */
export async function keepGiven(trx: Trx, id: number, given: GivenCredentials, at: Date): Promise<boolean> {
  const kept = await trx
    .updateTable('link_requests')
    .set({
      kind: given.kind,
      key_id: given.keyId,
      wrapped_key: given.wrappedKey,
      sealed: given.sealed,
      credentials_expire_at: given.expiresAt ?? null,
      venue_account: given.found.account,
      masked_number: given.found.maskedNumber,
      cash: given.found.cash.toFixed(),
      equity: given.found.equity?.toFixed() ?? null,
      buying_power: given.found.buyingPower?.toFixed() ?? null,
      blocked_because: given.found.blocked ?? null,
      given_at: at,
      expires_at: new Date(at.getTime() + linkPageForMs),
      oauth_state_hash: null,
      oauth_verifier: null,
    })
    .where('id', '=', id)
    .where('given_at', 'is', null)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', at)
    .returning('id')
    .executeTakeFirst()
  return kept !== undefined
}

/** The request of a member that waits for an answer; with `id` only that one. */
export async function waitingRequest(
  db: Db,
  memberId: number,
  at: Date,
  id?: number,
): Promise<LinkRequest | undefined> {
  const { rows } = await sql<Row>`
    ${selected} where r.member_id = ${memberId} and r.given_at is not null and r.ended_at is null and r.expires_at > ${at}
      and (${id ?? null}::bigint is null or r.id = ${id ?? null})
    order by r.id desc limit 1`.execute(db)
  return rows[0] && requestOf(rows[0])
}

/** The sealed credentials of a locked request. */
export async function lockGiven(
  trx: Trx,
  id: number,
  at: Date,
): Promise<(GivenCredentials & Pick<LinkRequest, 'memberId' | 'venue' | 'mode'> & { at: Date }) | undefined> {
  const row = await trx
    .selectFrom('link_requests')
    .selectAll()
    .where('id', '=', id)
    .where('given_at', 'is not', null)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', at)
    .forUpdate()
    .executeTakeFirst()
  if (!row) return undefined
  return {
    ...{ memberId: row.member_id, venue: row.venue, mode: row.mode, kind: row.kind!, keyId: row.key_id! },
    ...{ wrappedKey: row.wrapped_key!, sealed: row.sealed!, found: foundIn(row), at: row.given_at! },
    ...(row.credentials_expire_at && { expiresAt: row.credentials_expire_at }),
  }
}

/** Ends a request; what was given is forgotten. */
export async function endRequest(
  db: Db,
  id: number,
  outcome: 'linked' | 'refused' | 'expired',
  at: Date,
): Promise<void> {
  await endWhere(db, sql`id = ${id}`, outcome, at)
}

/** Ends every open request of a member. False when there was none. */
export async function endRequestsOf(db: Db, memberId: number, at: Date): Promise<boolean> {
  return (await endWhere(db, sql`member_id = ${memberId} and expires_at > ${at}`, 'refused', at)) > 0
}

/** Ends the requests whose time is over, so that nobody's credentials are kept for a link that was never confirmed. */
export async function endOldRequests(db: Db, at: Date): Promise<void> {
  await endWhere(db, sql`expires_at <= ${at}`, 'expired', at)
}

async function endWhere(db: Db, which: ReturnType<typeof sql>, outcome: string, at: Date): Promise<number> {
  const { rows } = await sql`
    update link_requests set ended_at = ${at}, outcome = ${outcome}, kind = null, key_id = null, wrapped_key = null, sealed = null,
      credentials_expire_at = null, oauth_state_hash = null, oauth_verifier = null
    where ended_at is null and ${which} returning 1`.execute(db)
  return rows.length
}

const requestOf = (row: Row): LinkRequest => ({
  id: row.id,
  memberId: row.member_id,
  memberName: row.member_name,
  conversationId: row.conversation_id,
  place: row.place,
  venue: row.venue,
  mode: row.mode,
  expiresAt: row.expires_at,
  ...(row.browser_hash && { browserHash: row.browser_hash }),
  ...(row.oauth_verifier !== null && { verifier: row.oauth_verifier }),
  ...(row.given_at && {
    given: { found: foundIn(row), at: row.given_at },
  }),
})

const foundIn = (row: Selectable<Database['link_requests']>): FoundAccount => ({
  account: row.venue_account!,
  maskedNumber: row.masked_number!,
  cash: new Big(row.cash!),
  ...(row.equity !== null && { equity: new Big(row.equity) }),
  ...(row.buying_power !== null && { buyingPower: new Big(row.buying_power) }),
  ...(row.blocked_because !== null && { blocked: row.blocked_because }),
})
