import type { Trx } from '../../../infra/db/client.ts'
import { queueNotice } from '../../events/queue-notice.ts'
import type { AfterNews } from '../../orders/after-news.ts'
import { recordWithin } from '../../orders/record-within.ts'
import { lockNowhere } from '../../orders/rows/order-calls.ts'
import type { Parts } from '../../parts.ts'
import type { Position } from '../../positions/rows/positions.ts'
import { type ClosingOrder, liveClosings, settleEventsOf } from '../rows/closings.ts'
import { setBackTouched } from '../rows/set-back.ts'

/**
 * Ends the closing orders of a position whose account and row are locked, as far as the venue has refused every call for them, so that
 * nothing of them can arrive. Their touches are over: the levels stand again, and the watch decides anew on the new units. Events of
 * the account, such as a tripped circuit breaker, stay, and close the new units. Returns the work to do after the commit.
 */
export async function withdrawRefused(
  trx: Trx,
  parts: Parts,
  position: Position,
  because: string,
  at: Date,
): Promise<AfterNews[]> {
  const done: AfterNews[] = []
  for (const order of await liveClosings(trx, position.id)) {
    const words = await lockNowhere(trx, order.id)
    if (words === undefined) continue
    const heard = {
      order,
      news: { fills: [], change: 'refused' as const, words },
      say: { postedBy: 'outbox' as const },
    }
    const after = await recordWithin(trx, parts, heard, at)
    const stands = order.purpose !== 'breaker' && !order.givenUpAt && (await setBack(trx, order, at))
    const notice = { kind: 'closing.withdrawn' as const, order, words, because, stands }
    const to = { conversationId: order.conversationId, accountId: order.accountId, urgent: true, at }
    await queueNotice(trx, parts, to, notice, 'outbox')
    done.push({ ...after, conversations: [...after.conversations, order.conversationId] })
  }
  return done
}

/** Lets the touched level stand again, with those that were cancelled at its touch. */
async function setBack(trx: Trx, order: ClosingOrder, at: Date): Promise<boolean> {
  await settleEventsOf(trx, order.positionId, at)
  return setBackTouched(trx, order)
}
