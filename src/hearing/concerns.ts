import type { Inbound } from '../chat/inbound.ts'
import { talkIn } from '../classify/talk.ts'
import { answerTo } from '../conversation/answer.ts'
import type { PendingQuestion } from '../conversation/questions.ts'
import { findSpeaker } from '../ledger/members.ts'
import type { Typed } from './answer.ts'
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
  typed: Typed | undefined,
  pending: PendingQuestion[],
): Promise<boolean> {
  if (typed === undefined || typed.isAddressed) return true
  const { text } = typed
  if (isCommand(inbound, typed)) return true
  const waiting = pending.filter((one) => !isExpired(ears, one))
  if (waiting.some((one) => choiceIn(one, text) !== undefined)) return true
  const words = text.trim().split(/\s+/).length
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

/**
 * Is a message that was said to nobody a command? Whoever speaks to another person, asks a question, or says a word that
 * has no meaning here, is left alone; in a thread, one such word beside something that is named may be a slip.
 */
function isCommand(inbound: Inbound, { text, decided, partly }: Typed): boolean {
  if (/^\s*<@/.test(text)) return false
  if (decided) return !decided.understood!.doubts.some((doubt) => doubt === 'asked' || doubt === 'guess')
  const isInChannel = inbound.kind === 'message' && inbound.channel !== undefined
  if (!partly || isInChannel || talkIn(text)) return false
  const isNamed = partly.given.symbol !== undefined || partly.given.symbols !== undefined
  return partly.leftover.length === 1 && isNamed
}
