import { type Big, least, sum } from '../../../base/amounts.ts'
import type { Trx } from '../../../infra/db/client.ts'
import type { Quote } from '../../../market/market.ts'
import { marksOf } from '../../../market/marks.ts'
import { begunAt } from '../../orders/rows/orders.ts'
import { isLive, leftOf } from '../../orders/rules/order-lifecycle.ts'
import { type Parts, wakeReplies } from '../../parts.ts'
import { freeQuantity, type Position } from '../../positions/rows/positions.ts'
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
import { closesPart } from './purposes.ts'
import { becauseOf } from './reasons.ts'

/** A position to close at once, and the event that caused it. */
export interface Closing {
  eventId: number
  /** The time of the event. */
  since: Date
  positionId: number
  symbol: string
  purpose: ClosingPurpose
  /** The stem of its orders' client ids: `stop-12`. */
  key: string
  /** The touched stop or target. */
  protectiveOrderId?: number
  /** The touched level of a part; only that part is closed. */
  partLevelId?: number
  memberId: number
  /** The conversation to tell about a position that has no conversation of its own. */
  conversationId?: number
  /** The price that the watch saw, in dollars; used without a fresh quote. */
  seenPrice?: Big
  /** The touched level, in dollars a unit. */
  level?: Big
  /** Resting exit orders were asked back already, so close whatever is free. */
  leavesResting?: boolean
}

/** The next step of a close. */
export type Step =
  | { kind: 'nothing left' }
  /** Another transaction holds the position's row. */
  | { kind: 'held' }
  /** Resting orders hold a part of the position, and have to be taken back first. */
  | { kind: 'resting' }
  /** Other orders are taking all of the open quantity, or another event has just ordered its close. */
  | { kind: 'in flight'; position: Position }
  /**
   * The live closing orders, oldest first: one, plus one for each quantity that came free later. `othersHold`: other orders
   * still hold a part of the position, which is closed when they give it back.
   */
  | { kind: 'orders'; orders: { order: ClosingOrder; isNew: boolean }[]; othersHold: boolean }

/** The longest wait for a quote, in milliseconds. */
const quoteMs = 50

/**
 * Decides and commits the orders of many closes in one transaction. A touched level of a part orders that part, and waits for
 * resting orders to be taken back only if too little is free. For each other close it triggers the touched order, cancels the
 * other protective order, and ends a running scaleout. It orders all of the open quantity that no order is taking; while such
 * an order is live, it orders whatever comes free.
 */
export async function placeAll(parts: Parts, closings: Closing[]): Promise<Step[]> {
  const symbols = [...new Set(closings.map(({ symbol }) => symbol))]
  const quotes = new Map(await Promise.all(symbols.map(async (one) => [one, await quoteSoon(parts, one)] as const)))
  const { steps, conversations } = await parts.db
    .transaction()
    .execute((trx) => placeTogether(trx, parts, closings, quotes, parts.clock.now()))
  // Do not wait: the venue comes first, and Redis may be slow or away.
  void wakeReplies(parts, conversations)
  return steps
}

/**
 * The quote if the market has it at once. It only gives the expected price of the order, so nobody waits for it. Undefined also
 * for a doubtful price; then the price that the watch saw is expected.
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
  // The statements are sent together and run one after the other, so the reads happen under the locks.
  const [positions, around, before] = await Promise.all([
    lockFreePositions(trx, positionIds),
    surroundings(trx, {
      positionIds,
      protectiveOrderIds: closings.flatMap((closing) => closing.protectiveOrderId ?? []),
      partLevelIds: closings.flatMap((closing) => closing.partLevelId ?? []),
      eventIds: closings.map(({ eventId }) => eventId),
    }),
    closingOrders(trx, positionIds),
  ])
  // Several closes may concern scaleouts of groups. All transactions lock groups in the same order.
  const groups = around.scaling.size > 0 ? await groupsOfPositions(trx, [...around.scaling]) : []
  if (groups.length > 0) await lockGroups(trx, groups)
  const orders = Map.groupBy(before, (order) => order.positionId)
  const begun: ClosingsBegun = { triggered: [], triggeredParts: [], closing: [], orders: [], settled: [], at }
  const conversations: number[] = []
  const planned: Planned[] = []
  for (const closing of closings) {
    const position = positions.get(closing.positionId)
    // In this transaction a part may have taken from the position already.
    const isFree = position && !begun.orders.some((one) => one.positionId === position.id && closesPart(one))
    if (!isFree) planned.push({ kind: 'held' })
    else planned.push(closing.partLevelId === undefined ? await plan(position, closing) : planPart(position, closing))
  }
  const written = new Map((await beginClosings(trx, begun)).map((order) => [order.clientOrderId, order]))
  const steps = planned.map((one): Step => {
    if (one.kind !== 'orders' || one.ordered === undefined) return one
    const order = withLevel(written.get(one.ordered)!)
    return { ...one, orders: [...one.orders, { order, isNew: true }] }
  })
  return { steps, conversations }

  /** Only the first call to the venue carries the level; it is not stored. */
  function withLevel(order: ClosingOrder): ClosingOrder {
    const draft = begun.orders.find(({ clientOrderId }) => clientOrderId === order.clientOrderId)
    return { ...order, touchedLevel: draft?.touchedLevel }
  }

  async function plan(position: Position, closing: Closing): Promise<Planned> {
    const before = (orders.get(position.id) ?? []).filter((order) => !closesPart(order))
    const working = before.filter(isLive)
    const isUnderWay = working.length > 0
    const underWay: Orders = {
      kind: 'orders',
      orders: working.map((order) => ({ order, isNew: false })),
      othersHold: position.workingQuantity.gt(sum(working.map(leftOf))),
    }
    const asItIs: Planned = isUnderWay ? underWay : { kind: 'in flight', position }
    // A person who gave one of these orders up wants no further close for now.
    if (isUnderWay && (freeQuantity(position).eq(0) || working.some(({ givenUpAt }) => givenUpAt))) return asItIs
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
    // With a live closing order, resting orders were asked back already; their quantity is closed as it comes free.
    const isHeld = (!isUnderWay && position.restingQuantity.gt(0)) || position.protectingQuantity.gt(0)
    if (isHeld && !closing.leavesResting) return { kind: 'resting' }
    if (protective === 'working') begun.triggered.push(protectiveOrderId!)
    begun.closing.push({ positionId: position.id, because: becauseOf[purpose] })
    if (around.scaling.has(position.id)) await endScaleoutOf(position, purpose)
    const quantity = freeQuantity(position)
    if (quantity.lte(0)) return asItIs
    return { ...underWay, ordered: order(position, closing, quantity) }
  }

  /** A part is closed once, and never more than is open; a close of the whole position takes it along. */
  function planPart(position: Position, closing: Closing): Planned {
    const before = orders.get(position.id) ?? []
    const own = ordersOf(closing)
    const working = own.filter(isLive)
    if (working.length > 0)
      return { kind: 'orders', orders: working.map((one) => ({ order: one, isNew: false })), othersHold: false }
    if (!around.open.has(closing.eventId)) return { kind: 'nothing left' }
    const level = around.parts.get(closing.partLevelId!)
    const open = position.signedQuantity.abs()
    const left = least(level?.quantity.minus(sum(own.map((one) => one.filledQuantity))) ?? open, open)
    const isWhole = before.some((one) => isLive(one) && !closesPart(one))
    const isOver = (level?.state ?? 'cancelled') === 'cancelled' || own.some(({ givenUpAt }) => givenUpAt)
    if (isOver || isWhole || left.lte(0) || begun.closing.some(({ positionId }) => positionId === position.id)) {
      begun.settled.push(closing.eventId)
      return { kind: 'nothing left' }
    }
    const free = freeQuantity(position)
    if (free.lt(left) && position.restingQuantity.plus(position.protectingQuantity).gt(0) && !closing.leavesResting)
      return { kind: 'resting' }
    if (free.eq(0)) return { kind: 'in flight', position }
    if (level!.state === 'working') begun.triggeredParts.push(closing.partLevelId!)
    return { kind: 'orders', orders: [], othersHold: false, ordered: order(position, closing, least(left, free)) }
  }

  /** The orders that this close has placed so far. */
  function ordersOf({ positionId, key }: Closing): ClosingOrder[] {
    return (orders.get(positionId) ?? []).filter(({ clientOrderId }) => `${clientOrderId}-`.startsWith(`${key}-`))
  }

  /** Adds an order to those that are written. Returns its client id. */
  function order(position: Position, closing: Closing, quantity: Big): string {
    const own = ordersOf(closing).length
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
      purpose: closing.purpose,
      symbol: position.symbol,
      side: closingSide(position.signedQuantity),
      quantity,
      expectedPrice: (isLong ? quote?.bid : quote?.ask) ?? closing.seenPrice ?? averageEntryPrice(position),
      chunkId: null,
      touchedLevel: closing.level,
    })
    return clientOrderId
  }

  async function endScaleoutOf(position: Position, purpose: ClosingPurpose): Promise<void> {
    const scaleout = await lockRunningScaleout(trx, position.id)
    if (!scaleout) return
    // The end of the scaleout is told before the close, which is urgent, so it is urgent, too.
    const ended = await cancelScaleout(trx, parts, scaleout, position, becauseOf[purpose], at, { urgent: true })
    conversations.push(...ended.conversations)
  }
}
