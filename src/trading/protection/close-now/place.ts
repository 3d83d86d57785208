import { type Big, sum } from '../../../base/amounts.ts'
import type { Trx } from '../../../infra/db/client.ts'
import type { Quote } from '../../../market/market.ts'
import { marksOf } from '../../../market/marks.ts'
import { begunAt } from '../../orders/rows/orders.ts'
import { isLive, leftOf } from '../../orders/rules/order-lifecycle.ts'
import { type Parts, wakeReplies } from '../../parts.ts'
import { availableQuantity, type Position } from '../../positions/rows/positions.ts'
import { averageEntryPrice, closingSide } from '../../positions/rules/position.ts'
import { cancelScaleout } from '../../scaleouts/cancel-scaleout.ts'
import { groupsOfPositions, lockGroups } from '../../scaleouts/rows/scaleout-groups.ts'
import { lockRunningScaleout } from '../../scaleouts/rows/scaleouts.ts'
import {
  beginClosings,
  type ClosingOrder,
  type ClosingPurpose,
  type ClosingsBegun,
  closingOrders,
  lockFreePositions,
  surroundings,
} from '../rows/closings.ts'
import { becauseOf } from './reasons.ts'

/** A position that has to be closed at once, and the event that says so. */
export interface Closing {
  eventId: number
  /** When that happened. */
  since: Date
  positionId: number
  symbol: string
  purpose: ClosingPurpose
  /** What the ids of its orders are made from: `stop-12`. */
  key: string
  /** The stop or target that was touched. */
  protectiveOrderId?: number
  memberId: number
  /** Where it is told of a position that was opened nowhere. */
  conversationId?: number
  /** The price that was seen, in dollars, for want of a fresh one. */
  seenPrice?: Big
  /** The stop or target as it was when it was touched, in dollars a unit. */
  level?: Big
  /** What rests to exit the position was asked back already: whatever is free is closed now. */
  leavesResting?: boolean
}

/** What a close comes to now. */
export type Step =
  | { kind: 'nothing left' }
  /** Somebody holds the position's row for a moment. */
  | { kind: 'held' }
  /** Orders that rest hold a part of the position: they are to be taken back first. */
  | { kind: 'resting' }
  /** All that is open is on its way out by other orders, or was just ordered for another event. */
  | { kind: 'in flight'; position: Position }
  /**
   * The live orders that close it, oldest first: one, and another for whatever has come free since. `othersHold`: other
   * orders still have something of it, which is closed when they give it back.
   */
  | { kind: 'orders'; orders: { order: ClosingOrder; isNew: boolean }[]; othersHold: boolean }

/** A market that has not answered after so many milliseconds is not waited for. */
const quoteMs = 50

/**
 * Decides and commits what has to be ordered, for many closes in one transaction: the touched order is triggered and its
 * partner cancelled, a running scaleout ends, and all that is open and not already on its way out gets an order; so does
 * what comes free while such an order is under way.
 */
export async function placeAll(parts: Parts, closings: Closing[]): Promise<Step[]> {
  const symbols = [...new Set(closings.map(({ symbol }) => symbol))]
  const quotes = new Map(await Promise.all(symbols.map(async (one) => [one, await quoteSoon(parts, one)] as const)))
  const { steps, conversations } = await parts.db
    .transaction()
    .execute((trx) => placeTogether(trx, parts, closings, quotes, parts.clock.now()))
  // The venue comes first: a Redis that is away takes its time.
  void wakeReplies(parts, conversations)
  return steps
}

/**
 * What the market answers at once: it only says what the order is expected to bring, and nobody waits for that. Undefined
 * also while the price is in doubt: then the one that was seen is expected.
 */
function quoteSoon({ market }: Parts, symbol: string): Promise<Quote | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), quoteMs)
  })
  return Promise.race([
    marksOf(market)
      .now(symbol)
      .catch(() => undefined),
    late,
  ]).finally(() => clearTimeout(timer))
}

type Orders = Extract<Step, { kind: 'orders' }>
type Planned = Exclude<Step, Orders> | (Orders & { ordered?: string })

async function placeTogether(
  trx: Trx,
  parts: Parts,
  closings: Closing[],
  quotes: Map<string, Quote | undefined>,
  at: Date,
) {
  const positionIds = [...new Set(closings.map(({ positionId }) => positionId))]
  // They are sent together, and carried out one after the other: what is read is read under the locks.
  const [positions, around, before] = await Promise.all([
    lockFreePositions(trx, positionIds),
    surroundings(trx, {
      positionIds,
      protectiveOrderIds: closings.flatMap((closing) => closing.protectiveOrderId ?? []),
      eventIds: closings.map(({ eventId }) => eventId),
    }),
    closingOrders(trx, positionIds),
  ])
  // More than one of them may be about scaleouts that were asked for together: their groups are locked in everybody's order.
  const groups = around.scaling.size > 0 ? await groupsOfPositions(trx, [...around.scaling]) : []
  if (groups.length > 0) await lockGroups(trx, groups)
  const orders = Map.groupBy(before, (order) => order.positionId)
  const begun: ClosingsBegun = { triggered: [], closing: [], orders: [], settled: [], at }
  const conversations: number[] = []
  const planned: Planned[] = []
  for (const closing of closings) {
    const position = positions.get(closing.positionId)
    planned.push(position ? await plan(position, closing) : { kind: 'held' })
  }
  const written = new Map((await beginClosings(trx, begun)).map((order) => [order.clientOrderId, order]))
  const steps = planned.map((one): Step => {
    if (one.kind !== 'orders' || one.ordered === undefined) return one
    const order = withLevel(written.get(one.ordered)!)
    return { ...one, orders: [...one.orders, { order, isNew: true }] }
  })
  return { steps, conversations }

  /** The level is for the venue alone, at the first call. */
  function withLevel(order: ClosingOrder): ClosingOrder {
    const draft = begun.orders.find(({ clientOrderId }) => clientOrderId === order.clientOrderId)
    return { ...order, touchedLevel: draft?.touchedLevel }
  }

  async function plan(position: Position, closing: Closing): Promise<Planned> {
    const before = orders.get(position.id) ?? []
    const working = before.filter(isLive)
    const isUnderWay = working.length > 0
    const underWay: Orders = {
      kind: 'orders',
      orders: working.map((order) => ({ order, isNew: false })),
      othersHold: position.workingQuantity.gt(sum(working.map(leftOf))),
    }
    const asItIs: Planned = isUnderWay ? underWay : { kind: 'in flight', position }
    // Whoever gave one of them up wants nothing more closed for now.
    if (isUnderWay && (availableQuantity(position).eq(0) || working.some(({ givenUpAt }) => givenUpAt))) return asItIs
    if (begun.closing.some(({ positionId }) => positionId === position.id)) return asItIs
    const { protectiveOrderId, purpose } = closing
    const protective = protectiveOrderId === undefined ? undefined : around.protective.get(protectiveOrderId)
    if (!around.open.has(closing.eventId)) return isUnderWay ? asItIs : { kind: 'nothing left' }
    if (
      position.signedQuantity.eq(0) ||
      (protectiveOrderId !== undefined && (protective ?? 'cancelled') === 'cancelled')
    ) {
      if (isUnderWay) return asItIs
      begun.settled.push(closing.eventId)
      return { kind: 'nothing left' }
    }
    // While one is under way, what rests was asked back already: it is closed as it comes.
    if (!isUnderWay && position.restingQuantity.gt(0) && !closing.leavesResting) return { kind: 'resting' }
    if (protective === 'working') begun.triggered.push(protectiveOrderId!)
    begun.closing.push({ positionId: position.id, because: becauseOf[purpose] })
    if (around.scaling.has(position.id)) await endScaleoutOf(position, purpose)
    const quantity = availableQuantity(position)
    if (quantity.lte(0)) return asItIs
    const own = before.filter(({ clientOrderId }) => `${clientOrderId}-`.startsWith(`${closing.key}-`)).length
    const clientOrderId = own === 0 ? closing.key : `${closing.key}-${own + 1}`
    const conversationId = position.conversationId ?? closing.conversationId
    if (conversationId === undefined) throw new Error(`position ${position.id} belongs to no conversation`)
    const isLong = position.signedQuantity.gt(0)
    const quote = quotes.get(position.symbol)
    begun.orders.push({
      ...begunAt(at),
      clientOrderId,
      accountId: position.accountId,
      memberId: closing.memberId,
      positionId: position.id,
      conversationId,
      purpose,
      symbol: position.symbol,
      side: closingSide(position.signedQuantity),
      quantity,
      expectedPrice: (isLong ? quote?.bid : quote?.ask) ?? closing.seenPrice ?? averageEntryPrice(position),
      chunkId: null,
      touchedLevel: closing.level,
    })
    return { ...underWay, ordered: clientOrderId }
  }

  async function endScaleoutOf(position: Position, purpose: ClosingPurpose): Promise<void> {
    const scaleout = await lockRunningScaleout(trx, position.id)
    if (!scaleout) return
    // It is read before the close that is its reason, which is urgent.
    const ended = await cancelScaleout(trx, parts, scaleout, position, becauseOf[purpose], at, { urgent: true })
    conversations.push(...ended.conversations)
  }
}
