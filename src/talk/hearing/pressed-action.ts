import type { Refusal } from '../../base/refusal.ts'
import { accountsOf } from '../../trading/accounts/rows/accounts.ts'
import { type Speaker, speakerIn } from '../../trading/accounts/rows/members.ts'
import type { Inbound } from '../chat/inbound.ts'
import type { Ears } from './ears.ts'
import { notYourAccount } from './refusals.ts'

/**
 * The speaker of a message, in the account that it is about. A pressed action acts in the account of its message, whatever
 * account the member uses by now. A press on the button of somebody else is refused.
 */
export async function speakerOf(
  { parts: { db } }: Ears,
  inbound: Inbound,
  speaker: Speaker,
): Promise<Speaker | Refusal> {
  if (inbound.kind !== 'command' || inbound.account === undefined) return speaker
  const accountId = inbound.account
  const own = await accountsOf(db, speaker.memberId)
  if (!own.some(({ id }) => id === accountId))
    return notYourAccount([inbound.command, ...Object.values(inbound.options)].join(' '))
  return accountId === speaker.accountId ? speaker : speakerIn(db, { ...speaker, accountId })
}
