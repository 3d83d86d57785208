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

/** A scaleout that ended early: what is told of it, and the conversations in which something waits. */
export interface CancelledScaleout {
  told: QueuedNotice & { row: number }
  conversations: number[]
}

/** How the end of a scaleout is told: by the outbox in its own conversation, where nothing else is said. */
interface Telling {
  postedBy?: PostedBy
  /** Where it is told as well, and first. */
  conversationId?: number
  urgent?: boolean
}

/** Ends a locked scaleout early and tells its thread. What became of a chunk that is at the venue already is still told. */
export async function cancelScaleout(
  trx: Trx,
  parts: Pick<Parts, 'wording'>,
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

/** Appends the event of a scaleout that ended early; answers with the conversations that are told of it. */
export function appendCancelled(
  trx: Trx,
  parts: Pick<Parts, 'wording'>,
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
