import { type Big, least } from '../../base/amounts.ts'
import type { Trx } from '../../infra/db/client.ts'
import type { Instrument } from '../../market/market.ts'
import { passGate } from '../accounts/gate.ts'
import { placeOpening } from '../orders/rows/opening-orders.ts'
import { type AnyOrder, begunAt, longestCallMs, placeExit } from '../orders/rows/orders.ts'
import { nextOrderNumber } from '../orders/rows/working-orders.ts'
import { isLive, leftOf } from '../orders/rules/order-lifecycle.ts'
import { sendPlaced } from '../orders/send-placed.ts'
import type { Parts } from '../parts.ts'
import { availableQuantity, type Position } from '../positions/rows/positions.ts'
import { closingSide } from '../positions/rules/position.ts'
import { type EntryLevel, entryLevelsOf, keepEntryLevels } from '../protection/rows/entry-levels.ts'
import type { Hindrance, ThreadChange } from './change.ts'
import type { CorporateAction } from './rows/corporate-actions.ts'
import { endedThere } from './rows/ended-there.ts'
import { claimUnsent, endTaken, noteUnsent, takenOrders } from './rows/taken-orders.ts'
import { becauseOf } from './rules/describe.ts'
import { priceOfNewUnit, type Ratio, splitCondition, splitLimit, wholeLots } from './rules/split.ts'

/** The ratio and the instrument with which orders are placed again. */
export interface Terms {
  ratio: Ratio
  instrument: Pick<Instrument, 'symbol' | 'lot' | 'tick'>
}

/**
 * Writes the taken-back orders of a locked account again, in new units: the remaining quantity of each, with an order number of
 * its own. Orders that open pass the gate again. `position` is the account's locked position in the symbol after the action.
 * `sendUnsent` sends the orders afterwards.
 */
export async function writeAnew(
  trx: Trx,
  parts: Parts,
  action: CorporateAction,
  accountId: number,
  position: Position | undefined,
  terms: Terms,
  at: Date,
): Promise<ThreadChange[]> {
  const written: ThreadChange[] = []
  let now = position
  for (const order of await takenOrders(trx, action.id, accountId)) {
    // The venue has not given it back yet.
    if (isLive(order)) continue
    const left = leftOf(order)
    const isOurs = order.state === 'cancelled' && order.cancelBecause === becauseOf(action) && left.gt(0)
    if (!isOurs) {
      await endTaken(trx, order.id)
      continue
    }
    const placed = await place(trx, parts, action, order, now, terms, at)
    const { conversationId } = order
    if ('reason' in placed) {
      await endTaken(trx, order.id)
      const change = { kind: 'order not placed again' as const, order, reason: placed.reason }
      written.push({ conversationId, change })
      continue
    }
    await noteUnsent(trx, placed.order.id)
    now = placed.position ?? now
    await endTaken(trx, order.id, placed.order.id)
    const before = { ...order, quantity: left }
    written.push({ conversationId, change: { kind: 'order placed again', before, after: placed.order } })
  }
  return written
}

/**
 * The orders in the symbol that the broker of an account has ended by itself before the action, with their terms in new units. A member may
 * have ended them there, so nothing is sent: the thread is told.
 */
export async function tellEndedThere(
  trx: Trx,
  { symbol }: Pick<CorporateAction, 'symbol'>,
  accountId: number,
  terms: Terms,
  at: Date,
): Promise<ThreadChange[]> {
  const orders = await endedThere(trx, accountId, symbol, at)
  return orders.map((order) => {
    const quantity = wholeLots(leftOf(order), terms.ratio, terms.instrument.lot)
    const anew = quantity.gt(0) ? { symbol: terms.instrument.symbol, quantity, ...pricesAnew(order, terms) } : undefined
    return { conversationId: order.conversationId, change: { kind: 'order ended there' as const, order, anew } }
  })
}

/** The limit and the stop of an order in new units. */
function pricesAnew({ side, limit, stop }: AnyOrder, { ratio, instrument }: Terms): { limit?: Big; stop?: Big } {
  return {
    limit: limit && splitLimit(side, limit.price, ratio, instrument.tick),
    // A stop is rounded away from the price, like a condition.
    stop: stop && splitCondition(side === 'buy' ? 'above' : 'below', stop, ratio, instrument.tick),
  }
}

/** Places the order in new units, or returns the reason why it cannot. */
async function place(
  trx: Trx,
  parts: Parts,
  action: CorporateAction,
  order: AnyOrder,
  position: Position | undefined,
  terms: Terms,
  at: Date,
): Promise<{ order: AnyOrder; position?: Position } | { reason: Hindrance }> {
  const { accountId, side } = order
  const { ratio, instrument } = terms
  if (order.limit?.expiresAt && order.limit.expiresAt <= at) return { reason: { kind: 'expired' } }
  const whole = wholeLots(leftOf(order), ratio, instrument.lot)
  const isFor = order.purpose === 'open' ? undefined : order.positionId
  if (isFor !== undefined && (position?.id !== isFor || closingSide(position.signedQuantity) !== side))
    return { reason: { kind: 'nothing open' } }
  const quantity = order.purpose === 'open' ? whole : least(whole, availableQuantity(position!))
  if (quantity.lte(0)) return { reason: { kind: 'less than a lot', symbol: instrument.symbol } }
  const clientOrderId = `${action.kind}-${action.id}-${order.id}`
  const { limit: limitPrice, stop: stopPrice } = pricesAnew(order, terms)
  const expectedPrice = limitPrice ?? stopPrice ?? priceOfNewUnit(order.expectedPrice, ratio)
  if (order.purpose === 'open') {
    const { symbol } = instrument
    const wanted = {
      accountId,
      memberId: order.memberId,
      key: clientOrderId,
      symbol,
      side,
      quantity,
      limitPrice,
      stopPrice,
    }
    const refusal = await passGate(trx, parts, { ...wanted, price: expectedPrice })
    if (refusal) return { reason: { kind: 'refused', refusal } }
  }
  const limit = limitPrice && { price: limitPrice, expiresAt: order.limit!.expiresAt }
  const rests = limit !== undefined || stopPrice !== undefined
  const number = rests ? await nextOrderNumber(trx, accountId) : undefined
  const about = {
    clientOrderId,
    memberId: order.memberId,
    conversationId: order.conversationId,
    quantity,
    expectedPrice,
    limit,
    stop: stopPrice,
    number,
  }
  if (order.purpose === 'open') {
    const { symbol } = instrument
    const draft = { ...begunAt(at), ...about, purpose: 'open' as const, accountId, symbol, side, rests }
    const placed = await placeOpening(trx, draft)
    await keepEntryLevels(trx, placed.id, await levelsAnew(trx, order.id, ratio))
    return { order: placed }
  }
  const purpose = order.purpose === 'close' ? 'close' : 'trim'
  const exit = await placeExit(trx, position!, { ...about, purpose }, at)
  return { order: exit, position: withExit(position!, quantity, exit.rests) }
}

/** The levels that an order brings along and has not set yet, in new units. */
async function levelsAnew(trx: Trx, orderId: number, ratio: Ratio): Promise<EntryLevel[]> {
  const levels = (await entryLevelsOf(trx, [orderId])).get(orderId) ?? []
  return levels
    .filter(({ setFor }) => setFor === null)
    .map((level) => (level.at === 'price' ? { ...level, price: priceOfNewUnit(level.price, ratio) } : level))
}

/** The position as `placeExit` has written it. */
function withExit(position: Position, quantity: Big, rests: boolean): Position {
  return {
    ...position,
    workingQuantity: position.workingQuantity.plus(quantity),
    restingQuantity: rests ? position.restingQuantity.plus(quantity) : position.restingQuantity,
    version: position.version + 1,
  }
}

/** Sends each order that was placed again for an action and never sent, once, whichever process wrote it. */
export async function sendUnsent(parts: Parts, action: CorporateAction): Promise<void> {
  const until = new Date(parts.clock.now().getTime() + longestCallMs)
  const orders = await claimUnsent(parts.db, action.id, until)
  await Promise.all(orders.map((order) => sendPlaced(parts, order, 'outbox')))
}
