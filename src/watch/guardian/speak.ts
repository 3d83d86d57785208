import type { Config } from '../../config.ts'
import type { Trx } from '../../infra/db/client.ts'
import { queueNotice } from '../../trading/events/queue-notice.ts'
import type { AlertOutcome } from '../alerts/announce.ts'
import { isMuted } from '../alerts/loudness.ts'
import { guardianSpeaksFirst, tellingIn } from '../alerts/route.ts'
import { announceInThread } from '../alerts/tell.ts'
import type { WatchParts } from '../parts.ts'
import type { GuardianNotice } from './notices.ts'

/** The result of a message of the guardian: whether it is queued, and the work for `follow` after the commit. */
export interface SpeechOutcome {
  isOut: boolean
  announced?: AlertOutcome
}

/**
 * Queues the guardian's message about an event for the thread that opened the position. If the guardian speaks first, its
 * message is the alert there. Otherwise it is queued only when the event's own alert was posted or is still to come.
 */
export async function speak(
  trx: Trx,
  parts: Pick<WatchParts, 'wording'>,
  config: Config,
  about: { eventId: number; conversationId: number; accountId: number },
  notice: GuardianNotice,
  at: Date,
): Promise<SpeechOutcome> {
  if (guardianSpeaksFirst(config)) {
    const announced = await announceInThread(trx, parts, config, about, notice, at)
    return { isOut: announced?.outcome === 'posted', announced }
  }
  const telling = await tellingIn(trx, about.eventId, about.conversationId)
  if (!telling || isMuted(telling.listener, telling.event, at)) return { isOut: false }
  const told = await trx
    .selectFrom('event_alerts')
    .select('outcome')
    .where('event_id', '=', about.eventId)
    .where('conversation_id', '=', about.conversationId)
    .executeTakeFirst()
  if (told && told.outcome !== 'posted') return { isOut: false }
  const { conversationId, accountId } = about
  await queueNotice(trx, parts, { conversationId, accountId, at }, notice, 'outbox')
  return { isOut: true }
}
