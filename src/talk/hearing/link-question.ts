import type { LinkRequest } from '../../trading/access/rows/link-requests.ts'
import { waitingRequest } from '../../trading/access/rows/link-requests.ts'
import { type LinkedBefore, linkedBefore } from '../../trading/accounts/rows/accounts.ts'
import type { Speaker } from '../../trading/accounts/rows/members.ts'
import { isShared } from '../chat/place.ts'
import type { PendingQuestion } from '../questions/questions.ts'
import { answerTo } from '../questions/typed-answer.ts'
import { linkQuestion, linkWording, requestInId } from '../wording/accounts.ts'
import type { Ears } from './ears.ts'
import type { LocatedMessage } from './locate.ts'
import type { Utterance } from './utterance.ts'

/**
 * Adds the question whether an account is to be linked, which Postgres knows and Redis does not: it is asked by the outbox, in a
 * direct message whose place nobody knows before. A press names it; a typed yes or no counts where nobody else reads, and while no
 * other question of its writer is open there. All other messages cost no look.
 */
export async function withLinkQuestion(
  { parts: { db, clock } }: Ears,
  message: LocatedMessage,
  { memberId, name }: Speaker,
  utterance: Utterance | undefined,
): Promise<LocatedMessage> {
  const { inbound, questions } = message
  const add = async (request: LinkRequest | undefined): Promise<LocatedMessage> => {
    if (!request?.given) return message
    const { venue, mode, given } = request
    const before = await linkedBefore(db, { memberId, venue, mode, account: given.found.account })
    return {
      ...message,
      questions: { ...questions, pending: [...questions.pending, pendingOf(request, name, before)] },
    }
  }
  if (inbound.kind === 'press') {
    const requestId = requestInId(inbound.questionId)
    return requestId === undefined ? message : add(await waitingRequest(db, memberId, clock.now(), requestId))
  }
  if (isShared(inbound.place) || inbound.place.door === 'web' || inbound.isStrict || !utterance) return message
  if (questions.pending.some((one) => one.memberId === memberId && !one.isBackground)) return message
  if (answerTo(linkQuestion(0, 'paper'), utterance.text) === undefined || utterance.decided) return message
  return add(await waitingRequest(db, memberId, clock.now()))
}

function pendingOf(request: LinkRequest, memberName: string, before: LinkedBefore | undefined): PendingQuestion {
  const { id, memberId, mode, venue, expiresAt, given } = request
  const { found, at } = given!
  const notice = {
    ...{ kind: 'link.given' as const, requestId: id, venue, mode, maskedNumber: found.maskedNumber },
    ...{ worth: found.equity ?? found.cash, ...(found.blocked && { blocked: found.blocked }) },
    ...(before && { before }),
  }
  return {
    ...{ memberId, memberName, command: 'link', given: { request: String(id) } },
    ...{ text: linkWording(notice).text, question: linkQuestion(id, mode) },
    ...{ expiresAt: expiresAt.getTime(), askedAt: at.getTime(), isBackground: false, isKeptElsewhere: true },
  }
}
