import type { Inbound, Press } from '../chat/inbound.ts'
import type { Command } from '../commands/command.ts'
import type { Classification } from '../language/classify.ts'
import type { PendingQuestion } from '../questions/questions.ts'
import { answerTo, takesBack } from '../questions/typed-answer.ts'
import { decideFurther } from './decide-further.ts'
import type { Decision } from './decision.ts'
import { choiceIn, type Ears, isExpired } from './ears.ts'
import { asOverheard } from './everyday.ts'
import type { LocatedMessage } from './locate.ts'
import { refused } from './outcome.ts'
import {
  closedQuestion,
  expiredQuestion,
  notWhole,
  notYours,
  onlyQuoted,
  tooLate,
  unknownQuestion,
  whichQuestion,
} from './refusals.ts'
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
  return decideText(ears, memberId, message, utterance!, isAddressed)
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

/** Does the question accept this value? */
function offers({ question: { kind, choices } }: PendingQuestion, answer: string): boolean {
  return kind !== 'choice' || choices.some(({ value }) => value === answer)
}

/** Decides about a text: an answer to a pending question, a command, or a text for the models. */
function decideText(
  ears: Ears,
  memberId: number,
  { questions: { pending, answered } }: LocatedMessage,
  utterance: Utterance,
  isAddressed: boolean,
): Decision {
  const { text, decided, partly } = utterance
  const own = pending.find((one) => !one.isBackground && one.memberId === memberId)
  const open = own && !isExpired(ears, own) ? own : undefined
  if (open && takesBack(open.question, text)) return takeBack(open, decided)
  const answer = open && answerTo(open.question, text)
  // A partial command is not treated as an answer: telling its fault helps more.
  const isCommand = decided ?? (partly && ears.registry.match(text))
  if (open && answer !== undefined && (open.question.kind === 'choice' || !isCommand))
    return { kind: 'answer', asked: open, answer: { answer } }
  if (decided) return { kind: 'carry out', classified: isAddressed ? decided : asOverheard(text, decided), open }
  // The open question stays. A question about the partial command would replace it.
  if (open && open.question.kind !== 'choice' && partly && partly.leftover.length > 0)
    return { kind: 'say', outcome: refused(notWhole(partly), { command: partly.registered.name }) }
  if (open && !partly) return { kind: 'ask again', asked: open, reason: `⚠️ That is not one of the choices.` }
  const inBackground = decideInBackground(ears, memberId, text, pending)
  if (inBackground) return inBackground
  if (own && !open && answerTo(own.question, text) !== undefined) return expire(own, false)
  const others = pending.find(
    (one) => one.memberId !== memberId && !isExpired(ears, one) && choiceIn(one, text) !== undefined,
  )
  if (others) return sayPrivately(notYours(others))
  const before = answered.find((one) => one.memberId === memberId && !isExpired(ears, one))
  const again = before && !partly && isAddressed ? choiceIn(before, text) : undefined
  if (before && again !== undefined) return { kind: 'answer again', before, answer: { answer: again } }
  return decideFurther(ears, utterance, isAddressed)
}

/** Decides about a typed number as the answer to the member's background question. Several open questions are refused. */
function decideInBackground(
  ears: Ears,
  memberId: number,
  text: string,
  pending: PendingQuestion[],
): Decision | undefined {
  const meant = pending.filter((one) => one.isBackground && one.memberId === memberId && choiceIn(one, text))
  const open = meant.filter((one) => !isExpired(ears, one))
  const [only, another] = open
  if (only && another) return sayPrivately(whichQuestion(open.length, only.command))
  if (only) return { kind: 'answer', asked: only, answer: { answer: choiceIn(only, text)! } }
  const last = meant.at(-1)
  return last && expire(last, true)
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

/** Closes a question at the member's wish. `cancel` and `stop` are also commands, so the reply mentions that. */
function takeBack(asked: PendingQuestion, decided?: Classification<Command>): Decision {
  const { command } = asked
  const name = decided?.understood?.registered.name
  const instead = name ? `\n💡 Say \`${name}\` again for the command: this was the answer to a question` : ''
  const text = `OK, never mind: \`${command}\` asks no more. Nothing was done.${instead}`
  return { kind: 'close question', asked, outcome: { replies: [{ text }], outcome: 'done', command } }
}
