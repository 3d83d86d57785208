import { saidSince } from '../../trading/accounts/rows/audit.ts'
import type { Speaker } from '../../trading/accounts/rows/members.ts'
import { settledEvents } from '../../watch/guardian/decisions.ts'
import type { ConversationQuestions, PendingQuestion } from '../questions/questions.ts'
import { isNo } from '../questions/typed-answer.ts'
import { choiceIn, type Ears, mostOthers } from './ears.ts'
import type { LocatedMessage } from './locate.ts'
import type { Utterance } from './utterance.ts'

/**
 * Adds to the questions that a text may answer what has come between: how much their member has said since a question of the
 * background was shown, and whether its matter is over. Answered questions after which another one was asked are left out: a
 * late answer is not for them. Texts that answer nothing cost no look at Postgres.
 */
export async function withPresent(
  { parts: { db } }: Ears,
  message: LocatedMessage,
  { memberId, conversationId }: Speaker,
  utterance: Utterance | undefined,
): Promise<LocatedMessage> {
  if (!utterance) return message
  const { pending, answered } = message.questions
  const mayAnswer = (one: PendingQuestion) =>
    one.memberId === memberId && (choiceIn(one, utterance.text) !== undefined || isNo(utterance.text))
  const background = pending.filter((one) => one.isBackground && mayAnswer(one))
  const looked = [...background, ...answered.filter(mayAnswer)]
  if (looked.length === 0) return message
  const since = new Date(Math.min(...looked.map(({ askedAt = 0 }) => askedAt)))
  const events = background.flatMap(({ given: { event } }) => (event === undefined ? [] : [Number(event)]))
  const [said, settled] = await Promise.all([
    saidSince(db, { memberId, conversationId }, since, message.inbound.id),
    settledEvents(db, events),
  ])
  const after = ({ askedAt = 0 }: PendingQuestion) => said.filter(({ at }) => at.getTime() > askedAt)
  const isAskedAfter = (one: PendingQuestion) => after(one).some(({ outcome }) => outcome === 'asked')
  const present = (one: PendingQuestion): PendingQuestion => ({
    ...one,
    overtakenBy: isAskedAfter(one) ? mostOthers : after(one).length,
    ...(settled.has(Number(one.given.event)) && { isOver: true }),
  })
  const questions: ConversationQuestions = {
    ...message.questions,
    pending: pending.map((one) => (background.includes(one) ? present(one) : one)),
    answered: answered.filter((one) => !mayAnswer(one) || !isAskedAfter(one)),
  }
  return { ...message, questions }
}
