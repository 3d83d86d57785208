import type { IncomingMessage } from 'node:http'
import { Refusal } from '../../base/refusal.ts'
import type { Db } from '../../infra/db/client.ts'
import { type TokenOfAccount, tokenMark, useToken } from '../../trading/access/rows/api-tokens.ts'
import { useSession } from '../../trading/access/rows/web-sessions.ts'
import type { Origins } from '../http/origins.ts'
import { type Caller, callerOf } from './caller.ts'
import { cookieIn } from './cookie.ts'

/** The parts that identify callers in this process. */
export interface Identifying {
  db: Db
  now: () => Date
  origins: Origins
  cookie: () => string
}

const reading = new Set(['GET', 'HEAD'])

/**
 * Identifies the sender of a request by its bearer token or its cookie. A cookie counts only for a page of ours: what changes something
 * must say that such a page sent it, and what reads must not come from another site.
 */
export async function identify(
  { db, now, origins, cookie }: Identifying,
  request: IncomingMessage,
): Promise<Caller | Refusal> {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1]
    const used = token?.startsWith(tokenMark) ? await useToken(db, token, now()) : undefined
    if (used?.waits) return tokenWaits(used)
    const caller = used && (await callerOf(db, used.memberId, { kind: 'token', token: used }))
    return (
      caller ??
      notSignedIn(
        'The token is not good: it was revoked, or it never was one.',
        'Make another with `token new NAME read`',
      )
    )
  }
  const value = cookieIn(request.headers.cookie, cookie())
  if (value === undefined)
    return notSignedIn('You are not signed in.', 'Say `dashboard` to the desk, and open the link')
  const isReading = reading.has(request.method ?? '')
  if (isReading ? origins.isCrossSite(request) || !origins.isOurHost(request) : !origins.isSameOrigin(request))
    return wrongOrigin()
  const session = await useSession(db, value, now())
  const caller = session && (await callerOf(db, session.memberId, { kind: 'session', id: session.id }))
  return caller ?? notSignedIn('Your session has ended.', 'Say `dashboard` to the desk, and open the link')
}

function notSignedIn(sentence: string, instead: string): Refusal {
  return new Refusal('NOT_SIGNED_IN', sentence, instead)
}

/** The refusal of a token whose account was unlinked: it opens no other account, and reads nothing either. */
function tokenWaits({ account }: TokenOfAccount): Refusal {
  return new Refusal(
    'TOKEN_WAITS',
    `This token is for the account ${account}, which is not linked any more. Nothing was done.`,
    'Linked again, the account has its token back; for another account make another one: `token new NAME read`',
  )
}

/** The refusal of a request that another site sent in the name of a member. */
export function wrongOrigin(): Refusal {
  return new Refusal(
    'WRONG_ORIGIN',
    'The request does not come from the page of the desk. Nothing was done.',
    'Open the page itself',
  )
}
