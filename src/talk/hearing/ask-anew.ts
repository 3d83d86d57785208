import type { Hearing } from '../commands/command.ts'
import { asksFirst } from '../language/acts.ts'
import type { PendingQuestion } from '../questions/questions.ts'
import { asAsked, askAgain } from './ask.ts'
import { askWhetherMeant, meantQuestion } from './confirmation.ts'
import { type Ears, stateOf, take } from './ears.ts'
import type { HearingOutcome } from './outcome.ts'
import { run } from './run.ts'
import { meaningQuestion } from './shown-meanings.ts'

/** The sentence before a question that is put again. */
export interface Again {
  reason: string
  /** In place of the reason where the question cannot be put as it was. */
  changed?: string
  /** Ids of other open questions that it is shown beside. */
  beside?: string[]
}

/**
 * Puts a question again. After other commands its figures may be old, so its command asks from the present. A command that might act
 * without a question is repeated back instead, and one that has nothing to ask any more says so, and the question is closed.
 */
export async function askAnew(
  ears: Ears,
  hearing: Hearing,
  pending: PendingQuestion,
  { reason, changed = reason, beside }: Again,
): Promise<HearingOutcome> {
  const registered = ears.registry.byName(pending.command)
  if (!registered || !mayBeOld(pending)) return askAgain(ears, hearing, pending, reason, beside)
  const now = await asAsked(hearing, pending)
  const state = stateOf(ears, pending)
  if (asksFirst(registered, pending.given) && state !== 'unreadable') {
    const outcome = await run(ears, now, registered, pending.given, undefined, state, { before: reason, beside })
    if (outcome.outcome === 'asked') return outcome
    await take(ears, hearing, pending)
    return { ...outcome, replies: outcome.replies.map((reply, at) => (at === 0 ? preceded(reply, changed) : reply)) }
  }
  // An answer to an earlier question was for what was shown then.
  const { sure: _, private: isPrivate, ...said } = pending.given
  const heard = isPrivate === undefined ? now : { ...now, isPrivate: true as const }
  return askWhetherMeant(ears, heard, registered, said, [], { before: changed, beside })
}

/** Other commands came since, and the question is more than words that are repeated back. One of the background keeps its event's. */
function mayBeOld({ question, isBackground, isKeptElsewhere, isOffScreen, overtakenBy = 0 }: PendingQuestion): boolean {
  if (isBackground || isKeptElsewhere || question.name === meantQuestion || question.name === meaningQuestion)
    return false
  return isOffScreen === true || overtakenBy > 0
}

const preceded = <Said extends { text: string }>(reply: Said, words: string): Said => ({
  ...reply,
  text: `${words}\n\n${reply.text}`,
})
