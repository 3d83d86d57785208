import { together } from '../../base/together.ts'
import type { OrderReport, VenueFill } from '../../venues/venue.ts'
import { sayOnce } from '../events/say-once.ts'
import { oncePer, type Parts } from '../parts.ts'
import { about } from './about.ts'
import { endOrder } from './end-order.ts'
import { followAgain } from './follow-again.ts'
import { becauseOversized, hearReport, isKnown } from './hear-report.ts'
import { sayMismatch } from './mismatch.ts'
import { differenceOf } from './news.ts'
import { askLater, expireLater } from './order-clock.ts'
import { recordNews } from './record-news.ts'
import type { AnyOrder } from './rows/orders.ts'
import { cursorsOf, saveCursors } from './rows/venue-cursors.ts'
import { accountsWithEnds, confirmedOrders, expiringOrders } from './rows/working-orders.ts'
import { isLive } from './rules/order-lifecycle.ts'
import { askForOrder } from './send-order.ts'
import { findSent } from './sent.ts'
import { endsBecause } from './take-up.ts'
import { purposeOf } from './tell-moved.ts'
import { ask } from './venue-call.ts'

const outbox = { postedBy: 'outbox' as const }
/** The sweep asks for fills of orders for this many milliseconds after their end; the stream may report older ones. */
const lateFillsMs = 3_600_000

/**
 * Asks each venue, once for each account, for all open orders and for the fills since the last look, so that no news is lost.
 * It looks up an order that is live here and not open there, and takes back an order that is open there and has ended here. It
 * also puts expiries back on the clock, and queues orders that should have ended.
 */
export async function sweepOrders(parts: Parts): Promise<void> {
  const all = await confirmedOrders(parts.db)
  const isLinked = await linkedAmong(
    parts,
    all.map(({ accountId }) => accountId),
  )
  const live = all.filter(({ accountId }) => !isLinked.has(accountId))
  const byAccount = Map.groupBy(live, ({ accountId }) => accountId)
  const recently = new Date(parts.clock.now().getTime() - lateFillsMs)
  const ended = await accountsWithEnds(parts.db, recently)
  const isLinkedEnd = await linkedAmong(parts, ended)
  const accounts = new Set([...byAccount.keys(), ...ended.filter((id) => !isLinkedEnd.has(id))])
  const cursors = await cursorsOf(parts.db, [...accounts])
  const asked = await Promise.allSettled(
    [...accounts].map(async (accountId) => {
      await readFills(parts, accountId, cursors.get(accountId))
      await compareOrders(parts, accountId, byAccount.get(accountId) ?? [])
    }),
  )
  const lost = asked.find((one) => one.status === 'rejected')
  if (lost) parts.log.warn({ err: lost.reason, orders: live.length }, 'the venue was not asked for all that it has')
  await Promise.all((await expiringOrders(parts.db)).map((order) => expireLater(parts, order)))
  // While its scaleout runs, the scaleout looks after the order of a chunk.
  const ending = all.filter((order) => !isOfChunk(order) && endsBecause(parts, order))
  await Promise.all(ending.map((order) => askLater(parts, order, 0)))
}

/** The linked ones of these accounts: the worker that holds the lease of one asks its venue (`reconcile/look.ts`). */
async function linkedAmong(parts: Parts, accountIds: number[]): Promise<Set<number>> {
  const linked = await Promise.all(
    [...new Set(accountIds)].map(async (id) => ((await parts.venues.of(id)).venue.capabilities.isLinked ? [id] : [])),
  )
  return new Set(linked.flat())
}

const isOfChunk = (order: AnyOrder) => order.purpose !== 'open' && order.chunkId !== null

const saving = oncePer(({ db }) =>
  together(async (read: { accountId: number; cursor: string }[]) => {
    await saveCursors(db, read)
    return read
  }),
)

/** Records the fills that the venue has booked since the last look, including those of ended orders. */
async function readFills(parts: Parts, accountId: number, since: string | undefined): Promise<void> {
  const { venue, account } = await parts.venues.of(accountId)
  const { fills, cursor } = await venue.fills(account, since)
  const orders = await findSent(parts, new Set(fills.map(({ clientOrderId }) => clientOrderId)))
  // Ignore fills of orders that are not of this desk.
  const own = Map.groupBy(
    fills.filter(({ clientOrderId }) => orders.has(clientOrderId)),
    ({ clientOrderId }) => clientOrderId,
  )
  await Promise.all([...own].map(([id, filled]) => recordFills(parts, account, orders.get(id)!, filled)))
  if (cursor !== since) await saving(parts)({ accountId, cursor })
}

/**
 * Books each fill that matches the order; a mismatch does not keep the others from being booked. Returns whether one of them was new.
 */
export async function recordFills(
  parts: Parts,
  account: string,
  order: AnyOrder,
  filled: VenueFill[],
): Promise<boolean> {
  const checked = filled.map((fill) => {
    const { quantity: _, ...told } = fill
    return { fill, difference: differenceOf({ order, account }, told) }
  })
  const fills = checked.flatMap(({ fill, difference }) => (difference === undefined ? fill : []))
  const isNew = fills.length > 0 && (await recordNews(parts, { order, news: { fills }, say: outbox })).isNew
  const difference = checked.find((one) => one.difference !== undefined)?.difference
  if (difference !== undefined) await sayMismatch(parts, order, difference)
  return isNew
}

/**
 * Asks the venue, with one question, for all open orders of an account. Orders that are live here and not open there are looked up,
 * unless `isLookedUp` says otherwise,
 * and orders that are open there and over here are followed again or taken back. Returns the open orders that are not the desk's.
 */
export async function compareOrders(
  parts: Parts,
  accountId: number,
  orders: AnyOrder[],
  isLookedUp: (order: AnyOrder) => boolean = () => true,
): Promise<{ strangers: OrderReport[] }> {
  const { venue, account } = await parts.venues.of(accountId)
  const open = new Map((await venue.openOrders(account)).map((report) => [report.clientOrderId, report]))
  await Promise.all(
    orders.map(async (order) => {
      const report = open.get(order.sentAs)
      if (!report) {
        if (isLookedUp(order)) await askForOrder(parts, order, outbox)
      } else if (!isKnown(order, report)) await hearReport(parts, order, report, outbox)
      if (report?.isOversized) await endOrder(parts, order, outbox, becauseOversized)
    }),
  )
  const looked = new Set(orders.map(({ sentAs }) => sentAs))
  const others = [...open.values()].filter(({ clientOrderId }) => !looked.has(clientOrderId))
  return { strangers: await takeUpEnded(parts, accountId, others) }
}

/**
 * Follows orders again that were left standing when their account was unlinked, and takes back orders that are open at the venue and have
 * ended here otherwise, such as an order that counted as lost and arrived later. Returns the reports of orders that are not the desk's
 * in this account; they are left alone.
 */
async function takeUpEnded(parts: Parts, accountId: number, reports: OrderReport[]): Promise<OrderReport[]> {
  const orders = await findSent(parts, new Set(reports.map(({ clientOrderId }) => clientOrderId)))
  // One of another member who has linked the same account before is a stranger's.
  const own = (id: string) => (orders.get(id)?.accountId === accountId ? orders.get(id) : undefined)
  await Promise.all(
    reports.map(async (report) => {
      const { clientOrderId, venueOrderId } = report
      const order = own(clientOrderId)
      if (!order || isLive(order)) return
      if ((await followAgain(parts, order, report)) === 'leave') return
      const { venue, account } = await parts.venues.of(order.accountId)
      const answer = await ask(() => venue.cancel({ account, clientOrderId, venueOrderId }))
      parts.log.warn({ order: order.id, state: order.state, ...answer }, 'an order that was over is open at the venue')
      if (answer.outcome === 'ended') await hearReport(parts, order, answer.report, outbox)
      if (order.isLeft && (answer.outcome === 'ended' || answer.outcome === 'asked')) await tellLeft(parts, order)
    }),
  )
  return reports.filter(({ clientOrderId }) => !own(clientOrderId))
}

/** Tells the thread, once, that an order was taken back that was left standing when its account was unlinked. */
async function tellLeft(parts: Parts, order: AnyOrder): Promise<void> {
  await sayOnce(parts, {
    notice: { kind: 'order.left_taken_back', order },
    conversationId: order.conversationId,
    event: {
      type: 'order_error',
      data: { purpose: purposeOf(order), error: 'it stood at the broker, and its position is gone or too small' },
      ...about(order),
      at: parts.clock.now(),
      dedupeKey: `order-${order.id}-left-taken-back`,
    },
  })
}
