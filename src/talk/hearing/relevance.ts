import { accountsOf, isNamed } from '../../trading/accounts/rows/accounts.ts'
import { hasSpoken } from '../../trading/accounts/rows/audit.ts'
import type { Inbound } from '../chat/inbound.ts'
import type { Command } from '../commands/command.ts'
import { changesMoney } from '../language/effect.ts'
import { asksAnother, talkIn } from '../language/talk.ts'
import type { Understood } from '../language/understand.ts'
import { answerTo } from '../questions/typed-answer.ts'
import { choiceIn, type Ears, isExpired } from './ears.ts'
import type { LocatedMessage } from './locate.ts'
import type { Utterance } from './utterance.ts'

/**
 * The relevance of a message to the desk. `addressed`: it was said to it, or is meant for it. `overheard`: it was said to
 * nobody, and is a command or an answer all the same. `talk`: people talk to each other.
 */
export type Relevance = 'addressed' | 'overheard' | 'talk'

/** A message of more words than this is talk, not an attempt at a command. */
const attemptWords = 4

/** Was the message said to the desk, and not just in its hearing? */
export function isAddressed(inbound: Inbound): boolean {
  return inbound.kind !== 'message' || inbound.addressed
}

/** Finds out whether a message is for the desk. People who talk to each other in a thread are left alone, and nothing of it is kept. */
export async function relevanceOf(
  ears: Ears,
  message: LocatedMessage,
  utterance: Utterance | undefined,
): Promise<Relevance> {
  if (utterance === undefined || isAddressed(message.inbound)) return 'addressed'
  if (await concernsDesk(ears, message, utterance)) return 'overheard'
  return (await isMeant(ears, message, utterance)) ? 'addressed' : 'talk'
}

/** Is a message that was said to nobody a command, or the answer to a question? */
async function concernsDesk(ears: Ears, message: LocatedMessage, utterance: Utterance): Promise<boolean> {
  const { pending } = message.questions
  const { text } = utterance
  if (isCommand(message.inbound, utterance)) return usesOwn(ears, message, utterance)
  const waiting = pending.filter((one) => !isExpired(ears, one))
  if (waiting.some((one) => choiceIn(one, text) !== undefined)) return true
  const words = text.trim().split(/\s+/).length
  const asked = pending.filter((one) => !one.isBackground)
  if (asked.length === 0) return false
  // Somebody who is asked something may well mean the answer; the talk of the others meanwhile is none of the desk's business.
  const memberId = (await message.knownSpeaker())?.memberId
  const own = asked.find((one) => one.memberId === memberId)
  if (!own) return false
  const isAnswer = answerTo(own.question, text) !== undefined
  if (isExpired(ears, own)) return own.question.kind === 'choice' && isAnswer
  return words <= attemptWords || isAnswer
}

/** `use caution` names no account of its writer's, and is talk; every other command is one as it stands. */
async function usesOwn({ parts: { db } }: Ears, message: LocatedMessage, { decided }: Utterance): Promise<boolean> {
  const understood = decided?.understood
  if (understood?.registered.name !== 'use') return true
  const speaker = await message.knownSpeaker()
  const accounts = speaker ? await accountsOf(db, speaker.memberId) : []
  return accounts.some((account) => isNamed(account, understood.given.rest ?? ''))
}

/** So sure a model has to be of what was said to nobody. */
const sureOfUnaddressed = 0.95

/**
 * Is a message that was said to nobody one for the desk after all? It is where its writer has spoken with the desk in this
 * thread, and a model is sure that it is a command. Only then is the database asked; talk leaves no trace.
 */
async function isMeant({ parts: { db } }: Ears, message: LocatedMessage, utterance: Utterance): Promise<boolean> {
  const { inbound } = message
  const { text, decided } = utterance
  if (inbound.kind !== 'message' || inbound.channel !== undefined || decided) return false
  if (/<@/.test(text) || talkIn(text) || asksAnother(text)) return false
  const { verdict, confidence, understood } = await utterance.further()
  if (verdict === 'nothing' || confidence < sureOfUnaddressed) return false
  // `cut 10 percent of staff`, `grab 2`: people who talk to others are not told that it is no symbol, and not asked.
  if (understood!.doubts.some((doubt) => doubt === 'guess' || doubt === 'thin')) return false
  // A command that only shows does so at once or not at all: nobody wants to be asked whether they talked to the desk.
  if (verdict !== 'acts' && !changesMoney(understood!.registered)) return false
  const speaker = await message.knownSpeaker()
  return speaker !== undefined && (await hasSpoken(db, speaker))
}

/**
 * Is a message that was said to nobody a command? A writer who speaks to another person, asks a question, or says a word
 * that has no meaning here, is left alone; in a thread, one such word beside something that is named may be a slip.
 */
function isCommand(inbound: Inbound, { text, decided, partly }: Utterance): boolean {
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
