import type { Trx } from '../../infra/db/client.ts'
import { queueNotice } from '../events/queue-notice.ts'
import { appendEvent } from '../events/rows/events.ts'
import { editRow, type PostedBy } from '../events/rows/replies.ts'
import type { QueuedNotice } from '../notice.ts'
import type { Parts } from '../parts.ts'
import type { Position } from '../positions/rows/positions.ts'
import { tellGroups } from '../scaleouts/group.ts'
import {
  type Announcement,
  aboutScaleout,
  announcementOf,
  endScaleout,
  type Scaleout,
} from '../scaleouts/rows/scaleouts.ts'
import { announcementText } from '../scaleouts/scaleout-text.ts'
import type { AnyOrder } from './rows/orders.ts'
import { chunksOnTheWay } from './rows/working-orders.ts'

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
): Promise<{ told: QueuedNotice & { row: number }; conversations: number[] }> {
  await endScaleout(trx, scaleout, 'cancelled', because, at)
  const ended: Scaleout = { ...scaleout, state: 'cancelled' }
  const inFlight = await chunksOnTheWay(trx, position.id)
  const notice = { kind: 'scaleout.cancelled' as const, scaleout: ended, position, because, inFlight }
  const to = { conversationId, scaleoutId: scaleout.id, accountId: scaleout.accountId, urgent, at }
  const told = await queueNotice(trx, parts, to, notice, postedBy)
  if (conversationId !== scaleout.conversationId) {
    await queueNotice(trx, parts, { ...to, conversationId: scaleout.conversationId }, notice, 'outbox')
  }
  const further = await showProgress(trx, ended, at)
  const watching = await appendCancelled(trx, scaleout, position, because, at)
  return { told, conversations: [...further, ...watching, scaleout.conversationId, conversationId] }
}

/** Appends the event of a scaleout that ended early; answers with the conversations that are told of it. */
export function appendCancelled(
  trx: Trx,
  scaleout: Scaleout,
  position: Position,
  because: string,
  at: Date,
): Promise<number[]> {
  return appendEvent(trx, {
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

/** Brings the message that announced the scaleout up to date, after what became of it was written. Answers with further conversations in which something waits. */
export async function showProgress(trx: Trx, scaleout: Scaleout, at: Date): Promise<number[]> {
  if (scaleout.groupId !== null) return tellGroups(trx, [scaleout.groupId], at)
  const announcement = await announcementOf(trx, scaleout.id)
  if (announcement) await trx.insertInto('replies').values(progressRow(announcement, scaleout)).execute()
  return []
}

/** A row of the outbox that brings the message that announced a scaleout up to date. */
export function progressRow(announcement: Announcement, scaleout: Scaleout) {
  const to = { conversationId: scaleout.conversationId, scaleoutId: scaleout.id, accountId: scaleout.accountId }
  return editRow(to, announcement.row, announcementText(announcement.text, scaleout))
}

/** Whom and what an event of an order is about. */
export function about(order: AnyOrder, scaleout?: Scaleout) {
  return {
    symbol: order.symbol,
    accountId: order.accountId,
    memberId: order.memberId,
    positionId: order.purpose === 'open' ? undefined : order.positionId,
    scaleoutId: scaleout?.id,
    conversationId: scaleout?.conversationId ?? order.conversationId,
  }
}
