import { hasOrdered, noteOutcome, takeOver } from '../../trading/accounts/rows/audit.ts'
import { placeKey } from '../chat/place.ts'
import type { Hearing } from '../commands/command.ts'
import { slotsInAnswer } from '../questions/answer-in-words.ts'
import type { AnsweredQuestion, PendingQuestion } from '../questions/questions.ts'
import { answersIn } from '../questions/typed-answer.ts'
import { asAsked } from './ask.ts'
import { meantQuestion } from './confirmation.ts'
import type { Answer } from './decision.ts'
import { classifierOf, type Ears, isExpired, stateOf, take } from './ears.ts'
import { type HearingOutcome, refused } from './outcome.ts'
import { answeredAlready, closedQuestion, expiredQuestion, notYours } from './refusals.ts'
import { run } from './run.ts'
import { meaningChosen, meaningQuestion } from './which-meaning.ts'

/** Continues a flow after an answer, unless another answer was faster. */
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

/** Continues a flow after an answer. The question is already taken. */
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
  if (asked.question.name === meaningQuestion) {
    const chosen = meaningChosen(ears, asked, answer)
    if (chosen) return run(ears, hearing, chosen.registered, chosen.given)
    return { replies: [{ text: 'OK. Nothing was done.' }], outcome: 'done', command: asked.command }
  }
  if (state === 'unreadable') return refused(expiredQuestion(asked), { private: true, command: asked.command })
  const said = more ? undefined : slotsInAnswer(asked.question, answer, classifierOf(ears).knowsSymbol)
  const answers = said ?? answersIn(asked.question, answer, more)
  return run(ears, hearing, registered, { ...asked.given, ...answers }, asked, state)
}

/**
 * Handles the same answering message again, after the process died during the first attempt. If it made an order, the outbox
 * posts the result; otherwise the answer is acted on now.
 */
export async function repeatAnswer(ears: Ears, hearing: Hearing, before: AnsweredQuestion): Promise<HearingOutcome> {
  return (
    (await acted(ears, hearing, before, before.answered)) ?? { replies: [], outcome: 'done', command: before.command }
  )
}

/**
 * Handles another answer to an answered question, such as a second press. It replaces the first answer only if the process died
 * during that one and nothing was ordered. Otherwise nothing more is done.
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

/** Acts on an answer; undefined when an earlier attempt acted on it. */
async function acted(
  ears: Ears,
  hearing: Hearing,
  before: AnsweredQuestion,
  answer: Answer,
): Promise<HearingOutcome | undefined> {
  const { parts, speaker, inboundId } = hearing
  if (await hasOrdered(parts.db, before.accountId ?? speaker.accountId, inboundId)) return undefined
  const outcome = await actOn(ears, hearing, before, answer)
  // The command that answers a guardian proposal records by itself that it was answered.
  return outcome.code === closedQuestion.code ? undefined : outcome
}
