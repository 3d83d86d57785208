import { placeKey } from '../chat/place.ts'
import type { Reply } from '../chat/reply.ts'
import type { Ears } from './ears.ts'
import type { LocatedMessage } from './locate.ts'

/**
 * Adds to the replies of a typed message the questions of its writer that it answered, closed or replaced, so that the door
 * takes their buttons away. After a press the door does this by itself.
 */
export async function withSettled(
  ears: Ears,
  { inbound, questions }: LocatedMessage,
  memberId: number,
  replies: Reply[],
): Promise<Reply[]> {
  const before = questions.pending.filter((one) => one.memberId === memberId).map(({ question }) => question.id)
  const [first, ...others] = replies
  if (inbound.kind === 'press' || before.length === 0 || !first) return replies
  try {
    const { pending } = await ears.questions.inConversation(placeKey(inbound.place))
    const settled = before.filter((id) => !pending.some(({ question }) => question.id === id))
    return settled.length === 0 ? replies : [{ ...first, settled }, ...others]
  } catch (cause) {
    ears.parts.log.warn({ err: cause }, 'it is unknown which questions are settled, so their buttons stay')
    return replies
  }
}
