import { isShared } from '../../talk/chat/place.ts'
import type { CredentialKeys } from '../../venues/links/credential-keys.ts'
import type { Credentials } from '../../venues/links/credentials.ts'
import type { FoundAccount } from '../../venues/links/linkable.ts'
import { seal } from '../../venues/links/vault.ts'
import { keepGiven, type LinkRequest } from '../access/rows/link-requests.ts'
import { queueNotice } from '../events/queue-notice.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { linkedBefore } from './rows/accounts.ts'
import { conversationOf } from './rows/members.ts'
import { directPlace } from './rows/notify.ts'

/**
 * Keeps credentials that were given on a member's page, and asks that member, where nobody else reads it, whether the account is to
 * be linked. False when some were given before, or the page is over.
 */
export async function giveCredentials(
  parts: Parts,
  keys: CredentialKeys,
  request: LinkRequest,
  credentials: Credentials,
  found: FoundAccount,
): Promise<boolean> {
  const { venue, mode, place, memberId } = request
  const { account, maskedNumber, blocked } = found
  const at = parts.clock.now()
  const sealed = seal(keys, credentials, { venue, account, mode })
  const expiresAt = credentials.kind === 'oauth' ? credentials.expiresAt : undefined
  const direct = isShared(place) ? await directPlace(parts.db, memberId, place) : place
  if (!direct) throw new Error(`member ${memberId} cannot be written to in private`)
  const conversationId = await conversationOf(parts.db, direct)
  const isKept = await parts.db.transaction().execute(async (trx) => {
    const given = { ...sealed, kind: credentials.kind, expiresAt, found }
    if (!(await keepGiven(trx, request.id, given, at))) return false
    const worth = found.equity ?? found.cash
    const before = await linkedBefore(trx, { memberId, venue, mode, account })
    const notice = { kind: 'link.given' as const, requestId: request.id, venue, mode, maskedNumber, worth }
    const beside = { ...(blocked && { blocked }), ...(before && { before }) }
    await queueNotice(trx, parts, { conversationId, at }, { ...notice, ...beside }, 'outbox')
    return true
  })
  if (isKept) await wakeReplies(parts, [conversationId])
  return isKept
}
