import { hasOrdered, noteOutcome, takeOver } from '../../trading/accounts/rows/audit.ts'
import { placeKey } from '../chat/place.ts'
import type { Hearing } from '../commands/command.ts'
import type { AnsweredQuestion, PendingQuestion } from '../questions/questions.ts'
import { answersIn } from '../questions/typed-answer.ts'
import { asAsked } from './ask.ts'
import { meantQuestion } from './confirmation.ts'
import type { Answer } from './decision.ts'
import { type Ears, isExpired, stateOf, take } from './ears.ts'
import { type HearingOutcome, refused } from './outcome.ts'
import { answeredAlready, closedQuestion, expiredQuestion, notYours } from './refusals.ts'
import { run } from './run.ts'

/** Goes on with a flow after an answer, unless somebody was faster. */
export async function answerQuestion(
  ears: Ears,
  hearing: Hearing,
  asked: PendingQuestion,
  answer: Answer,
): Promise<HearingOutcome> {
  if (await take(ears, hearing, asked, answer)) return actOn(ears, hearing, asked, answer)
  const { answered } = await ears.questions.inConversation(placeKey(hearing.place))
  const before = answered.find(({ question }) => question.id === asked.question.id)
  return refused(before ? answeredAlready(before) : closedQuestion, { private: true })
}

/** Goes on with a flow after an answer to a question that was taken away for it. */
async function actOn(
  ears: Ears,
  now: Hearing,
  asked: PendingQuestion,
  { answer, more }: Answer,
): Promise<HearingOutcome> {
  const registered = ears.registry.byName(asked.command)
  if (!registered) return refused(closedQuestion, { private: true })
  const hearing = await asAsked(now, asked)
  if (asked.question.name === meantQuestion) {
    if (answer === 'yes') return run(ears, hearing, registered, asked.given)
    return { replies: [{ text: 'OK. Nothing was done.' }], outcome: 'done', command: asked.command }
  }
  const state = stateOf(ears, asked)
  if (state === 'unreadable') return refused(expiredQuestion(asked), { private: true, command: asked.command })
  return run(ears, hearing, registered, { ...asked.given, ...answersIn(asked.question, answer, more) }, asked, state)
}

/**
 * The very message that answered a question comes again, after the process died over it. An order of it is there, and
 * the outbox posts its end; else the answer is acted on now.
 */
export async function repeatAnswer(ears: Ears, hearing: Hearing, before: AnsweredQuestion): Promise<HearingOutcome> {
  return (
    (await acted(ears, hearing, before, before.answered)) ?? { replies: [], outcome: 'done', command: before.command }
  )
}

/**
 * Another message answers a question that was answered before, such as a second press. It counts when the process died
 * over the first and nothing was ordered: then it is acted on as if it were that one. Else nothing more is done.
 */
export async function answerAgain(
  ears: Ears,
  hearing: Hearing,
  before: AnsweredQuestion,
  answer: Answer,
): Promise<HearingOutcome> {
  if (before.memberId !== hearing.speaker.memberId) return refused(notYours(before), { private: true })
  const already = refused(answeredAlready(before), { private: true, command: before.command })
  const { db, clock } = hearing.parts
  const { inboundId } = before.answered
  if (isExpired(ears, before) || !(await takeOver(db, inboundId, clock.now()))) return already
  const outcome = await acted(ears, { ...hearing, inboundId }, before, answer)
  await noteOutcome(db, inboundId, outcome ?? { outcome: 'done', command: before.command }, clock.now())
  return outcome ?? already
}

/** Acts on an answer; undefined when it was acted on before. */
async function acted(
  ears: Ears,
  hearing: Hearing,
  before: AnsweredQuestion,
  answer: Answer,
): Promise<HearingOutcome | undefined> {
  const { parts, speaker, inboundId } = hearing
  if (await hasOrdered(parts.db, before.accountId ?? speaker.accountId, inboundId)) return undefined
  const outcome = await actOn(ears, hearing, before, answer)
  // The command that decides on a proposal keeps by itself that it was decided on.
  return outcome.code === closedQuestion.code ? undefined : outcome
}
