import type { Db } from '../../infra/db/client.ts'
import { resultsOf } from '../../strategies/runs/rows/results.ts'
import { runOf, runsOf } from '../../strategies/runs/rows/runs.ts'
import { templatesOf } from '../../strategies/runs/templates.ts'
import { accountsOf, isNamed } from '../../trading/accounts/rows/accounts.ts'
import { hasSpoken } from '../../trading/accounts/rows/audit.ts'
import { orderByNumber } from '../../trading/scaleouts/rows/tasks.ts'
import type { Inbound } from '../chat/inbound.ts'
import type { Command } from '../commands/command.ts'
import { resultWords } from '../commands/strategies/results.ts'
import { changesMoney } from '../language/effect.ts'
import { templateIn } from '../language/screen-words.ts'
import { asksAnother, talkIn } from '../language/talk.ts'
import { type Doubt, type UnderstoodCommand, unwanted } from '../language/understand.ts'
import { answerInWords } from '../questions/answer-in-words.ts'
import { isSmallTalk } from '../questions/small-talk.ts'
import { answerTo, isBareAnswer } from '../questions/typed-answer.ts'
import { commandLines } from './decide-lines.ts'
import { choiceIn, type Ears, isExpired, isOvertaken } from './ears.ts'
import { isEverydaySpeech } from './everyday.ts'
import type { LocatedMessage } from './locate.ts'
import { isSelling, saysStop } from './stopping.ts'
import type { Utterance } from './utterance.ts'

/**
 * The relevance of a message to the desk. `addressed`: it is addressed to the desk or meant for it. `overheard`: it is addressed
 * to nobody, but it is a command or an answer. `talk`: people talk to each other.
 */
export type Relevance = 'addressed' | 'overheard' | 'talk'

/** A message of at most this many words may be a failed attempt at an answer. */
const attemptWords = 4

/** Is the message addressed to the desk? */
export function isAddressed(inbound: Inbound): boolean {
  return inbound.kind !== 'message' || inbound.addressed
}

/** Decides whether a message is for the desk. Talk between people is ignored and not stored. */
export async function relevanceOf(
  ears: Ears,
  message: LocatedMessage,
  utterance: Utterance | undefined,
): Promise<Relevance> {
  if (utterance === undefined || isAddressed(message.inbound)) return 'addressed'
  if (utterance.text === '') return 'talk'
  if (await concernsDesk(ears, message, utterance)) return 'overheard'
  return (await isMeant(ears, message, utterance)) ? 'addressed' : 'talk'
}

/** Is an unaddressed message a command or the answer to a question? */
async function concernsDesk(ears: Ears, message: LocatedMessage, utterance: Utterance): Promise<boolean> {
  const { pending } = message.questions
  const { text } = utterance
  if (isCommand(message.inbound, utterance))
    return (await usesOwn(ears, message, utterance)) && mayBeMeant(message, utterance)
  const lines = commandLines(ears, text)
  if (lines.isAll && lines.lines.length > 1) return true
  if (saysStop(text) && (await sellsHere(ears, message))) return true
  const waiting = pending.filter((one) => !isExpired(ears, one))
  if (waiting.some((one) => choiceIn(one, text) !== undefined)) return true
  const words = text.trim().split(/\s+/).length
  const asked = pending.filter((one) => !one.isBackground)
  if (asked.length === 0) return false
  // Only the member with the open question is heard here. The talk of others is ignored.
  const memberId = (await message.knownSpeaker())?.memberId
  const own = asked.find((one) => one.memberId === memberId)
  if (!own) return false
  const isChoice = own.question.kind === 'choice'
  if (isExpired(ears, own)) return isChoice && answerTo(own.question, text) !== undefined
  if (isOvertaken(own)) return isChoice ? answerTo(own.question, text) !== undefined : /^[$@]?\s*[\d.]+\S*$/.test(text)
  if (own.isHinted && isSmallTalk(text)) return false
  return words <= attemptWords || answerInWords(own.question, text) !== undefined
}

async function sellsHere(ears: Ears, message: LocatedMessage): Promise<boolean> {
  const speaker = await message.knownSpeaker()
  return speaker !== undefined && isSelling(ears, speaker)
}

/**
 * Does `use` name an account of the writer, and `screen` a strategy or a template of theirs? Has the writer of `results` any, by that number
 * or of that symbol, and an order by the number of `order 3`? `use caution`, `screen time` and `results today` do not, so they are talk. Every other command passes.
 */
async function usesOwn({ parts: { db } }: Ears, message: LocatedMessage, { decided }: Utterance): Promise<boolean> {
  const understood = decided?.understood
  const template = understood?.registered.name === 'screen' ? templateIn(understood.given.rest ?? '') : undefined
  if (template !== undefined) {
    const speaker = await message.knownSpeaker()
    const templates = speaker ? await templatesOf(db, speaker.memberId) : []
    return templates.some(({ name }) => name === template)
  }
  if (understood?.registered.name === 'results') {
    const speaker = await message.knownSpeaker()
    return speaker !== undefined && namesResults(db, speaker.memberId, understood.given.rest)
  }
  // `order 66`
  if (understood?.registered.name === 'orders' && understood.given.quantity !== undefined) {
    const speaker = await message.knownSpeaker()
    const number = Number(understood.given.quantity)
    return speaker !== undefined && (await orderByNumber(db, speaker.accountId, number)) !== undefined
  }
  if (understood?.registered.name !== 'use') return true
  const speaker = await message.knownSpeaker()
  const accounts = speaker ? await accountsOf(db, speaker.memberId) : []
  return accounts.some((account) => isNamed(account, understood.given.rest ?? ''))
}

/** Do the words behind `results` name a run of the member, its pages, or a symbol in the results of their last one? */
async function namesResults(db: Db, memberId: number, words: string | undefined): Promise<boolean> {
  const [last] = await runsOf(db, memberId, { most: 1 })
  if (!last) return false
  const { number, wanted } = resultWords(words ?? '')
  if (wanted === undefined) return false
  if (number !== undefined) return (await runOf(db, memberId, number)) !== undefined
  return !('symbol' in wanted) || (await resultsOf(db, last.id, { symbol: wanted.symbol, most: 1 })).length > 0
}

/** Words of everyday speech are talk, unless their writer trades here. */
async function mayBeMeant(message: LocatedMessage, { text, decided, partly }: Utterance): Promise<boolean> {
  const understood = decided?.understood ?? partly
  if (!understood || !isEverydaySpeech(text, understood)) return true
  const speaker = await message.knownSpeaker()
  return speaker !== undefined && speaker.accountId !== 0 && speaker.role !== 'viewer'
}

/** The least confidence of a model about an unaddressed message. */
const sureOfUnaddressed = 0.95

/**
 * Is an unaddressed message meant for the desk? A model must be sure that it is a command, and the writer must have spoken with
 * the desk in this thread. Postgres is asked last, and talk is not stored.
 */
async function isMeant({ parts: { db } }: Ears, message: LocatedMessage, utterance: Utterance): Promise<boolean> {
  const { inbound } = message
  const { text, decided } = utterance
  if (inbound.kind !== 'message' || inbound.channel !== undefined || decided) return false
  // A yes or a no that answers nothing is said to other people.
  if (/<@/.test(text) || isBareAnswer(text) || talkIn(text) || asksAnother(text)) return false
  const { verdict, confidence, understood } = await utterance.further()
  if (verdict === 'nothing' || confidence < sureOfUnaddressed) return false
  // `cut 10 percent of staff` and `grab 2` may be talk, so the desk neither refuses nor asks.
  if (understood!.doubts.some((doubt) => doubt === 'guess' || doubt === 'thin')) return false
  // A read-only command that needs a confirmation is ignored: the question would only disturb people.
  if (verdict !== 'acts' && !changesMoney(understood!.registered)) return false
  const speaker = await message.knownSpeaker()
  return speaker !== undefined && (await hasSpoken(db, speaker))
}

/**
 * Is an unaddressed message a command? A message to another person, a question, or a word without a meaning makes it talk. In
 * a thread one unknown word is allowed beside a symbol, because it may be a typing error.
 */
function isCommand(inbound: Inbound, { text, decided, partly }: Utterance): boolean {
  const isInChannel = inbound.kind === 'message' && inbound.channel !== undefined
  if (/^\s*<@/.test(text) || (/<@[^>]*>[\s.!?]*$/.test(text) && !takesMember(decided?.understood ?? partly)))
    return false
  if (decided) {
    const { doubts, registered } = decided.understood!
    if (registered.command.greets) return false
    // `is the market open on monday` asks for more than the desk would show.
    const isMore = unwanted(decided.understood!).some((slot) => slot !== 'symbols')
    if (decided.verdict === 'refuses' && !changesMoney(registered) && isMore) return false
    const isVague = (doubt: Doubt) => doubt === 'homograph' || doubt === 'named'
    return !doubts.some((doubt) => doubt === 'asked' || doubt === 'guess' || (isVague(doubt) && isInChannel))
  }
  if (!partly || isInChannel || talkIn(text)) return false
  const isNamed = partly.given.symbol !== undefined || partly.given.symbols !== undefined
  const isVague = partly.doubts.some((doubt) => doubt === 'guess' || doubt === 'named')
  return partly.leftover.length === 1 && isNamed && !isVague
}

/** Does the command take a member, as in `role viewer <@anna>`? Other text with a mention at its end is said to that person. */
function takesMember(understood: UnderstoodCommand<Command> | undefined): boolean {
  return understood?.registered.command.options.some(({ type }) => type === 'member') ?? false
}
