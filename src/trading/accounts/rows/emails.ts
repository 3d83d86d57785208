import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Trx } from '../../../infra/db/client.ts'

/** A code is good for so long, in milliseconds, and for so many tries. */
export const codeGoodMs = 15 * 60_000
const mostTries = 5
/** The most codes that a member may have sent in 24 hours: the desk is no way to write to strangers. */
export const mostCodes = 5

/** The addresses of a member: the confirmed one, and one that waits for its code. */
export interface Emails {
  address?: string
  asked?: string
}

/** The addresses of a member. */
export async function emailsOf(db: Db, memberId: number): Promise<Emails> {
  const row = await db
    .selectFrom('member_emails')
    .select(['address', 'asked'])
    .where('member_id', '=', memberId)
    .executeTakeFirst()
  return { ...(row?.address && { address: row.address }), ...(row?.asked && { asked: row.asked }) }
}

/** Notes an address that a member says is theirs; a code is sent there soon. `known`: it is confirmed already. */
export async function askAddress(
  trx: Trx,
  memberId: number,
  address: string,
  conversationId: number,
): Promise<'asked' | 'known' | 'too many'> {
  await sql`insert into member_emails (member_id) values (${memberId}) on conflict do nothing`.execute(trx)
  const { rows } = await sql<{ address: string | null; codes: number }>`
    select address, case when codes_since > clock_timestamp() - interval '24 hours' then codes else 0 end as codes
    from member_emails where member_id = ${memberId} for update`.execute(trx)
  const { address: known, codes } = rows[0]!
  if (known === address) return 'known'
  if (codes >= mostCodes) return 'too many'
  await sql`
    update member_emails set asked = ${address}, conversation_id = ${conversationId}, code_due_at = clock_timestamp(),
      code_attempts = 0, code_hash = null, code_sent_at = null, code_tries = 0, codes = ${codes + 1},
      codes_since = case when ${codes} = 0 then clock_timestamp() else codes_since end
    where member_id = ${memberId}`.execute(trx)
  return 'asked'
}

/** Confirms the address that was asked about by its code. `none`: no address waits for one. `old`: the code is no longer good. */
export async function confirmAddress(
  trx: Trx,
  memberId: number,
  code: string,
): Promise<{ address: string } | 'none' | 'wrong' | 'old'> {
  const { rows } = await sql<{ asked: string | null; code_hash: string | null; isGood: boolean; code_tries: number }>`
    select asked, code_hash, code_tries,
      coalesce(code_sent_at > clock_timestamp() - ${`${codeGoodMs} milliseconds`}::interval, false) as "isGood"
    from member_emails where member_id = ${memberId} for update`.execute(trx)
  const [row] = rows
  if (!row?.asked || row.code_hash === null) return 'none'
  if (!row.isGood || row.code_tries >= mostTries) return 'old'
  if (row.code_hash !== hashOf(memberId, row.asked, code)) {
    await sql`update member_emails set code_tries = code_tries + 1 where member_id = ${memberId}`.execute(trx)
    return 'wrong'
  }
  await sql`
    update member_emails set address = asked, confirmed_at = clock_timestamp(), asked = null, code_hash = null, code_due_at = null
    where member_id = ${memberId}`.execute(trx)
  return { address: row.asked }
}

/** Forgets the addresses of a member; how many codes were sent stays. False when there was none. */
export async function forgetAddress(db: Db, memberId: number): Promise<boolean> {
  const gone = await db
    .updateTable('member_emails')
    .set({ address: null, confirmed_at: null, asked: null, code_hash: null, code_due_at: null })
    .where('member_id', '=', memberId)
    .where((is) => is.or([is('address', 'is not', null), is('asked', 'is not', null)]))
    .executeTakeFirst()
  return gone.numUpdatedRows > 0n
}

/** A code that is to be sent. */
export interface DueCode {
  memberId: number
  address: string
  conversationId?: number
  /** This attempt counted. */
  attempts: number
}

/** Takes the codes that are due, and moves their next attempt away by `againMs`: one process at a time sends each. */
export async function takeDueCodes(db: Db, againMs: number, most: number): Promise<DueCode[]> {
  const { rows } = await sql<{ memberId: number; address: string; conversationId: number | null; attempts: number }>`
    update member_emails e
    set code_attempts = e.code_attempts + 1, code_due_at = clock_timestamp() + ${`${againMs} milliseconds`}::interval
    from (
      select member_id from member_emails where code_due_at <= clock_timestamp() and asked is not null
      order by code_due_at limit ${most} for update skip locked
    ) due
    where e.member_id = due.member_id
    returning e.member_id as "memberId", e.asked as address, e.conversation_id as "conversationId",
      e.code_attempts as attempts`.execute(db)
  return rows.map(({ conversationId, ...due }) => ({ ...due, ...(conversationId !== null && { conversationId }) }))
}

/** Keeps the hash of a code that is about to be sent. False when the member has asked about another address since. */
export async function keepCode(db: Db, { memberId, address }: DueCode, code: string): Promise<boolean> {
  const kept = await waiting(db, memberId, address)
    .set({ code_hash: hashOf(memberId, address, code), code_sent_at: sql<Date>`clock_timestamp()`, code_tries: 0 })
    .executeTakeFirst()
  return kept.numUpdatedRows === 1n
}

/** Notes that a code was sent, or is to be sent again in `againMs`, or is given up: then its address is forgotten. False when it is another one by now. */
export async function noteCode(
  db: Db,
  { memberId, address }: DueCode,
  outcome: 'sent' | 'given up' | { againMs: number },
): Promise<boolean> {
  const noted = await waiting(db, memberId, address)
    .set(
      typeof outcome === 'object'
        ? { code_due_at: sql<Date>`clock_timestamp() + ${`${outcome.againMs} milliseconds`}::interval` }
        : { code_due_at: null, ...(outcome === 'given up' && { asked: null, code_hash: null }) },
    )
    .executeTakeFirst()
  return noted.numUpdatedRows === 1n
}

const waiting = (db: Db, memberId: number, address: string) =>
  db
    .updateTable('member_emails')
    .where('member_id', '=', memberId)
    .where('asked', '=', address)
    .where('code_due_at', 'is not', null)

/** A code is good for its member and its address alone. */
const hashOf = (memberId: number, address: string, code: string) =>
  createHash('sha256').update(`${memberId} ${address} ${code}`).digest('hex')
