import type { Trx } from '../../infra/db/client.ts'
import type { Notice } from '../notice.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { appendEvents } from './append-event.ts'
import { queueReply } from './rows/replies.ts'
import type { DeskEvent } from './rules/desk-event.ts'

/** Something that is said in a conversation once for the key of its event. */
export type Word = ({ notice: Notice } | { text: string }) & {
  conversationId: number
  event: DeskEvent & { dedupeKey: string }
  /** It is posted before whatever waits. */
  urgent?: boolean
  /** Is it still so? Asked in the transaction that says it: another worker may have had more luck meanwhile. */
  isSo?(trx: Trx): Promise<boolean>
}

/** Says it, unless it was said before or is so no more, and has the event alerted. */
export async function sayOnce(parts: Parts, word: Word): Promise<void> {
  const { conversationId, event, urgent, isSo } = word
  const said = 'notice' in word ? parts.wording(word.notice) : { text: word.text }
  const done = await parts.db.transaction().execute(async (trx) => {
    if (isSo && !(await isSo(trx))) return undefined
    const { raised, conversations } = await appendEvents(trx, parts, [event])
    const [appended] = raised
    if (!appended) return undefined
    await queueReply(trx, { conversationId, accountId: event.accountId, urgent, at: event.at }, said, 'outbox')
    return { eventId: appended.id, conversations: [...conversations, conversationId] }
  })
  if (!done) return
  await wakeReplies(parts, done.conversations, urgent)
  await parts.queues
    .event('alerts', done.eventId)
    .catch((cause) => parts.log.warn({ err: cause, event_id: done.eventId }, 'an alert could not be queued'))
}
