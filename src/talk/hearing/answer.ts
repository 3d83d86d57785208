import { Refusal } from '../../base/refusal.ts'
import type { Inbound } from '../chat/inbound.ts'
import { placeKey } from '../chat/place.ts'
import type { Command, Hearing } from '../commands/command.ts'
import { asksFirst, type Classified } from '../language/classify.ts'
import { changesMoney } from '../language/effect.ts'
import { noSymbols } from '../language/english.ts'
import { talkIn } from '../language/talk.ts'
import { type Understood, unwanted } from '../language/understand.ts'
import { answerTo, takesBack } from '../questions/answer.ts'
import type { Asked, PendingQuestion } from '../questions/questions.ts'
import { askAgain, run } from './act.ts'
import { actOn, answeredBefore } from './answered.ts'
import { choiceIn, type Ears, isExpired, take } from './ears.ts'
import { understandFurther } from './further.ts'
import {
  answeredAlready,
  closedQuestion,
  type Heard,
  notYours,
  refused,
  silence,
  unknownQuestion,
  whichQuestion,
} from './heard.ts'
import { carryOut, notWhole } from './meant.ts'

/** What comes of a press: the flow goes on, or the presser is told why not. */
export async function pressed(
  ears: Ears,
  hearing: Hearing,
  inbound: Inbound,
  { pending, answered, isUnknown }: Asked,
): Promise<Heard> {
  if (inbound.kind !== 'press') return silence
  if (isUnknown) return refused(unknownQuestion, { private: true })
  const asked = pending.find((one) => one.question.id === inbound.questionId)
  if (!asked) {
    const before = answered.find((one) => one.question.id === inbound.questionId && offers(one, inbound.answer))
    const { answer, more } = inbound
    return before ? answeredBefore(ears, hearing, before, { answer, more }) : refused(closedQuestion, { private: true })
  }
  if (asked.memberId !== hearing.speaker.memberId) return refused(notYours(asked), { private: true })
  if (isExpired(ears, asked)) return expired(ears, hearing, asked, true)
  return offers(asked, inbound.answer)
    ? goOn(ears, hearing, asked, inbound.answer, inbound.more)
    : refused(closedQuestion, { private: true })
}

/** Is this one of the choices of a question, if it has any? */
function offers({ question: { kind, choices } }: PendingQuestion, answer: string): boolean {
  return kind !== 'choice' || choices.some(({ value }) => value === answer)
}

/** A text that was typed, and what the grammar makes of it. */
export interface Typed {
  text: string
  isAddressed: boolean
  decided?: Classified<Command>
  partly?: Understood<Command>
}

/** What comes of a typed text: an answer to a pending question, a command, what a model takes it for, or a suggestion. */
export async function typed(
  ears: Ears,
  hearing: Hearing,
  { text, isAddressed, decided, partly }: Typed,
  { pending, answered }: Asked,
): Promise<Heard> {
  const own = pending.find((one) => !one.isBackground && one.memberId === hearing.speaker.memberId)
  const waits = own && !isExpired(ears, own) ? own : undefined
  if (waits && takesBack(waits.question, text)) {
    await take(ears, hearing, waits)
    return { replies: [{ text: takenBackText(waits, decided) }], outcome: 'done', command: waits.command }
  }
  const answer = waits && answerTo(waits.question, text)
  // Half a command is no number, and what is wrong with it is of more use than that.
  const isCommand = decided ?? (partly && ears.registry.match(text))
  if (waits && answer !== undefined && (waits.question.kind === 'choice' || !isCommand))
    return goOn(ears, hearing, waits, answer)
  if (decided) {
    const heard = await carryOut(ears, hearing, decided)
    // Who said the whole of it at once has answered the question of the same command.
    if (waits && heard.outcome === 'done' && heard.command === waits.command) await take(ears, hearing, waits)
    return heard
  }
  // The question waits on: another one, whether the half was meant, would only take its place.
  if (waits && waits.question.kind !== 'choice' && partly && partly.leftover.length > 0) return notWhole(partly)
  if (waits && !partly) return askAgain(ears, hearing, waits, `⚠️ That is not one of the choices.`)
  const inBackground = await answeredInBackground(ears, hearing, text, pending)
  if (inBackground) return inBackground
  if (own && !waits && answerTo(own.question, text) !== undefined) return expired(ears, hearing, own, false)
  const others = pending.find(
    (one) => one.memberId !== hearing.speaker.memberId && !isExpired(ears, one) && choiceIn(one, text) !== undefined,
  )
  if (others) return refused(notYours(others), { private: true })
  const before = answered.find((one) => one.memberId === hearing.speaker.memberId && !isExpired(ears, one))
  const again = before && !partly && isAddressed ? choiceIn(before, text) : undefined
  if (before && again !== undefined) return answeredBefore(ears, hearing, before, { answer: again })
  return furtherOr(ears, hearing, { text, isAddressed, partly })
}

/** What was taken back; `cancel` and `stop` are commands, too, and may have been meant as such. */
function takenBackText({ command }: PendingQuestion, decided?: Classified<Command>): string {
  const name = decided?.understood?.registered.name
  const instead = name ? `\n💡 Say \`${name}\` again for the command: this was the answer to a question` : ''
  return `OK, never mind: \`${command}\` asks no more. Nothing was done.${instead}`
}

/** A typed number answers the one question that a job has put to the member, when there is one; between several it cannot choose. */
async function answeredInBackground(
  ears: Ears,
  hearing: Hearing,
  text: string,
  pending: PendingQuestion[],
): Promise<Heard | undefined> {
  const { memberId } = hearing.speaker
  const meant = pending.filter((one) => one.isBackground && one.memberId === memberId && choiceIn(one, text))
  const open = meant.filter((one) => !isExpired(ears, one))
  const [only, another] = open
  if (only && another) return refused(whichQuestion(open.length, only.command), { private: true })
  if (only) return goOn(ears, hearing, only, choiceIn(only, text)!)
  const last = meant.at(-1)
  return last && expired(ears, hearing, last, true)
}

/** Goes on with a flow after an answer, unless somebody was faster. */
async function goOn(
  ears: Ears,
  hearing: Hearing,
  asked: PendingQuestion,
  answer: string,
  more?: string[],
): Promise<Heard> {
  if (await take(ears, hearing, asked, { answer, more })) return actOn(ears, hearing, asked, { answer, more })
  const { answered } = await ears.questions.inConversation(placeKey(hearing.place))
  const before = answered.find(({ question }) => question.id === asked.question.id)
  return refused(before ? answeredAlready(before) : closedQuestion, { private: true })
}

async function expired(ears: Ears, hearing: Hearing, asked: PendingQuestion, isPress: boolean): Promise<Heard> {
  await take(ears, hearing, asked)
  const [minutes, again] = asked.isBackground
    ? ['two', '`why` shows what was proposed']
    : ['five', `Type \`${asked.command}\` to be asked again`]
  const sentence = `That question was open for ${minutes} minutes and has expired. Nothing was done.`
  return refused(new Refusal('QUESTION_EXPIRED', sentence, again), { private: isPress, command: asked.command })
}

/** What a model makes of a text that was said to the desk; else what was not understood of a command; else where to find help. */
async function furtherOr(ears: Ears, hearing: Hearing, { text, isAddressed, partly }: Typed): Promise<Heard> {
  const isOwnRefusal =
    partly?.leftover.length === 0 && partly.doubts.some((doubt) => doubt === 'text' || doubt === 'guess')
  if (isAddressed && partly && isOwnRefusal) return asWhole(ears, hearing, partly)
  // What only shows, and reads its words itself, need not be understood whole.
  if (isAddressed && partly && readsOn(ears, text, partly)) return run(ears, hearing, partly.registered, partly.given)
  const otherwise = () => notUnderstood(ears, text, isAddressed)
  const further = isAddressed ? await understandFurther(ears, hearing, text, partly, otherwise) : undefined
  if (further) return further
  if (isAddressed && partly && partly.leftover.length === 0) return asWhole(ears, hearing, partly)
  if (partly && partly.leftover.length > 0) return notWhole(partly)
  return otherwise()
}

/** Does a text begin with a command that only shows, with few words behind it that the grammar made nothing of? */
function readsOn({ registry }: Ears, text: string, { registered, given, leftover }: Understood<Command>): boolean {
  const begins = registry.match(text)?.registered === registered
  // A word that may be a symbol is never answered with the figures of the thread's.
  const isNamed = (given.symbol ?? given.symbols) !== undefined
  if (!isNamed && !leftover.every((word) => noSymbols.has(word) || /^\d/.test(word))) return false
  return begins && !changesMoney(registered) && leftover.length <= 2 && talkIn(text) === undefined
}

/** A command of which every word is understood, and which says little: to the desk it is one. It may refuse, show or ask; whatever does more is asked about. */
function asWhole(ears: Ears, hearing: Hearing, understood: Understood<Command>): Promise<Heard> {
  const { registered, given, doubts } = understood
  const isHarmless =
    !changesMoney(registered) || doubts.includes('guess') || doubts.includes('text') || asksFirst(registered, given)
  const verdict = unwanted(understood).length > 0 ? 'refuses' : isHarmless ? 'acts' : 'confirms'
  return carryOut(ears, hearing, { layer: 'command', understood, confidence: 0.5, verdict })
}

function notUnderstood(ears: Ears, text: string, isAddressed: boolean): Heard {
  const near = ears.registry.nearest(text)
  if (!isAddressed) return silence
  const instead = near ? `Did you mean \`${near}\`?` : 'Type `help` for what I understand'
  return { replies: [{ text: `🤷 I did not understand that. ${instead}` }], outcome: 'not_understood', reason: near }
}
