import type { Selectable } from 'kysely'
import { newSecret, secretHash } from '../../../base/secret.ts'
import type { Db } from '../../../infra/db/client.ts'
import type { Database } from '../../../infra/db/schema.ts'

/** A session without a request for so many milliseconds ends. */
export const idleMs = 12 * 60 * 60_000
/** A session ends after so many milliseconds, however much it is used. */
export const longestMs = 30 * 24 * 60 * 60_000
/** The use of a session is noted again after so many milliseconds, so that reading writes little. */
const notedEveryMs = 60_000
const deviceCharacters = 200

/** A session of the page in one browser. */
export interface WebSession {
  id: number
  memberId: number
  /** The browser, as it names itself. */
  device: string
  createdAt: Date
  /** The last use, to the minute. */
  usedAt: Date
  /** When it ends if it is not used again. */
  endsAt: Date
}

/** Opens a session. The returned token is the value of its cookie, and is kept nowhere. */
export async function openSession(
  db: Db,
  { memberId, device }: Pick<WebSession, 'memberId' | 'device'>,
  at: Date,
): Promise<{ token: string; session: WebSession }> {
  const token = newSecret()
  const row = await db
    .insertInto('web_sessions')
    .values({
      token_hash: secretHash(token),
      member_id: memberId,
      device: device.replaceAll('\u0000', '').toWellFormed().slice(0, deviceCharacters),
      created_at: at,
      used_at: at,
      expires_at: new Date(at.getTime() + longestMs),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { token, session: toSession(row) }
}

/** The open session of a token, whose use is noted. */
export async function useSession(db: Db, token: string, at: Date): Promise<WebSession | undefined> {
  const row = await open(db, at).where('token_hash', '=', secretHash(token)).executeTakeFirst()
  if (!row) return undefined
  if (at.getTime() - row.used_at.getTime() < notedEveryMs) return toSession(row)
  await db.updateTable('web_sessions').set({ used_at: at }).where('id', '=', row.id).execute()
  return toSession({ ...row, used_at: at })
}

/** Is a session still open? A stream asks from time to time. */
export async function isSessionOpen(db: Db, id: number, at: Date): Promise<boolean> {
  return (await open(db, at).where('id', '=', id).executeTakeFirst()) !== undefined
}

/** The open sessions of a member, the last used first. */
export async function sessionsOf(db: Db, memberId: number, at: Date): Promise<WebSession[]> {
  const rows = await open(db, at).where('member_id', '=', memberId).orderBy('used_at', 'desc').orderBy('id').execute()
  return rows.map(toSession)
}

/** Ends a member's open sessions, or the one with this id. Returns those that it ended. */
export async function endSessions(db: Db, memberId: number, at: Date, id?: number): Promise<WebSession[]> {
  const rows = await db
    .updateTable('web_sessions')
    .set({ ended_at: at })
    .where('member_id', '=', memberId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', at)
    .where('used_at', '>', new Date(at.getTime() - idleMs))
    .$if(id !== undefined, (query) => query.where('id', '=', id!))
    .returningAll()
    .execute()
  return rows.map(toSession)
}

function open(db: Db, at: Date) {
  return db
    .selectFrom('web_sessions')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('expires_at', '>', at)
    .where('used_at', '>', new Date(at.getTime() - idleMs))
}

function toSession(row: Selectable<Database['web_sessions']>): WebSession {
  const idleEnd = row.used_at.getTime() + idleMs
  return {
    id: row.id,
    memberId: row.member_id,
    device: row.device,
    createdAt: row.created_at,
    usedAt: row.used_at,
    endsAt: new Date(Math.min(idleEnd, row.expires_at.getTime())),
  }
}
