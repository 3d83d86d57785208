import type { Inbound, Press } from '../chat/inbound.ts'
import { topicOf } from '../language/topic.ts'
import type { AnsweredQuestion, PendingQuestion } from '../questions/questions.ts'
import { answerTo, isBareAnswer, isNo, numberedAnswer } from '../questions/typed-answer.ts'
import { decideFurther } from './decide-further.ts'
import { commandLines } from './decide-lines.ts'
import { decideOpen, showAgain } from './decide-open.ts'
import type { Decision } from './decision.ts'
import { choiceIn, type Ears, isExpired, isOvertaken } from './ears.ts'
import { asOverheard } from './everyday.ts'
import type { LocatedMessage } from './locate.ts'
import { type HearingOutcome, refused } from './outcome.ts'
import {
  closedQuestion,
  expiredQuestion,
  notForHooks,
  notYours,
  noWholeCommand,
  olderQuestion,
  onlyQuoted,
  overQuestion,
  severalCommands,
  tooLate,
  unknownQuestion,
  whichQuestion,
} from './refusals.ts'
import { decideShortcut } from './shortcut.ts'
import { saysStop } from './stopping.ts'
import type { Utterance } from './utterance.ts'

/** Messages older than this, in milliseconds, are not acted on, because their writer may have repeated them. */
const lateMs = 60_000

/** Decides about a message of a member. It reads no data and changes nothing. */
export function decide(
  ears: Ears,
  memberId: number,
  message: LocatedMessage,
  utterance: Utterance | undefined,
  isAddressed: boolean,
): Decision {
  const { inbound, answeredQuestion } = message
  if (answeredQuestion) return { kind: 'repeat', before: answeredQuestion }
  if (inbound.kind === 'press') return decidePress(ears, memberId, message, inbound)
  if (isLate(ears, inbound)) return { kind: 'say', outcome: refused(tooLate) }
  if (utterance!.isOnlyQuoted) return { kind: 'say', outcome: refused(onlyQuoted) }
  if (inbound.isStrict) return decideStrictly(ears, utterance!)
  return decideShortcut(ears, inbound) ?? decideText(ears, memberId, message, utterance!, isAddressed)
}

function isLate({ parts: { clock } }: Ears, inbound: Inbound): boolean {
  const writtenAt = inbound.kind === 'message' ? inbound.writtenAt : undefined
  return writtenAt !== undefined && clock.now().getTime() - writtenAt.getTime() > lateMs
}

/** Decides about a press: it continues the flow, or tells the member why it cannot. */
function decidePress(ears: Ears, memberId: number, { questions }: LocatedMessage, press: Press): Decision {
  const { questionId, answer, more } = press
  if (questions.isUnknown) return sayPrivately(unknownQuestion)
  const asked = questions.pending.find(({ question }) => question.id === questionId)
  if (!asked) {
    const before = questions.answered.find((one) => one.question.id === questionId && offers(one, answer))
    return before ? { kind: 'answer again', before, answer: { answer, more } } : sayPrivately(closedQuestion)
  }
  if (asked.memberId !== memberId) return sayPrivately(notYours(asked))
  if (isExpired(ears, asked)) return expire(asked, true)
  return offers(asked, answer) ? { kind: 'answer', asked, answer: { answer, more } } : sayPrivately(closedQuestion)
}

/** Decides about a message that a program sent: the grammar alone reads it, as a whole. */
function decideStrictly(ears: Ears, { text, decided }: Utterance): Decision {
  const { lines } = commandLines(ears, text)
  if (lines.length > 1) return { kind: 'say', outcome: refused(severalCommands(lines.length)) }
  if (decided?.verdict !== 'acts') return { kind: 'say', outcome: refused(noWholeCommand(text)) }
  const meant = (decided.either?.meanings ?? [decided.understood!]).map(({ registered }) => registered)
  const other = meant.find(({ command: { effect, needs } }) => effect !== 'trades' || needs === 'owner')
  if (other) return { kind: 'say', outcome: refused(notForHooks(other.name), { command: other.name }) }
  return { kind: 'carry out', classified: decided }
}

/** Does the question accept this value? */
function offers({ question: { kind, choices } }: PendingQuestion, answer: string): boolean {
  return kind !== 'choice' || choices.some(({ value }) => value === answer)
}

/** Decides about a text: an answer to a pending question, a command, or a text for the models. */
function decideText(
  ears: Ears,
  memberId: number,
  message: LocatedMessage,
  utterance: Utterance,
  isAddressed: boolean,
): Decision {
  const { text } = utterance
  const { pending } = message.questions
  const several = commandLines(ears, text).lines
  if (several.length > 1) return { kind: 'say', outcome: refused(severalCommands(several.length)) }
  const mine = pending.filter((one) => one.memberId === memberId)
  const own = mine.find((one) => !one.isBackground)
  const open = own && !isExpired(ears, own) ? own : undefined
  const topic = isAddressed ? topicOfQuestion(ears, utterance) : undefined
  const help = ears.registry.byName('help')
  if (topic !== undefined && help) return { kind: 'run', registered: help, given: { rest: topic }, open }
  const background = mine.filter((one) => one.isBackground && !one.isOver && !isExpired(ears, one))
  const aboutOpen = open && decideOpen(ears, open, background, utterance, isAddressed)
  if (aboutOpen) return aboutOpen
  if (saysStop(text) && !open)
    return {
      kind: 'offer to stop',
      otherwise: () => decideCommand(ears, memberId, message, utterance, isAddressed, own),
    }
  return decideCommand(ears, memberId, message, utterance, isAddressed, own)
}

/** The command that a question such as `how do I set a stop?` is about, unless its words are a command that shows something. */
function topicOfQuestion({ registry }: Ears, { text, decided }: Utterance): string | undefined {
  const registered = decided?.verdict === 'acts' ? decided.understood?.registered : undefined
  const shows = registered?.command.effect === 'reads' && registered.name !== 'help'
  return shows ? undefined : topicOf(registry, text)
}

/** Decides about a text that is no matter of an open question of its writer. */
function decideCommand(
  ears: Ears,
  memberId: number,
  { questions: { pending, answered } }: LocatedMessage,
  utterance: Utterance,
  isAddressed: boolean,
  own: PendingQuestion | undefined,
): Decision {
  const { text, decided, partly } = utterance
  const open = own && !isExpired(ears, own) ? own : undefined
  if (decided) return { kind: 'carry out', classified: isAddressed ? decided : asOverheard(text, decided), open }
  const inBackground = decideInBackground(ears, memberId, text, isAddressed, pending, answered)
  if (inBackground) return inBackground
  if (own && !open && answerTo(own.question, text) !== undefined) return expire(own, false)
  const others = pending.find(
    (one) => one.memberId !== memberId && !isExpired(ears, one) && choiceIn(one, text) !== undefined,
  )
  if (others) return sayPrivately(notYours(others))
  const before = answered.find((one) => one.memberId === memberId && !isExpired(ears, one))
  const again = before && !partly && isAddressed ? choiceIn(before, text) : undefined
  if (before && again !== undefined) return { kind: 'answer again', before, answer: { answer: again } }
  if (!open && isAddressed && isBareAnswer(text)) return { kind: 'say', outcome: nothingAsked }
  return decideFurther(ears, utterance, isAddressed, open)
}

/**
 * Decides about a typed number, or a no, as the answer to the member's background question. It answers only one that was shown
 * lately; with several open questions it answers none.
 */
function decideInBackground(
  ears: Ears,
  memberId: number,
  text: string,
  isAddressed: boolean,
  pending: PendingQuestion[],
  answered: AnsweredQuestion[],
): Decision | undefined {
  const mine = pending.filter((one) => one.isBackground && one.memberId === memberId)
  const meant = mine.filter((one) => backgroundAnswer(one, text, isAddressed) !== undefined)
  const open = meant.filter((one) => !one.isOver && !isExpired(ears, one))
  const [only, another] = open
  if (only && another) return sayPrivately(whichQuestion(open.length, only.command))
  // A number that was typed twice would answer an older question with its second half.
  const last = answered.find((one) => one.memberId === memberId && !isExpired(ears, one))
  const isOlder = (one: PendingQuestion) => (last?.askedAt ?? 0) > (one.askedAt ?? 0)
  if (only && last && isOlder(only) && numberedAnswer(last.question, text) !== undefined)
    return sayPrivately(olderQuestion(only))
  if (only && isOvertaken(only)) return showAgain(only)
  if (only) return { kind: 'answer', asked: only, answer: { answer: backgroundAnswer(only, text, isAddressed)! } }
  const late = meant.findLast((one) => !isOvertaken(one) && !isOlder(one))
  if (!late) return undefined
  return late.isOver ? sayPrivately(overQuestion(late)) : expire(late, true)
}

/** The choice that a number selects. A no that is said to the desk selects the last one, which leaves everything as it is. */
function backgroundAnswer(asked: PendingQuestion, text: string, isAddressed: boolean): string | undefined {
  const { kind, choices } = asked.question
  if (kind === 'choice' && isAddressed && isNo(text)) return choices.at(-1)?.value
  return choiceIn(asked, text)
}

/** The outcome of an answer where nothing is asked. */
const nothingAsked: HearingOutcome = {
  replies: [{ text: '🤷 I did not understand that. No question is open here. Type `help` for what I understand' }],
  outcome: 'not_understood',
}

const sayPrivately = (refusal: Parameters<typeof refused>[0]): Decision => ({
  kind: 'say',
  outcome: refused(refusal, { private: true }),
})

const expire = (asked: PendingQuestion, isPrivate: boolean): Decision => ({
  kind: 'close question',
  asked,
  outcome: refused(expiredQuestion(asked), { private: isPrivate, command: asked.command }),
})
