import type { Trx } from '../../infra/db/client.ts'
import type { Notice } from '../notice.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import { appendEvents } from './append-event.ts'
import { queueNotice } from './queue-notice.ts'
import type { DeskEvent } from './rules/desk-event.ts'

/** A notice that a conversation gets once for the key of its event. */
export interface Word {
  notice: Notice
  conversationId: number
  event: DeskEvent & { dedupeKey: string }
  /** Post it before all waiting replies. */
  urgent?: boolean
  /** Does it still hold? Asked in the transaction that queues the notice, since another worker may have succeeded meanwhile. */
  isSo?(trx: Trx): Promise<boolean>
}

/** Queues the notice and alerts its event, unless the event exists already or `isSo` is false. */
export async function sayOnce(parts: Parts, { notice, conversationId, event, urgent, isSo }: Word): Promise<void> {
  const said = await parts.db.transaction().execute(async (trx) => {
    if (isSo && !(await isSo(trx))) return undefined
    const { raised, conversations } = await appendEvents(trx, parts, [event])
    const [appended] = raised
    if (!appended) return undefined
    const to = { conversationId, accountId: event.accountId, urgent, at: event.at }
    await queueNotice(trx, parts, to, notice, 'outbox')
    return { eventId: appended.id, conversations: [...conversations, conversationId] }
  })
  if (!said) return
  await wakeReplies(parts, said.conversations, urgent)
  await parts.queues
    .event('alerts', said.eventId)
    .catch((cause) => parts.log.warn({ err: cause, event_id: said.eventId }, 'an alert could not be queued'))
}
