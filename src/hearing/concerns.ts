import type { Inbound } from '../chat/inbound.ts'
import type { Understood } from '../classify/understand.ts'
import type { Command } from '../commands/command.ts'
import { answerTo } from '../conversation/answer.ts'
import type { PendingQuestion } from '../conversation/questions.ts'
import { findSpeaker } from '../ledger/members.ts'
import { choiceIn, type Ears, isExpired } from './ears.ts'

/** A message of more words than this is talk, not an attempt at a command. */
const attemptWords = 4

/** Was the message said to the desk, and not just in its hearing? */
export function addressed(inbound: Inbound): boolean {
  return inbound.kind !== 'message' || inbound.addressed
}

/** Is the message for the desk? People who talk to each other in a thread are left alone, and nothing of it is kept. */
export async function concerns(
  ears: Ears,
  inbound: Inbound,
  text: string | undefined,
  understood: Understood<Command> | undefined,
  pending: PendingQuestion[],
): Promise<boolean> {
  if (text === undefined || addressed(inbound)) return true
  if (understood) return understood.leftover.length <= 1
  const waiting = pending.filter((one) => !isExpired(ears, one))
  if (waiting.some((one) => choiceIn(one, text) !== undefined)) return true
  const words = text.trim().split(/\s+/).length
  if (words <= attemptWords && ears.registry.nearest(text) !== undefined) return true
  const asked = pending.filter((one) => !one.isBackground)
  if (asked.length === 0) return false
  // Who is asked something may well mean the answer; what the others say meanwhile is none of the desk's business.
  const memberId = (await findSpeaker(ears.parts.db, inbound.author, inbound.place))?.memberId
  const own = asked.find((one) => one.memberId === memberId)
  if (!own) return false
  const isAnswer = answerTo(own.question, text) !== undefined
  if (isExpired(ears, own)) return own.question.kind === 'choice' && isAnswer
  return words <= attemptWords || isAnswer
}
