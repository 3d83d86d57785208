import { type Big, least } from '../../base/amounts.ts'
import type { Trx } from '../../infra/db/client.ts'
import type { Instrument } from '../../market/market.ts'
import { passGate } from '../accounts/gate.ts'
import { placeAtVenue } from '../orders/place-at-venue.ts'
import { placeOpening } from '../orders/rows/opening-orders.ts'
import { type AnyOrder, begunAt, longestCallMs, placeExit } from '../orders/rows/orders.ts'
import { nextOrderNumber } from '../orders/rows/working-orders.ts'
import { orderPhrase } from '../orders/rules/describe.ts'
import { isLive, leftOf } from '../orders/rules/order-lifecycle.ts'
import type { Parts } from '../parts.ts'
import { availableQuantity, type Position } from '../positions/rows/positions.ts'
import { closingSide } from '../positions/rules/position.ts'
import type { CorporateAction } from './rows/corporate-actions.ts'
import { claimUnsent, endTaken, noteUnsent, takenOrders } from './rows/taken-orders.ts'
import { priceOfNewUnit, type Ratio, splitLimit, wholeLots } from './rules/split.ts'
import { becauseOf } from './text.ts'

/** How orders are placed again: in which units, of what. */
export interface Terms {
  ratio: Ratio
  instrument: Pick<Instrument, 'symbol' | 'lot' | 'tick'>
}

/** A line for the thread of an order that was taken back: what it is now, or why it is none any more. */
export interface PlacedAnew {
  conversationId: number
  line: string
}

/**
 * Writes the orders of a locked account that were taken back for an action once more, in other units: what was left of each,
 * with a number of its own. What opens passes the gate again. `position` is the account's locked position in the symbol, as it is now. They are not sent yet:
 * see `sendUnsent`.
 */
export async function writeAnew(
  trx: Trx,
  parts: Parts,
  action: CorporateAction,
  accountId: number,
  position: Position | undefined,
  terms: Terms,
  at: Date,
): Promise<PlacedAnew[]> {
  const written: PlacedAnew[] = []
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
    if (typeof placed !== 'string') {
      await noteUnsent(trx, placed.order.id)
      now = placed.position ?? now
    }
    await endTaken(trx, order.id, typeof placed === 'string' ? undefined : placed.order.id)
    const line =
      typeof placed === 'string'
        ? `${nameOf(order)} is not placed again: ${placed}`
        : `${nameOf({ ...order, quantity: left })} → ${nameOf(placed.order)}`
    written.push({ conversationId: order.conversationId, line })
  }
  return written
}

/** The order in other units; or why there is none. */
async function place(
  trx: Trx,
  parts: Parts,
  action: CorporateAction,
  order: AnyOrder,
  position: Position | undefined,
  { ratio, instrument }: Terms,
  at: Date,
): Promise<{ order: AnyOrder; position?: Position } | string> {
  const { accountId, side } = order
  if (order.limit?.expiresAt && order.limit.expiresAt <= at) return 'its time is over'
  const whole = wholeLots(leftOf(order), ratio, instrument.lot)
  const isFor = order.purpose === 'open' ? undefined : order.positionId
  if (isFor !== undefined && (position?.id !== isFor || closingSide(position.signedQuantity) !== side))
    return 'nothing is open'
  const quantity = order.purpose === 'open' ? whole : least(whole, availableQuantity(position!))
  if (quantity.lte(0)) return `less than a lot of ${instrument.symbol} is left of it`
  const clientOrderId = `${action.kind}-${action.id}-${order.id}`
  const limitPrice = order.limit && splitLimit(side, order.limit.price, ratio, instrument.tick)
  const expectedPrice = limitPrice ?? priceOfNewUnit(order.expectedPrice, ratio)
  if (order.purpose === 'open') {
    const { symbol } = instrument
    const wanted = { accountId, memberId: order.memberId, key: clientOrderId, symbol, side, quantity, limitPrice }
    const refused = await passGate(trx, parts, { ...wanted, price: expectedPrice })
    if (refused)
      return refused.text
        .split('\n')[0]!
        .replace(/^⚠️ /, '')
        .replace(/\. Nothing was done\.$/, '')
  }
  const limit = limitPrice && { price: limitPrice, expiresAt: order.limit!.expiresAt }
  const number = limit && (await nextOrderNumber(trx, accountId))
  const about = {
    clientOrderId,
    memberId: order.memberId,
    conversationId: order.conversationId,
    quantity,
    expectedPrice,
    limit,
    number,
  }
  if (order.purpose === 'open') {
    const { symbol } = instrument
    const rests = limit !== undefined
    return {
      order: await placeOpening(trx, { ...begunAt(at), ...about, purpose: 'open', accountId, symbol, side, rests }),
    }
  }
  const purpose = order.purpose === 'close' ? 'close' : 'trim'
  const exit = await placeExit(trx, position!, { ...about, purpose }, at)
  return { order: exit, position: withExit(position!, quantity, exit.rests) }
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

const nameOf = (order: AnyOrder) =>
  `${order.number === undefined ? '' : `Order ${order.number}: `}${orderPhrase(order)}`

/** Sends what was placed again for an action and never sent, each order once, whoever wrote it. */
export async function sendUnsent(parts: Parts, action: CorporateAction): Promise<void> {
  const until = new Date(parts.clock.now().getTime() + longestCallMs)
  const orders = await claimUnsent(parts.db, action.id, until)
  await Promise.all(orders.map((order) => placeAtVenue(parts, order, 'outbox')))
}
