import { randomBytes } from 'node:crypto'
import { speakerIn } from '../../trading/accounts/rows/members.ts'
import { placeKey } from '../chat/place.ts'
import { type Ask, concernOf, type Hearing } from '../commands/command.ts'
import type { PendingQuestion } from '../questions/questions.ts'
import type { Ears } from './ears.ts'
import { about, type HearingOutcome, refused } from './outcome.ts'
import { noQuestions } from './refusals.ts'

/**
 * Switches the hearing to the account of a question. The member may use another account by now, but the answer is about the
 * account of the question.
 */
export async function asAsked(hearing: Hearing, { accountId }: PendingQuestion): Promise<Hearing> {
  const { parts, speaker } = hearing
  if (accountId === undefined || accountId === speaker.accountId) return hearing
  return { ...hearing, speaker: await speakerIn(parts.db, { ...speaker, accountId }) }
}

/** Asks the speaker a question of a command. */
export async function ask(
  ears: Ears,
  hearing: Hearing,
  command: string,
  asked: Omit<Ask, 'state'> & { state?: unknown },
  before?: string,
  beside?: string[],
): Promise<HearingOutcome> {
  const { speaker, place, parts } = hearing
  const question = { ...asked.ask, id: `q-${randomBytes(9).toString('base64url')}` }
  try {
    await ears.questions.ask(placeKey(place), {
      memberId: speaker.memberId,
      memberName: speaker.name,
      ...(speaker.accountId !== 0 && { accountId: speaker.accountId }),
      command,
      given: hearing.isPrivate ? { ...asked.given, private: 'yes' } : asked.given,
      ...(asked.state !== undefined && { state: asked.state }),
      text: asked.text,
      question,
      ...(beside && { beside }),
    })
  } catch (cause) {
    parts.log.warn({ err: cause }, 'a question could not be kept')
    return refused(noQuestions, { command })
  }
  const text = before ? `${before}\n\n${asked.text}` : asked.text
  const asking = ears.registry.byName(command)?.command
  return about(asking ? concernOf(asking, asked.given) : 'none', hearing, {
    replies: [{ text, question }],
    outcome: 'asked',
    command,
  })
}

/** Asks the same question again, with the reason. `beside` are the ids of other open questions that it is shown beside. */
export async function askAgain(
  ears: Ears,
  hearing: Hearing,
  pending: PendingQuestion,
  reason: string,
  beside?: string[],
): Promise<HearingOutcome> {
  const { command, given, state, text } = pending
  const { id: _, ...again } = pending.question
  return ask(ears, await asAsked(hearing, pending), command, { ask: again, given, state, text }, reason, beside)
}
