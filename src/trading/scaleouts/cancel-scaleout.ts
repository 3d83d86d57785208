import type { Trx } from '../../infra/db/client.ts'
import { appendEvent } from '../events/append-event.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { PostedBy } from '../events/rows/replies.ts'
import type { QueuedNotice } from '../notice.ts'
import { chunksOnTheWay } from '../orders/rows/working-orders.ts'
import type { Parts } from '../parts.ts'
import type { Position } from '../positions/rows/positions.ts'
import { showProgress } from './progress.ts'
import { aboutScaleout, endScaleout, type Scaleout } from './rows/scaleouts.ts'

/** A scaleout that ended early, with its notice and the conversations with new replies. */
export interface CancelledScaleout {
  told: QueuedNotice & { row: number }
  conversations: number[]
}

/** The poster of the notice about the end; by default the outbox, in the scaleout's own conversation. */
interface Telling {
  postedBy?: PostedBy
  /** The conversation that is told first, in addition to the scaleout's own. */
  conversationId?: number
  urgent?: boolean
}

/** Ends a locked scaleout early and tells its thread. Chunks that are already at the venue are still reported. */
export async function cancelScaleout(
  trx: Trx,
  parts: Pick<Parts, 'wording' | 'notices'>,
  scaleout: Scaleout,
  position: Position,
  because: string,
  at: Date,
  { postedBy = 'outbox', conversationId = scaleout.conversationId, urgent = false }: Telling = {},
): Promise<CancelledScaleout> {
  await endScaleout(trx, scaleout, 'cancelled', because, at)
  const ended: Scaleout = { ...scaleout, state: 'cancelled' }
  const inFlight = await chunksOnTheWay(trx, position.id)
  const notice = { kind: 'scaleout.cancelled' as const, scaleout: ended, position, because, inFlight }
  const to = { conversationId, scaleoutId: scaleout.id, accountId: scaleout.accountId, urgent, at }
  const told = await queueNotice(trx, parts, to, notice, postedBy)
  if (conversationId !== scaleout.conversationId) {
    await queueNotice(trx, parts, { ...to, conversationId: scaleout.conversationId }, notice, 'outbox')
  }
  const further = await showProgress(trx, parts, ended, at)
  const watching = await appendCancelled(trx, parts, scaleout, position, because, at)
  return { told, conversations: [...further, ...watching, scaleout.conversationId, conversationId] }
}

/** Appends the event of a scaleout that ended early. Returns the conversations with new replies about it. */
export function appendCancelled(
  trx: Trx,
  parts: Pick<Parts, 'wording' | 'notices'>,
  scaleout: Scaleout,
  position: Position,
  because: string,
  at: Date,
): Promise<number[]> {
  return appendEvent(trx, parts, {
    type: 'scaleout_cancelled',
    data: {
      because,
      side: scaleout.side,
      sold: scaleout.soldQuantity.toFixed(),
      left: position.signedQuantity.abs().toFixed(),
    },
    ...aboutScaleout(scaleout),
    at,
    dedupeKey: `scaleout-${scaleout.id}-ended`,
  })
}
