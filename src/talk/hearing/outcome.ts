import type { Refusal } from '../../base/refusal.ts'
import type { AuditOutcome } from '../../infra/db/schema.ts'
import { isShared } from '../chat/place.ts'
import { inAccount, type Reply } from '../chat/reply.ts'
import type { Concern, Hearing } from '../commands/command.ts'

/** The outcome of a message: the replies, and the fields of its audit row. */
export interface HearingOutcome {
  replies: Reply[]
  outcome: AuditOutcome
  command?: string
  code?: string
  reason?: string
}

/** The outcome of a message that the desk ignores. */
export const silence: HearingOutcome = { replies: [], outcome: 'ignored' }

/** Makes the outcome of a refused message. A refusal for want of a role is private, whichever command refuses. */
export function refused(refusal: Refusal, options: { command?: string; private?: boolean } = {}): HearingOutcome {
  const isPrivate = refusal.code === 'NOT_ALLOWED' ? true : options.private
  return {
    replies: [{ text: refusal.text, private: isPrivate }],
    outcome: 'refused',
    command: options.command,
    code: refusal.code,
    reason: refusal.text,
  }
}

/** Adds the account's name to the replies if the speaker has several accounts, and the speaker's where they want it. */
export function about(
  concern: Concern,
  { speaker: { accountLabel, name }, place }: Pick<Hearing, 'speaker' | 'place'>,
  outcome: HearingOutcome,
): HearingOutcome {
  if (concern === 'none') return outcome
  const signed = (reply: Reply) =>
    inAccount(reply, accountLabel, reply.ofMember === 'always' && isShared(place) ? name : undefined)
  return { ...outcome, replies: outcome.replies.map(signed) }
}
