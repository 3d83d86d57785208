import { setTimeout as wait } from 'node:timers/promises'
import type { OrderReport, VenueRefusalCode } from '../../venues/venue.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { QueuedNotice } from '../notice.ts'
import { type Parts, wakeReplies } from '../parts.ts'
import type { Side } from '../positions/rules/position.ts'
import type { AnyOrder } from './rows/orders.ts'
import { forgetOrdersOfOthers, type OrderOfOthers, ordersOfOthers } from './rows/orders-of-others.ts'
import { isLive } from './rules/order-lifecycle.ts'
import { findSent } from './sent.ts'
import { ask, isUnanswered } from './venue-call.ts'

/** An exit that its venue has refused, or may refuse. */
export interface RefusedExit {
  accountId: number
  symbol: string
  side: Side
}

/** The orders that stood in the way of an exit: those that are gone now, and those that the venue has not taken back. */
export interface TakenBack {
  gone: OrderOfOthers[]
  left: OrderOfOthers[]
}

/** The waits between looks at an order that the venue has agreed to cancel, in milliseconds; a second in all. */
const looksMs = [25, 75, 150, 250, 500]

/**
 * Takes back the orders at the broker of a linked account that the desk does not follow, and for which the broker has refused an exit (`code`): those
 * of the other side, which could trade with it, or those of its own side, which hold its units. The broker is asked which are open now. Nothing is taken
 * back for another refusal, or when the broker does not answer.
 */
export async function takeBackInTheWay(
  parts: Parts,
  exit: RefusedExit,
  code: VenueRefusalCode | undefined,
): Promise<TakenBack> {
  const meant = await inTheWayOf(parts, exit, code)
  return meant.length === 0 ? { gone: [], left: [] } : takeBackOthers(parts, exit.accountId, meant)
}

/** The orders of others for which a broker has refused an exit with this code, as it shows them now. */
export async function inTheWayOf(
  parts: Parts,
  exit: RefusedExit,
  code: VenueRefusalCode | undefined,
): Promise<OrderOfOthers[]> {
  if (code !== 'OPPOSITE_ORDER' && code !== 'NOT_ENOUGH_HELD') return []
  const found = await openInTheWay(parts, exit)
  return found.filter(({ side }) => (code === 'NOT_ENOUGH_HELD') === (side === exit.side))
}

/** The warning that orders of others, as the last look found them, may keep exits of a position from being taken; empty without any. */
export async function othersInTheWay(
  { db }: Pick<Parts, 'db'>,
  { accountId, symbol, side }: RefusedExit,
): Promise<QueuedNotice[]> {
  const orders = (await ordersOfOthers(db, accountId, symbol)).filter((order) => order.side !== side)
  return orders.length > 0 ? [{ notice: { kind: 'order.others_in_the_way', symbol, orders, isBroken: false } }] : []
}

/** Takes back orders of others at the broker, at the word of the account's member or for an exit. */
export async function takeBackOthers(parts: Parts, accountId: number, orders: OrderOfOthers[]): Promise<TakenBack> {
  const ended = await Promise.all(orders.map((order) => isTakenBack(parts, accountId, order)))
  const gone = orders.filter((_, index) => ended[index])
  await forgetOrdersOfOthers(
    parts.db,
    accountId,
    gone.map(({ venueOrderId }) => venueOrderId),
  )
  return { gone, left: orders.filter((order) => !gone.includes(order)) }
}

/** The orders in a symbol that are open at the broker now and that the desk does not follow; none at the desk's own venue. */
export async function openInTheWay(
  parts: Parts,
  { accountId, symbol }: Omit<RefusedExit, 'side'>,
): Promise<OrderOfOthers[]> {
  const { venue, account } = await parts.venues.of(accountId)
  if (!venue.capabilities.isLinked) return []
  const open = await ask(() => venue.openOrders(account))
  if (isUnanswered(open)) return []
  const own = await findSent(parts, new Set(open.map(({ clientOrderId }) => clientOrderId)))
  const isFollowed = ({ clientOrderId }: OrderReport) => {
    const order = own.get(clientOrderId)
    return order !== undefined && order.accountId === accountId && isLive(order)
  }
  return open.filter((report) => report.symbol === symbol && !isFollowed(report))
}

/** Tells the thread of an exit what was taken back for it. It never fails: the exit waits for nobody. */
export async function tellTakenBack(
  parts: Parts,
  { symbol, accountId, conversationId }: Pick<AnyOrder, 'symbol' | 'accountId' | 'conversationId'>,
  taken: TakenBack,
): Promise<void> {
  try {
    const to = { conversationId, accountId, urgent: true, at: parts.clock.now() }
    const notice = { kind: 'order.others_taken_back' as const, symbol, ...taken, isForExit: true }
    await parts.db.transaction().execute((trx) => queueNotice(trx, parts, to, notice, 'outbox'))
    await wakeReplies(parts, [conversationId], true)
  } catch (cause) {
    parts.log.warn(
      { err: cause, account: accountId, symbol },
      'orders of others were taken back, and that was not told',
    )
  }
}

async function isTakenBack(
  parts: Parts,
  accountId: number,
  { clientOrderId, venueOrderId, symbol }: OrderOfOthers,
): Promise<boolean> {
  const { venue, account } = await parts.venues.of(accountId)
  const reference = { account, clientOrderId, venueOrderId }
  const answer = await ask(() => venue.cancel(reference))
  parts.log.warn(
    { account: accountId, symbol, venue_order: venueOrderId, ...answer },
    'an order of others is taken back',
  )
  if (answer.outcome === 'ended') return answer.report.state !== 'working'
  if (answer.outcome === 'unknown') return false
  // Asked for, or refused, as when it has just ended by itself: the venue says which. Silence proves nothing.
  for (const ms of answer.outcome === 'asked' ? looksMs : [0]) {
    await wait(ms)
    const report = await ask(() => venue.find(reference))
    if (report !== undefined && !isUnanswered(report) && report.state !== 'working') return true
  }
  return false
}
