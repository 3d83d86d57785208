import type { Submitted, VenueOrder, VenueRefusalCode } from '../../venues/venue.ts'
import type { Say } from '../events/tell.ts'
import type { QueuedNotice } from '../notice.ts'
import type { Parts } from '../parts.ts'
import type { Position } from '../positions/rows/positions.ts'
import { isClosing } from '../protection/close-now/purposes.ts'
import { hasAgreedFor } from '../reconcile/rows/gaps.ts'
import { isTooLate } from './deadline.ts'
import { hearReport } from './hear-report.ts'
import { type RecordedNews, recordNews } from './record-news.ts'
import {
  isSaidToHaveArrived,
  noteAsked,
  noteCall,
  noteCallEnded,
  noteCallRefused,
  noteMissing,
} from './rows/order-calls.ts'
import { type AnyOrder, findOrder, longestCallMs } from './rows/orders.ts'
import { isLive } from './rules/order-lifecycle.ts'
import { ask, isUnanswered } from './venue-call.ts'

/**
 * After this, treat the call as unknown and ask the venue for the order's state; in milliseconds. Closes at once wait for less.
 */
const patienceMs = 3000
const closingPatienceMs = 1000
/** After a stall of this many milliseconds between commit and call, check that the order should still be sent. */
const stalledAfterMs = 2000

/** The state of an order after a call to the venue. `unknown`: ask again. `refused`: the venue refused it; `words` says why. */
export interface SendResult {
  outcome: 'filled' | 'working' | 'ended' | 'refused' | 'unknown'
  order: AnyOrder
  /** The position that the order changes, if news was just recorded. */
  position?: Position
  notices: QueuedNotice[]
  words?: string
  /** The reason of a refusal, in the venue port's terms. */
  code?: VenueRefusalCode
}

/**
 * Sends an order that its caller has just committed, once. Without an answer it stays unknown, and live. After a stall so long
 * that its price is out of date, nothing is sent any more.
 */
export async function sendOrder(parts: Parts, order: AnyOrder, say: Say): Promise<SendResult> {
  const until = order.callingUntil
  const isStalled = parts.clock.now().getTime() - order.createdAt.getTime() > stalledAfterMs
  if (until && !isStalled) return call(parts, order, say, until)
  return isTooLate(parts, order) ? askForOrder(parts, order, say) : sendAgain(parts, order, say, until)
}

/**
 * Sends an order that may have been sent before, to a venue that refuses duplicates. It does not send an order that has ended
 * or is to be cancelled. `unused`: the call with this `until` was committed by this process, and never made.
 */
async function sendAgain(parts: Parts, order: AnyOrder, say: Say, unused?: Date): Promise<SendResult> {
  const noted = await noteCall(parts.db, order.id, new Date(parts.clock.now().getTime() + longestCallMs), unused)
  return noted ? call(parts, order, say, noted.until) : asItStands(parts, order)
}

/**
 * Asks the venue for an order's state and records it. An exit that never reached the venue is sent again, if that is safe and
 * not too late.
 */
export async function askForOrder(parts: Parts, order: AnyOrder, say: Say): Promise<SendResult> {
  const { venue, account } = await parts.venues.of(order.accountId)
  if (venue.capabilities.isLinked && order.venueOrderId === undefined) await noteAsked(parts.db, order.id)
  const found = await ask(() => venue.find({ account, clientOrderId: order.sentAs, venueOrderId: order.venueOrderId }))
  if (isUnanswered(found)) return noAnswer(parts, order, say, found.words)
  return found ? settled(await hearReport(parts, order, found, say), order) : missing(parts, order, say)
}

/**
 * Handles an order that the venue does not show; `order` is its state from before the look. The order ends only when that is
 * certain: no call for it is under way, and it has been missing for as long as its venue may take to show it.
 */
export async function missing(parts: Parts, order: AnyOrder, say: Say): Promise<SendResult> {
  const { venue } = await parts.venues.of(order.accountId)
  const now = parts.clock.now()
  const noted = await noteMissing(parts.db, order, now)
  if (!noted) return asItStands(parts, order)
  const wasThere = order.venueOrderId !== undefined
  const isLate = isTooLate(parts, order)
  const isWanted = !order.cancelAskedAt && !order.givenUpAt && !isLate && !wasThere
  if (isWanted && order.purpose !== 'open' && venue.capabilities.refusesDuplicates) return sendAgain(parts, order, say)
  const missingMs = now.getTime() - noted.since.getTime()
  const isLost = !noted.isOnItsWay && missingMs >= venue.capabilities.lostAfterMs
  if (!isLost || (venue.capabilities.isLinked && !(await isLostByPositions(parts, order, noted.since))))
    return noAnswer(parts, order, say, 'the venue does not show the order')
  const isTakenBack = order.cancelAskedAt !== undefined || order.givenUpAt !== undefined
  const words = isTakenBack ? order.cancelBecause : wasThere ? 'the venue does not have it' : lostWords(parts, isLate)
  const recorded = await recordNews(parts, {
    order,
    news: { fills: [], change: isTakenBack || wasThere ? 'cancelled' : 'lost', words },
    say,
  })
  return settled(recorded, order)
}

/**
 * At a linked account an order counts as lost only if no look at its positions, from the first to one after the whole wait, found a
 * difference that a fill of it might have made, and no member says that it arrived.
 */
async function isLostByPositions({ db, venues }: Parts, { id, accountId, symbol }: AnyOrder, since: Date) {
  const { venue } = await venues.of(accountId)
  if (await isSaidToHaveArrived(db, id)) return false
  return hasAgreedFor(db, { accountId, symbol, from: since, ms: venue.capabilities.lostAfterMs })
}

function lostWords({ exitDeadlineMs }: Parts, isLate: boolean): string {
  return isLate
    ? `The venue could not be reached within ${Math.round(exitDeadlineMs / 1000)} s, and does not have the order`
    : 'The venue does not have the order'
}

async function call(parts: Parts, order: AnyOrder, say: Say, until: Date): Promise<SendResult> {
  const { venue, account } = await parts.venues.of(order.accountId)
  const outbox: Say = { postedBy: 'outbox' }
  const late = (answer: Submitted) =>
    take(parts, order, outbox, until, answer).catch((cause) =>
      parts.log.warn({ err: cause, order: order.id }, 'a late answer of the venue is left to the sweep'),
    )
  const withinMs = isClosing(order) ? closingPatienceMs : patienceMs
  const answer = await ask(() => venue.submit(toVenue(order, account)), { withinMs, late })
  return take(parts, order, say, until, answer)
}

async function take(parts: Parts, order: AnyOrder, say: Say, until: Date, answer: Submitted): Promise<SendResult> {
  if (answer.outcome === 'accepted') return settled(await hearReport(parts, order, answer.report, say), order)
  const ids = { order: order.id, position_id: 'positionId' in order ? order.positionId : undefined }
  parts.log.warn(
    { ...ids, ...answer, err: 'cause' in answer ? answer.cause : undefined },
    'an order did not go through',
  )
  if (answer.outcome === 'unknown') {
    // Protection that never left the desk is nowhere, so it need not be in the way of another exit.
    if (answer.isUnsent && order.purpose === 'protect') await noteCallRefused(parts.db, order.id, until, answer.words)
    else if (!answer.isPending) await noteCallEnded(parts.db, order.id, until)
    return noAnswer(parts, order, say, answer.words)
  }
  if (answer.code === 'DUPLICATE') return askForOrder(parts, order, say)
  if (isClosing(order)) {
    // The venue has not used this id, so the close is tried again with it.
    await noteCallRefused(parts.db, order.id, until, answer.words)
    return { outcome: 'refused', order, notices: [], words: answer.words, code: answer.code }
  }
  const news = { fills: [], change: 'refused' as const, words: answer.words, call: until }
  const recorded = await recordNews(parts, { order, news, say })
  // Another process may be sending the order now, and the venue may accept it this time.
  if (isLive(recorded.order)) return askForOrder(parts, recorded.order, say)
  return { ...settled(recorded, order), code: answer.code }
}

function toVenue(order: AnyOrder, account: string): VenueOrder {
  const { sentAs, symbol, side, quantity, limit, stop, touchedLevel, protects, isExtended } = order
  // Protection with a target alone is an order with a limit.
  const isTarget = protects !== undefined && !protects.stop
  return {
    account,
    clientOrderId: sentAs,
    symbol,
    side,
    quantity,
    limitPrice: isTarget ? protects.target : limit?.price,
    stopPrice: protects?.stop ?? stop,
    ...(protects?.stop && protects.target && { targetPrice: protects.target }),
    ...(isExtended && { isExtended }),
    expiresAt: limit?.expiresAt,
    touchedLevel,
    isExit: order.purpose !== 'open',
  }
}

async function noAnswer(parts: Parts, order: AnyOrder, say: Say, words: string): Promise<SendResult> {
  if (order.state !== 'new') return { outcome: 'unknown', order, notices: [], words }
  const recorded = await recordNews(parts, { order, news: { fills: [], change: 'no_answer', words }, say })
  return { ...settled(recorded, order), words }
}

/** The present state of the order, which another process has recorded. */
async function asItStands(parts: Parts, order: AnyOrder): Promise<SendResult> {
  const now = (await findOrder(parts.db, order.id)) ?? order
  return { outcome: outcomeOf(now), order: now, notices: [] }
}

function settled(heard: RecordedNews | 'mismatch', before: AnyOrder): SendResult {
  if (heard === 'mismatch') {
    return { outcome: 'unknown', order: before, notices: [], words: 'the venue answered for another order' }
  }
  const { order, position, notices } = heard
  return { outcome: outcomeOf(order), order, position, notices }
}

function outcomeOf(order: AnyOrder): SendResult['outcome'] {
  if (order.state === 'filled') return 'filled'
  if (order.state === 'refused') return 'refused'
  if (!isLive(order)) return 'ended'
  return order.venueOrderId === undefined ? 'unknown' : 'working'
}
