import type { Refusal } from '../../base/refusal.ts'
import { accountsOf, unlinkedAccount } from '../../trading/accounts/rows/accounts.ts'
import { type Speaker, speakerIn } from '../../trading/accounts/rows/members.ts'
import type { Inbound } from '../chat/inbound.ts'
import type { Ears } from './ears.ts'
import { notLinkedAnyMore, notYourAccount } from './refusals.ts'

/**
 * The speaker of a message, in the account that it is about. A pressed action acts in the account of its message, and what a page
 * or a program says in the account that it named, whatever account the member uses by now. A program has no right
 * of an owner. A press on the button of somebody else is refused.
 */
export async function speakerOf(
  { parts: { db } }: { parts: Pick<Ears['parts'], 'db'> },
  inbound: Inbound,
  speaker: Speaker,
): Promise<Speaker | Refusal> {
  const accountId = inbound.account
  if (inbound.byProgram && speaker.role === 'owner')
    return speakerOf({ parts: { db } }, inbound, { ...speaker, role: 'trader' })
  if (accountId === undefined) return speaker
  const own = await accountsOf(db, speaker.memberId)
  if (!own.some(({ id }) => id === accountId)) {
    const unlinked = await unlinkedAccount(db, speaker.memberId, accountId)
    return unlinked === undefined ? notYourAccount(saidIn(inbound)) : notLinkedAnyMore(unlinked)
  }
  return accountId === speaker.accountId
    ? speaker
    : { ...(await speakerIn(db, { ...speaker, accountId })), role: speaker.role }
}

/** The words of a message, for a refusal that repeats them. */
function saidIn(inbound: Inbound): string {
  if (inbound.kind === 'command') return [inbound.command, ...Object.values(inbound.options)].join(' ')
  return inbound.kind === 'message' ? inbound.text : inbound.answer
}
