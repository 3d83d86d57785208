import { sql } from 'kysely'
import type { Db } from '../../infra/db/client.ts'
import type { Role } from '../../infra/db/schema.ts'
import type { Place } from '../../talk/chat/place.ts'
import { type ApiToken, isTokenOpen } from '../../trading/access/rows/api-tokens.ts'
import { isSessionOpen } from '../../trading/access/rows/web-sessions.ts'

/** The sender of a request, and the right by which it comes. */
export interface Caller {
  memberId: number
  name: string
  role: Role
  /** One of the member's ids on a platform. */
  platformId: string
  timeZone?: string
  /** The session of the page, or the token of a program. */
  by: { kind: 'session'; id: number } | { kind: 'token'; token: ApiToken }
}

/** The member of a session or a token, with the role of now. */
export async function callerOf(db: Db, memberId: number, by: Caller['by']): Promise<Caller | undefined> {
  const { rows } = await sql<{ name: string; role: Role; time_zone: string | null; platform_id: string | null }>`
    select m.name, m.role, m.time_zone,
      (select min(i.platform_id) from member_identities i where i.member_id = m.id) as platform_id
    from members m where m.id = ${memberId}`.execute(db)
  const [row] = rows
  if (!row?.platform_id) return undefined
  const { name, role, time_zone: timeZone, platform_id: platformId } = row
  return { memberId, name, role, platformId, ...(timeZone !== null && { timeZone }), by }
}

/** May the caller trade? A viewer may not, and neither may a token that only reads. */
export function mayTrade({ role, by }: Caller): boolean {
  return role !== 'viewer' && (by.kind === 'session' || by.token.trades)
}

/**
 * May the caller see a run? A session sees all runs of its member, a token those of its account and those of none: they were asked
 * for before the member had an account, and tell nothing of one.
 */
export function seesRun({ memberId, by }: Caller, run: { memberId: number; accountId?: number }): boolean {
  if (run.memberId !== memberId) return false
  return by.kind === 'session' || run.accountId === undefined || run.accountId === by.token.accountId
}

/** The origin of what a caller does, in the audit: `web:12`, `token:robot`. */
export function originOf({ by }: Caller): string {
  return by.kind === 'session' ? `web:${by.id}` : `token:${by.token.name}`
}

/** Is the session or the token of a caller still open, and the role the same? A stream asks this from time to time. */
export async function isStillOpen(db: Db, caller: Caller, at: Date): Promise<boolean> {
  const { by } = caller
  const isOpen = by.kind === 'session' ? await isSessionOpen(db, by.id, at) : await isTokenOpen(db, by.token.id)
  return isOpen && (await callerOf(db, caller.memberId, by))?.role === caller.role
}

/**
 * The conversation of a caller: one for all pages of a member that show an account, so that no answer is taken for one to a
 * question about another account, and one for each token. That of the member's first account has the member's name alone.
 */
export function placeOf({ caller: { memberId, by }, accounts, accountId }: Said): Place {
  const first = accounts[0]?.id ?? 0
  const ofAccount = accountId === first ? `m${memberId}` : `m${memberId}a${accountId}`
  return { door: 'web', workspace: '', channel: by.kind === 'session' ? ofAccount : `t${by.token.id}` }
}

interface Said {
  caller: Pick<Caller, 'memberId' | 'by'>
  /** The accounts that the caller may see, the oldest first; and the one of the request, 0 while there is none. */
  accounts: { id: number }[]
  accountId: number
}
