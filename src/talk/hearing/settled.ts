import { placeKey } from '../chat/place.ts'
import type { Reply } from '../chat/reply.ts'
import type { Ears } from './ears.ts'
import type { LocatedMessage } from './locate.ts'

/**
 * Adds to the replies of a typed message the questions of its writer that it answered, closed or replaced, so that the door
 * takes their buttons away. After an accepted press the door does this by itself; a refused press on a question that is not
 * open any more settles that one.
 */
export async function withSettled(
  ears: Ears,
  { inbound, questions }: LocatedMessage,
  memberId: number,
  replies: Reply[],
): Promise<Reply[]> {
  const before = questions.pending.filter((one) => one.memberId === memberId).map(({ question }) => question.id)
  const [first, ...others] = replies
  if (!first || questions.isUnknown) return replies
  if (inbound.kind === 'press') {
    const isOpen = questions.pending.some(({ question }) => question.id === inbound.questionId)
    return isOpen ? replies : [{ ...first, settled: [inbound.questionId] }, ...others]
  }
  if (before.length === 0) return replies
  try {
    const { pending } = await ears.questions.inConversation(placeKey(inbound.place))
    const settled = before.filter((id) => !pending.some(({ question }) => question.id === id))
    return settled.length === 0 ? replies : [{ ...first, settled }, ...others]
  } catch (cause) {
    ears.parts.log.warn({ err: cause }, 'it is unknown which questions are settled, so their buttons stay')
    return replies
  }
}
