import { Refusal } from '../../base/refusal.ts'
import type { Parts } from '../parts.ts'
import { lookAt } from './look.ts'

/**
 * Looks at a linked account now: its member may have traded at the broker a second ago. Undefined when its books are fresh, or when it is
 * no linked account; a refusal when its broker does not answer.
 */
export async function freshLook(parts: Parts, accountId: number): Promise<Refusal | undefined> {
  const { venue } = await parts.venues.of(accountId)
  if (!venue.capabilities.isLinked) return undefined
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
