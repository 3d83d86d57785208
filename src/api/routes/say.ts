import { Refusal } from '../../base/refusal.ts'
import { type Place, placeKey } from '../../talk/chat/place.ts'
import type { Question, Reply } from '../../talk/chat/reply.ts'
import { messagesIn } from '../../trading/events/rows/replies.ts'
import type { Asked, Message, OpenQuestion } from '../contract/say.ts'
import { placeOf } from '../sessions/caller.ts'
import type { Context, Handlers } from './context.ts'
import { pageOf, partOf } from './reads/pages.ts'

export const sayHandlers: Pick<Handlers, 'say' | 'said'> = {
  /** Hears a sentence, or the answer to a question, as a door does. The answer is told here, so the outbox does not tell it again. */
  async say(context, { body: { text, answer } }) {
    const { parts, desk, caller, accountId, inboundId } = context
    if (caller.by.kind === 'token' && !caller.by.token.trades) return onlyReads()
    const place = placeOf(context)
    const who = { id: inboundId, author: { id: caller.platformId, name: caller.name }, place }
    const about = {
      ...(accountId !== 0 && { account: accountId }),
      ...(caller.by.kind === 'token' && { byProgram: true as const }),
    }
    const replies = await desk.hear(
      answer
        ? { kind: 'press', ...who, ...about, questionId: answer.question, answer: answer.value }
        : { kind: 'message', ...who, ...about, text: text ?? '', addressed: true },
    )
    for (const { row } of replies) {
      if (row !== undefined) await desk.delivered(row, { message: `r${row}`, place })
    }
    const at = parts.clock.now()
    return { replies: replies.map((reply) => messageItem(reply, reply.row, at)) }
  },
  async said(context, { query }) {
    const { parts } = context
    const part = partOf(query)
    if (part instanceof Refusal) return part
    const place = placeOf(context)
    const known = await parts.db
      .selectFrom('conversations')
      .select('id')
      .where('key', '=', placeKey(place))
      .executeTakeFirst()
    const kept = known ? await messagesIn(parts.db, known.id, { before: part.after, most: part.limit + 1 }) : []
    const page = pageOf(
      kept,
      part,
      ({ id, body, createdAt }) => messageItem(body, id, createdAt),
      ({ id }) => id,
    )
    return { ...page, open: await openQuestionIn(context, place) }
  },
}

/** A sentence may be any command, so a token that only reads says none. */
function onlyReads(): Refusal {
  return new Refusal(
    'TOKEN_ONLY_READS',
    'This token may only read, and a sentence may trade. Nothing was done.',
    'Use the routes that read',
  )
}

function messageItem({ text, question }: Reply, id: number | undefined, at: Date): Message {
  return {
    id: id ?? null,
    text,
    question: question ? questionItem(question) : null,
    at: at.toISOString(),
  }
}

function questionItem({ id, title, kind, choices }: Question): Asked {
  return {
    ...{ id, title, kind },
    choices: choices.map(({ value, label, danger }) => ({ value, label, isDanger: danger ?? false })),
  }
}

/** The question of a command that waits for the caller's answer in a conversation. */
async function openQuestionIn({ desk, parts, caller }: Context, place: Place): Promise<OpenQuestion | null> {
  const now = parts.clock.now().getTime()
  const { pending } = await desk.questionsIn(place)
  const open = pending.find((one) => one.memberId === caller.memberId && !one.isBackground && one.expiresAt > now)
  if (!open) return null
  const { text, question, expiresAt } = open
  return { text, question: questionItem(question), expiresAt: new Date(expiresAt).toISOString() }
}
