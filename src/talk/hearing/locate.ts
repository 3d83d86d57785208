import { findSpeaker, meet, type Speaker } from '../../trading/accounts/rows/members.ts'
import type { Inbound } from '../chat/inbound.ts'
import { type Place, placeKey } from '../chat/place.ts'
import type { AnsweredQuestion, ConversationQuestions, PendingQuestion } from '../questions/questions.ts'
import type { Ears } from './ears.ts'

/** A message with its writer and the questions in its conversation. */
export interface LocatedMessage {
  inbound: Inbound
  questions: ConversationQuestions
  /** The question that this same message answered earlier. The process may have died during that attempt. */
  answeredQuestion?: AnsweredQuestion
  /** The writer, if the desk knows the person and the place. Only the first call asks Postgres. */
  knownSpeaker(): Promise<Speaker | undefined>
  /** The writer. An unknown person becomes a member now. */
  speaker(): Promise<Speaker>
}

/** Looks up the questions of a message's conversation, and refreshes the words of the commands. */
export async function locate(ears: Ears, inbound: Inbound): Promise<LocatedMessage> {
  const { parts, isOwner } = ears
  const { author, place } = inbound
  const [questions] = await Promise.all([questionsAt(ears, place), ears.refresh()])
  let known: Promise<Speaker | undefined> | undefined
  const knownSpeaker = () => {
    known ??= findSpeaker(parts.db, author, place)
    return known
  }
  return {
    inbound,
    questions,
    answeredQuestion: questions.answered.find(({ answered }) => answered.inboundId === inbound.id),
    knownSpeaker,
    async speaker() {
      return (await knownSpeaker()) ?? meet(parts.db, author, place, isOwner(author.id))
    },
  }
}

/** The questions in a conversation; `isUnknown` when Redis does not answer. */
export async function questionsAt({ parts, questions, openedAt }: Ears, place: Place): Promise<ConversationQuestions> {
  try {
    const found = await questions.inConversation(placeKey(place))
    return place.door === 'terminal'
      ? { ...found, pending: found.pending.map((one) => onScreen(one, openedAt)) }
      : found
  } catch (cause) {
    parts.log.warn({ err: cause }, 'pending questions could not be read')
    return { pending: [], answered: [], isUnknown: true }
  }
}

/** A terminal shows nothing of what it was asked before its desk was started; platforms keep their messages. */
function onScreen(asked: PendingQuestion, openedAt: number): PendingQuestion {
  return (asked.askedAt ?? 0) < openedAt ? { ...asked, isOffScreen: true } : asked
}
