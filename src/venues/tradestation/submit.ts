import { zero } from '../../base/amounts.ts'
import { claim } from '../broker-orders/claims.ts'
import { noteSend, noteSendOver, type Sent } from '../broker-orders/sends.ts'
import { refused, unsent } from '../shared/answers.ts'
import { type Answer, NoWayIn, Unanswered } from '../shared/rest-client.ts'
import { type OrderReport, type Submitted, VenueError, type VenueOrder, type VenueRefusal } from '../venue.ts'
import { type PlacedAnswer, placedIn } from './answers.ts'
import { confirmIdOf } from './confirm-id.ts'
import { actionOf, lastDayOf, requestOf, type TradeAction, unfit } from './order-map.ts'
import type { TradeStationParts } from './parts.ts'
import { refusalOf } from './refusals.ts'

/** A process that is not heard of for so long after its patience is over waits for no answer any more, in milliseconds. */
const graceMs = 5000

/**
 * Sends an order once. Its terms are written before the call, so that an order without an answer is found on the list; an order that was
 * sent before goes again only when no list shows it, under the id by which TradeStation refuses a second one.
 */
export async function submitOrder(parts: TradeStationParts, order: VenueOrder): Promise<Submitted> {
  const { db, now, orderPatienceMs } = parts
  const refusal = unfit(order)
  if (refusal) return refusal
  const action = await actionFor(parts, order)
  if (typeof action !== 'string') return action
  const at = parts.at(order.account)
  const lastDay = order.expiresAt && lastDayOf(order.expiresAt, now())
  const begun = now()
  const sent = await noteSend(db, at, order, begun, new Date(begun.getTime() + orderPatienceMs + graceMs))
  if (!sent) return refused('DUPLICATE', 'TradeStation has this order, or it is on its way there')
  let isRefused = false
  try {
    // The calls before this one: those that were not refused may have arrived.
    if (sent.calls - 1 > sent.refusedCalls && (await parts.find(order, parts.client.urgent)))
      return refused('DUPLICATE', 'TradeStation shows this order')
    const { path, body } = requestOf(order, {
      action,
      lastDay,
      confirmId: confirmIdOf(order.clientOrderId, sent.refusedCalls),
    })
    const answer = await parts.client.call(order.account, {
      ...{ method: 'POST', path, body },
      share: order.isExit ? 'exit' : 'entry',
    })
    const taken = await taking(parts, order, answer)
    if (taken.outcome !== 'refused' || taken.code === 'DUPLICATE') return taken
    isRefused = true
    return await unlessThere(parts, order, sent, taken)
  } catch (cause) {
    isRefused = cause instanceof NoWayIn || (cause instanceof Unanswered && cause.reach === 'unsent')
    return unsent(order, cause)
  } finally {
    // Without it, nobody waits any more after its time.
    await noteSendOver(db, at, order.clientOrderId, isRefused).catch(() => {})
  }
}

/** Reads the answer, and notes TradeStation's ids before anybody else can take its orders for somebody's. */
async function taking(parts: TradeStationParts, order: VenueOrder, answer: Answer): Promise<Submitted> {
  if (answer.outcome === 'refused') return refusalOf(answer)
  const placed = placedIn(answer.body)
  if (!placed) return { outcome: 'unknown', words: 'TradeStation’s answer to the order could not be read' }
  await noteIds(parts, order, placed)
  const [first] = placed.taken
  if (first === undefined) return placed.refusal!
  // One half of a group alone is no protection: it is taken back, and the next look sees its end.
  if (placed.refusal) {
    for (const id of placed.taken) {
      const path = `/v3/orderexecution/orders/${encodeURIComponent(id)}`
      await parts.client.call(order.account, { method: 'DELETE', path, share: 'exit' }).catch(() => {})
    }
  }
  return { outcome: 'accepted', report: sentReport(order, first) }
}

async function noteIds({ db, at, now }: TradeStationParts, order: VenueOrder, { taken, rejected }: PlacedAnswer) {
  const ofOrder = taken.map((orderId) => ({ orderId, clientOrderId: order.clientOrderId }))
  // A rejected order is nobody's, and never the one that is sent next.
  const ofNobody = rejected.map((orderId) => ({ orderId, clientOrderId: `rejected ${orderId}` }))
  for (const one of [...ofOrder, ...ofNobody]) await claim(db, at(order.account), { ...one, isTold: true }, now())
}

/** The report on an order that TradeStation has just taken. */
function sentReport(order: VenueOrder, venueOrderId: string): OrderReport {
  const { account, clientOrderId, symbol, side, quantity, limitPrice, stopPrice, targetPrice } = order
  return {
    ...{ account, clientOrderId, venueOrderId, symbol, side, quantity },
    ...(limitPrice && !targetPrice && { limitPrice }),
    ...(stopPrice && { stopPrice }),
    ...{ state: 'working', filledQuantity: zero, fills: [] },
  }
}

/**
 * An exit may have been sent before, and arrived: then TradeStation may refuse it for what the first one holds. So it counts as refused only
 * if it is not there.
 */
async function unlessThere(
  parts: TradeStationParts,
  order: VenueOrder,
  { calls, refusedCalls }: Sent,
  refusal: VenueRefusal,
): Promise<Submitted> {
  if (!order.isExit) return refusal
  // Its sender tries it again, as long as it is not too late.
  if (refusal.code === 'TOO_MANY_REQUESTS')
    return { outcome: 'unknown', words: 'TradeStation takes no more requests for a moment' }
  if (calls - 1 <= refusedCalls) return refusal
  const there = await parts.find(order, parts.client.urgent)
  return there ? { outcome: 'accepted', report: there.report } : refusal
}

/** TradeStation's word for the order. Other sales than exits need to know what is held; nothing is sent while nobody says that. */
async function actionFor({ facts }: TradeStationParts, order: VenueOrder): Promise<TradeAction | VenueRefusal> {
  const { account, symbol, side, quantity, isExit = false } = order
  let held = zero
  if (!isExit && side === 'sell') {
    try {
      held = await facts.held(account, symbol)
    } catch (cause) {
      const because = cause instanceof VenueError ? cause.message : 'TradeStation does not say what is held'
      return refused('OTHER', `${because}; nothing was sent`)
    }
  }
  const action = actionOf(side, quantity, isExit, held)
  return (
    action ?? refused('NOT_ENOUGH_HELD', `only ${held.abs().toFixed()} are held; TradeStation turns no position round`)
  )
}
