import { hasOrdered, noteOutcome, takeOver } from '../../trading/accounts/rows/audit.ts'
import type { Hearing } from '../commands/command.ts'
import { answersIn } from '../questions/answer.ts'
import type { AnsweredQuestion, GivenAnswer, PendingQuestion } from '../questions/questions.ts'
import { asAsked, run } from './act.ts'
import { type Ears, isExpired } from './ears.ts'
import { answeredAlready, closedQuestion, type Heard, notYours, refused } from './heard.ts'
import { meantQuestion } from './meant.ts'

type Answer = Omit<GivenAnswer, 'inboundId'>

/** Goes on with a flow after an answer to a question that was taken away for it. */
export async function actOn(
  ears: Ears,
  heardNow: Hearing,
  asked: PendingQuestion,
  { answer, more }: Answer,
): Promise<Heard> {
  const registered = ears.registry.byName(asked.command)
  if (!registered) return refused(closedQuestion, { private: true })
  const hearing = await asAsked(heardNow, asked)
  if (asked.question.name === meantQuestion) {
    if (answer === 'yes') return run(ears, hearing, registered, asked.given)
    return { replies: [{ text: 'OK. Nothing was done.' }], outcome: 'done', command: asked.command }
  }
  return run(ears, hearing, registered, { ...asked.given, ...answersIn(asked.question, answer, more) }, asked)
}

/**
 * The very message that answered a question comes again, after the process died over it. What it has ordered is there, and
 * the outbox posts what came of it; else the answer is acted on now.
 */
export async function answerAgain(ears: Ears, hearing: Hearing, before: AnsweredQuestion): Promise<Heard> {
  return (
    (await acted(ears, hearing, before, before.answered)) ?? { replies: [], outcome: 'done', command: before.command }
  )
}

/**
 * Another message answers a question that was answered before, such as a second press. It counts when the process died
 * over the first and nothing was ordered: then it is acted on as if it were that one. Else nothing more is done.
 */
export async function answeredBefore(
  ears: Ears,
  hearing: Hearing,
  before: AnsweredQuestion,
  answer: Answer,
): Promise<Heard> {
  if (before.memberId !== hearing.speaker.memberId) return refused(notYours(before), { private: true })
  const already = refused(answeredAlready(before), { private: true, command: before.command })
  const { db, clock } = hearing.parts
  const { inboundId } = before.answered
  if (isExpired(ears, before) || !(await takeOver(db, inboundId, clock.now()))) return already
  const heard = await acted(ears, { ...hearing, inboundId }, before, answer)
  await noteOutcome(db, inboundId, heard ?? { outcome: 'done', command: before.command }, clock.now())
  return heard ?? already
}

/** What comes of an answer; undefined when it was acted on before. */
async function acted(
  ears: Ears,
  hearing: Hearing,
  before: AnsweredQuestion,
  answer: Answer,
): Promise<Heard | undefined> {
  const { parts, speaker, inboundId } = hearing
  if (await hasOrdered(parts.db, before.accountId ?? speaker.accountId, inboundId)) return undefined
  const heard = await actOn(ears, hearing, before, answer)
  // Whoever decides on a proposal keeps by himself that it was decided on.
  return heard.code === closedQuestion.code ? undefined : heard
}
