import type { Big } from '../../base/amounts.ts'
import { unlinkedBecause } from '../accounts/rules/unlinked.ts'
import type { KeyedEvent } from '../events/rows/watch-events.ts'
import { asYouAsked } from '../events/rules/background.ts'
import type { Say } from '../events/tell.ts'
import type { Notice } from '../notice.ts'
import type { Position } from '../positions/rows/positions.ts'
import { isClosing } from '../protection/close-now/purposes.ts'
import { isTriedAgain } from '../protection/rows/venue-protection.ts'
import { halfFilled } from '../protection/rules/halves.ts'
import { about } from './about.ts'
import type { AppliedNews, Execution } from './apply-news.ts'
import type { News } from './news.ts'
import { type AnyOrder, mayRest, type Order } from './rows/orders.ts'
import { isLive } from './rules/order-lifecycle.ts'
import { isPart } from './venue-terms.ts'

/** The notices and events of a changed order. */
export interface NoticesAndEvents {
  notices: Notice[]
  events: KeyedEvent[]
}

/** A changed order, with the changed position, if it has one. */
export interface MovedOrder {
  moved: AppliedNews
  position?: Position
  news: News
  say: Say
  /** The price of the touched level that the order closes at, in dollars. */
  level?: Big
  /** Another order closes the rest. */
  isClosedAgain?: boolean
  /** The venue keeps an order for a part of a unit until the close only. */
  endsPartsDaily?: boolean
}

/** The notices and events of an order that belongs to no chunk: its fills, its end, that it works, or that it is unknown. */
export function toTell(one: MovedOrder, at: Date): NoticesAndEvents {
  const { moved, position } = one
  const told: NoticesAndEvents = { notices: [], events: [] }
  if (moved.executions.length > 0 && position) tellFills(told, moved, position, at, one.level)
  if (moved.order.purpose === 'protect') {
    tellProtection(told, one, at)
    return told
  }
  if (isLive(moved.before) && !isLive(moved.order)) tellEnd(told, one, at)
  else if (isLive(moved.order)) tellLife(told, one, at)
  return told
}

function tellFills(
  told: NoticesAndEvents,
  { before, order, executions }: AppliedNews,
  position: Position,
  at: Date,
  level: Big | undefined,
): void {
  const back = executions.filter(({ oddities }) => oddities.includes('taken back'))
  const filled = executions.filter((one) => !back.includes(one))
  if (filled.length > 0 && isToldNow(before, order, filled)) {
    const notice = { position, executions: filled }
    const half = order.protects && halfFilled(order.protects, filled[0]!.fill.price)
    told.notices.push(
      half
        ? {
            kind: 'closing.filled',
            order: { ...(order as Order), purpose: half },
            ...notice,
            level: order.protects![half],
            isAtVenue: true,
          }
        : isClosing(order)
          ? { kind: 'closing.filled', order, ...notice, level }
          : { kind: 'order.filled', order, ...notice },
    )
  }
  if (back.length > 0) told.notices.push({ kind: 'order.reversed', order, position, executions: back })
  const rested = { ...(before.venueOrderId !== undefined && mayRest(before) && { rested: true }) }
  for (const one of executions) told.events.push(filledEvent(order, position, one, rested, at))
  for (const one of executions) if (one.oddities.length > 0) told.events.push(oddEvent(order, position, one, at))
}

/**
 * Protection that rested at the venue has ended there and was not taken back: its thread is told at once, since the desk's own levels
 * take over. Everything else of it is quiet.
 */
function tellProtection(
  told: NoticesAndEvents,
  { moved: { before, order }, news, position }: MovedOrder,
  at: Date,
): void {
  if (!isLive(before) || isLive(order) || order.state === 'filled' || order.cancelAskedAt || !position) return
  const isToldBefore = order.state === 'refused' && isTriedAgain(order)
  // The word about the unlinked account has named it, and it may still rest there.
  if (news.words === unlinkedBecause) return
  const because = news.words ?? (order.state === 'expired' ? 'it has expired' : 'the venue ended it')
  if (!isToldBefore) told.notices.push({ kind: 'protection.lost', order, position, because })
  told.events.push({
    type: 'order_error',
    data: { purpose: purposeOf(order), error: `the protection at the venue has ended: ${because}` },
    ...about(order),
    at,
    dedupeKey: `order-${order.id}-lost`,
  })
}

/** A close at once reports its first fill and its end; reports in between would only be read too late. */
function isToldNow(before: AnyOrder, order: AnyOrder, executions: Execution[]): boolean {
  const isOdd = executions.some(({ oddities }) => oddities.length > 0)
  return (!isClosing(order) && order.purpose !== 'protect') || isOdd || before.filledQuantity.eq(0) || !isLive(order)
}

function filledEvent(order: AnyOrder, position: Position, one: Execution, rested: object, at: Date): KeyedEvent {
  const { fill, realizedPnl, left, oddities } = one
  const isBack = oddities.includes('taken back')
  return {
    type: 'order_filled',
    data: {
      purpose: order.protects ? halfFilled(order.protects, fill.price) : purposeOf(order),
      side: isBack ? (order.side === 'sell' ? 'buy' : 'sell') : order.side,
      quantity: fill.quantity.toFixed(),
      price: fill.price.toFixed(),
      realizedPnl: realizedPnl.toFixed(),
      left: left.toFixed(),
      ...rested,
    },
    ...about(order),
    positionId: position.id,
    at,
    dedupeKey: `fill-${order.accountId}-${fill.venueFillId}`,
  }
}

function oddEvent(order: AnyOrder, position: Position, { fill, oddities }: Execution, at: Date): KeyedEvent {
  return {
    type: 'order_error',
    data: {
      purpose: purposeOf(order),
      error: `a fill of ${fill.quantity.toFixed()} @ ${fill.price.toFixed()}: ${oddities.join(', ')}`,
    },
    ...about(order),
    positionId: position.id,
    at,
    dedupeKey: `fill-${order.accountId}-${fill.venueFillId}-odd`,
  }
}

function tellEnd(
  told: NoticesAndEvents,
  { moved: { order }, position, news, say, isClosedAgain }: MovedOrder,
  at: Date,
): void {
  const event = { ...about(order), at }
  const data = workingData(order)
  switch (order.state) {
    case 'refused': {
      const words = news.words ?? 'the venue never had it'
      // A refused close at once is tried again, and reports by itself when it is stuck.
      if (!isClosing(order))
        told.notices.push(
          news.change === 'lost' ? lost(order, words) : { kind: 'order.rejected', order, because: words, position },
        )
      told.events.push({
        ...event,
        type: 'order_error',
        data: { purpose: purposeOf(order), error: words },
        dedupeKey: `order-${order.id}-refused`,
      })
      return
    }
    case 'expired':
      told.notices.push({ kind: 'order.expired', order })
      told.events.push({ ...event, type: 'order_expired', data, dedupeKey: `order-${order.id}-ended` })
      return
    case 'cancelled': {
      // Reversals can cancel a filled order without words of its own.
      const isAsked = say.postedBy === 'door' || (order.cancelAskedAt !== undefined && !order.cancelBecause)
      const because = order.cancelBecause ?? (isAsked ? undefined : (news.words ?? 'the venue ended it'))
      const isRejected = news.isRejected && order.cancelAskedAt === undefined
      if (!isClosing(order))
        told.notices.push({ kind: 'order.cancelled', order, because, isClosedAgain, ...(isRejected && { isRejected }) })
      else if (order.givenUpAt && position) told.notices.push({ kind: 'closing.given_up', order, position })
      told.events.push({
        ...event,
        type: 'order_cancelled',
        data: { ...data, because: because ?? asYouAsked, ...(isRejected && { rejected: true }) },
        // That end is the desk's alone: followed again, the order has another one.
        dedupeKey: because === unlinkedBecause ? `order-${order.id}-left-${at.getTime()}` : `order-${order.id}-ended`,
      })
    }
  }
}

/** The notice of an order that never reached the venue: cancelled by a wish, or too late by now. */
function lost(order: AnyOrder, because: string): Notice {
  return order.cancelAskedAt
    ? { kind: 'order.cancelled', order, because: order.cancelBecause }
    : { kind: 'order.not_sent', order, because }
}

function tellLife(
  told: NoticesAndEvents,
  { moved: { before, order, executions }, news, endsPartsDaily }: MovedOrder,
  at: Date,
): void {
  const event = { ...about(order), at }
  const isNew = before.venueOrderId === undefined && order.venueOrderId !== undefined
  if (isNew && executions.length === 0 && order.filledQuantity.eq(0) && !mayRest(order) && !isClosing(order))
    told.notices.push({ kind: 'order.accepted', order })
  if (isNew && mayRest(order)) {
    const isForTheDay = endsPartsDaily && isPart(order.quantity)
    told.notices.push({ kind: 'order.working', order, ...(isForTheDay && { isForTheDay }) })
    told.events.push({
      ...event,
      type: 'order_working',
      data: { ...workingData(order), expiresAt: order.limit?.expiresAt?.toISOString() },
      dedupeKey: `order-${order.id}-working`,
    })
  } else if (before.stop && order.stop && !before.stop.eq(order.stop)) {
    const data = { ...workingData(order), was: before.stop.toFixed() }
    const dedupeKey = `order-${order.id}-moved-${at.getTime()}-${order.stop.toFixed()}`
    told.events.push({ ...event, type: 'order_moved', data, dedupeKey })
  } else if (before.limit && order.limit && !before.limit.price.eq(order.limit.price)) {
    const data = { ...workingData(order), was: before.limit.price.toFixed() }
    const dedupeKey = `order-${order.id}-moved-${at.getTime()}-${order.limit.price.toFixed()}`
    told.events.push({ ...event, type: 'order_moved', data, dedupeKey })
  }
  if (before.state === 'new' && order.state === 'unknown' && !isClosing(order)) {
    told.notices.push({ kind: 'order.unconfirmed', order })
    told.events.push({
      ...event,
      type: 'order_error',
      data: { purpose: purposeOf(order), error: news.words ?? 'the venue does not answer' },
      dedupeKey: `order-${order.id}-unknown`,
    })
  }
}

/** What an order is for, as events tell it. */
export function purposeOf({ purpose, protects }: AnyOrder) {
  if (purpose === 'protect') return protects?.stop ? 'stop' : 'target'
  return purpose === 'chunk' || purpose === 'record' ? 'trim' : purpose
}

function workingData(order: AnyOrder) {
  return {
    purpose: purposeOf(order),
    side: order.side,
    quantity: order.quantity.toFixed(),
    number: order.number,
    limitPrice: order.limit?.price.toFixed(),
    stopPrice: order.stop?.toFixed(),
  }
}
