import { findSpeaker, meet, type Speaker } from '../../trading/accounts/rows/members.ts'
import type { Inbound } from '../chat/inbound.ts'
import { placeKey } from '../chat/place.ts'
import type { AnsweredQuestion, ConversationQuestions } from '../questions/questions.ts'
import type { Ears } from './ears.ts'

/** A message with the questions at its place, and its writer. */
export interface LocatedMessage {
  inbound: Inbound
  questions: ConversationQuestions
  /** The question that this very message answered when it was heard before; the process may have died over it. */
  answeredQuestion?: AnsweredQuestion
  /** Its writer, where the desk has met them and the place. Postgres is asked at the first call and at no other. */
  knownSpeaker(): Promise<Speaker | undefined>
  /** Its writer, whom the desk meets now where it has not before. */
  speaker(): Promise<Speaker>
}

/** Looks up the questions at the place of a message, and the current words of the commands. */
export async function locate(ears: Ears, inbound: Inbound): Promise<LocatedMessage> {
  const { parts, isOwner } = ears
  const { author, place } = inbound
  const [questions] = await Promise.all([questionsAt(ears, inbound), ears.refresh()])
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

/** The questions in a conversation; a short memory that is away has forgotten them. */
async function questionsAt({ parts, questions }: Ears, { place }: Inbound): Promise<ConversationQuestions> {
  try {
    return await questions.inConversation(placeKey(place))
  } catch (cause) {
    parts.log.warn({ err: cause }, 'pending questions could not be read')
    return { pending: [], answered: [], isUnknown: true }
  }
}
