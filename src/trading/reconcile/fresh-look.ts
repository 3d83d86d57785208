import { Refusal } from '../../base/refusal.ts'
import type { Parts } from '../parts.ts'
import { lookAt } from './look.ts'
import { lastLook } from './rows/looks.ts'

/** A look is fresh for this many milliseconds. */
const freshMs = 3000

/**
 * Looks at a linked account now, unless somebody just did. Undefined when its books are fresh, or when it is no linked account; a refusal
 * when its broker does not answer.
 */
export async function freshLook(parts: Parts, accountId: number): Promise<Refusal | undefined> {
  const { venue } = await parts.venues.of(accountId)
  if (!venue.capabilities.isLinked) return undefined
  const last = await lastLook(parts.db, accountId)
  if (last && !last.failed && parts.clock.now().getTime() - last.lookedAt.getTime() < freshMs) return undefined
  try {
    await lookAt(parts, { accountId })
    return undefined
  } catch (cause) {
    parts.log.warn({ err: cause, account: accountId }, 'a linked account could not be looked at for its member')
    return new Refusal(
      'BROKER_SILENT',
      'The broker does not answer, so nobody knows what the account holds. Nothing was recorded.',
      'Try again in a moment; `reconcile` shows the last look',
    )
  }
}
