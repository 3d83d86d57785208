import { sayOnce } from '../../events/say-once.ts'
import { about } from '../../orders/about.ts'
import { lockOrder } from '../../orders/rows/orders.ts'
import { isLive } from '../../orders/rules/order-lifecycle.ts'
import { type KnownHours, zoneOf } from '../../orders/venue-hours.ts'
import type { Parts } from '../../parts.ts'
import { lockPosition, type Position } from '../../positions/rows/positions.ts'
import { type AtVenue, atVenueOf, isUncertain } from '../rows/at-venue.ts'
import type { ClosingOrder } from '../rows/closings.ts'
import type { Closing } from './place.ts'
import { notYetOf } from './reasons.ts'

/** An unfinished close is first reported at this age in milliseconds, and again each time its age has doubled. */
const firstWordMs = 1000

/** Reports to the thread that a closing order of this age is not filled yet, and why; once for each doubling of its age. */
export async function sayStuck(parts: Parts, order: ClosingOrder, because: string, ageMs: number): Promise<void> {
  if (ageMs < firstWordMs) return
  await sayOnce(parts, {
    notice: { kind: 'closing.stuck', order, because, forMs: ageMs },
    conversationId: order.conversationId,
    urgent: true,
    event: {
      type: 'order_error',
      data: { purpose: order.purpose, error: because },
      ...about(order),
      at: parts.clock.now(),
      dedupeKey: `order-${order.id}-stuck-${doublingsOf(ageMs)}`,
    },
    isSo: async (trx) => {
      const { order: now } = await lockOrder(trx, order.id)
      return isLive(now) && !now.givenUpAt
    },
  })
}

/**
 * An order that the venue is filling is first reported at this age in milliseconds, and again each time its age has doubled.
 */
const fillingMs = 5000

/** Reports the filled part of a closing order to the thread, without alarm. */
export async function sayFilling(parts: Parts, order: ClosingOrder, ageMs: number): Promise<void> {
  if (ageMs < fillingMs) return
  const { purpose, side, quantity, filledQuantity } = order
  await sayOnce(parts, {
    notice: { kind: 'closing.filling', order, forMs: ageMs },
    conversationId: order.conversationId,
    event: {
      type: 'order_working',
      data: { purpose, side, quantity: quantity.toFixed() },
      ...about(order),
      at: parts.clock.now(),
      dedupeKey: `order-${order.id}-filling-${doublingsOf(ageMs, fillingMs)}`,
    },
    isSo: async (trx) => {
      const { order: now } = await lockOrder(trx, order.id)
      return isLive(now) && now.filledQuantity.eq(filledQuantity)
    },
  })
}

/**
 * Reports to the thread that the venue is closed, so that a closing order waits: at the venue when it has taken the order, else here.
 * Once for each open that it waits for.
 */
export async function sayWaitsForOpen(
  parts: Parts,
  order: ClosingOrder,
  { opensAt, isAssumed = false }: Pick<KnownHours, 'opensAt' | 'isAssumed'>,
): Promise<void> {
  const zone = await zoneOf(parts.db, order.memberId)
  const because = isAssumed ? 'the venue does not answer' : 'the venue is closed'
  await sayOnce(parts, {
    notice: {
      kind: 'closing.waits_for_open',
      order,
      opensAt,
      ...(isAssumed && { isAssumed }),
      zone,
      now: parts.clock.now(),
    },
    conversationId: order.conversationId,
    urgent: true,
    event: {
      type: 'order_error',
      data: { purpose: order.purpose, error: `${because}, so nothing is closed yet` },
      ...about(order),
      at: parts.clock.now(),
      // The venue's own word is told, too, when it comes after the calendar's.
      dedupeKey: `order-${order.id}-waits-for-${opensAt.getTime()}${isAssumed ? '-assumed' : ''}`,
    },
    isSo: async (trx) => isLive((await lockOrder(trx, order.id)).order),
  })
}

/** Reports to the thread that a position cannot be closed, since other orders with an unknown outcome hold all of it. */
export async function sayInFlight(parts: Parts, closing: Closing, position: Position, ageMs: number): Promise<void> {
  const { id: positionId, symbol, accountId } = position
  const conversationId = position.conversationId ?? closing.conversationId
  if (ageMs < firstWordMs || conversationId === undefined) return
  const { eventId, memberId, purpose } = closing
  const atVenue = position.protectingQuantity.gt(0) ? await atVenueOf(parts.db, positionId) : undefined
  await sayOnce(parts, {
    notice: { kind: 'closing.blocked', purpose, position, forMs: ageMs, ...(atVenue && { atVenue }) },
    conversationId,
    urgent: true,
    event: {
      type: 'order_error',
      data: { purpose, error: blockedBy(position, atVenue) },
      ...{ symbol, accountId, memberId, positionId, conversationId, at: parts.clock.now() },
      dedupeKey: `event-${eventId}-${positionId}-in-flight-${doublingsOf(ageMs)}`,
    },
    isSo: async (trx) => (await lockPosition(trx, positionId)).version === position.version,
  })
}

/** The reason why no part of a position is free. */
function blockedBy(position: Position, atVenue: AtVenue | undefined): string {
  if (isUncertain(atVenue)) return 'the venue does not say whether it has the order that protects the position there'
  const isMissing = position.missingQuantity.gt(0) && position.workingQuantity.eq(0)
  return isMissing
    ? 'the broker shows less than the desk has'
    : `other orders have all of it, and the venue ${notYetOf(position)}`
}

const doublingsOf = (ageMs: number, since = firstWordMs) => Math.floor(Math.log2(ageMs / since))
