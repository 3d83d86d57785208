import { accountsOf, isNamed } from '../../trading/accounts/rows/accounts.ts'
import { hasSpoken } from '../../trading/accounts/rows/audit.ts'
import { findSpeaker } from '../../trading/accounts/rows/members.ts'
import type { Inbound } from '../chat/inbound.ts'
import type { Command } from '../commands/command.ts'
import { classifyFurther } from '../language/classify.ts'
import { changesMoney } from '../language/effect.ts'
import { asksAnother, talkIn } from '../language/talk.ts'
import type { Understood } from '../language/understand.ts'
import { answerTo } from '../questions/answer.ts'
import type { PendingQuestion } from '../questions/questions.ts'
import type { Typed } from './answer.ts'
import { choiceIn, classifierOf, type Ears, isExpired } from './ears.ts'

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
  if (isCommand(inbound, typed)) return usesOwn(ears, inbound, typed)
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

/** `use caution` names no account of its writer's, and is talk; every other command is one as it stands. */
async function usesOwn({ parts: { db } }: Ears, { author, place }: Inbound, { decided }: Typed): Promise<boolean> {
  const understood = decided?.understood
  if (understood?.registered.name !== 'use') return true
  const speaker = await findSpeaker(db, author, place)
  const accounts = speaker ? await accountsOf(db, speaker.memberId) : []
  return accounts.some((account) => isNamed(account, understood.given.rest ?? ''))
}

/** So sure a model has to be of what was said to nobody. */
const sureOfUnaddressed = 0.95

/**
 * Is a message that was said to nobody one for the desk after all? It is where its writer has spoken with the desk in this
 * thread, and a model is sure that it is a command. Only then is the database asked; talk leaves no trace.
 */
export async function isMeant(ears: Ears, inbound: Inbound, typed: Typed | undefined): Promise<boolean> {
  if (inbound.kind !== 'message' || inbound.channel !== undefined || !typed || typed.isAddressed || typed.decided)
    return false
  const { text, partly } = typed
  if (/<@/.test(text) || talkIn(text) || asksAnother(text)) return false
  const { verdict, confidence, understood } = await classifyFurther(classifierOf(ears), text, partly)
  if (verdict === 'nothing' || confidence < sureOfUnaddressed) return false
  // `cut 10 percent of staff`, `grab 2`: who talks to others is not told that it is no symbol, and not asked.
  if (understood!.doubts.some((doubt) => doubt === 'guess' || doubt === 'thin')) return false
  // What is only shown is shown at once or not at all: nobody wants to be asked whether they talked to the desk.
  if (verdict !== 'acts' && !changesMoney(understood!.registered)) return false
  const { db } = ears.parts
  const speaker = await findSpeaker(db, inbound.author, inbound.place)
  return speaker !== undefined && (await hasSpoken(db, speaker))
}

/**
 * Is a message that was said to nobody a command? Whoever speaks to another person, asks a question, or says a word that
 * has no meaning here, is left alone; in a thread, one such word beside something that is named may be a slip.
 */
function isCommand(inbound: Inbound, { text, decided, partly }: Typed): boolean {
  const isInChannel = inbound.kind === 'message' && inbound.channel !== undefined
  if (/^\s*<@/.test(text) || (/<@[^>]*>[\s.!?]*$/.test(text) && !takesMember(decided?.understood ?? partly)))
    return false
  if (decided) {
    const { doubts } = decided.understood!
    return !doubts.some((doubt) => doubt === 'asked' || doubt === 'guess' || (doubt === 'homograph' && isInChannel))
  }
  if (!partly || isInChannel || talkIn(text)) return false
  const isNamed = partly.given.symbol !== undefined || partly.given.symbols !== undefined
  return partly.leftover.length === 1 && isNamed && !partly.doubts.includes('guess')
}

/** `role viewer <@anna>` names a person; what else ends with one is said to them. */
function takesMember(understood: Understood<Command> | undefined): boolean {
  return understood?.registered.command.options.some(({ type }) => type === 'member') ?? false
}
