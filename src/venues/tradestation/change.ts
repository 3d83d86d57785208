import { setTimeout as wait } from 'node:timers/promises'
import type { Big } from '../../base/amounts.ts'
import { claim } from '../broker-orders/claims.ts'
import { refused } from '../shared/answers.ts'
import type { Answer } from '../shared/rest-client.ts'
import type { Cancelled, OrderReference, Replaced, VenueRefusal } from '../venue.ts'
import type { TradeStationParts } from './parts.ts'
import { changedPayload } from './payloads.ts'
import { refusalIn, refusalOf } from './refusals.ts'
import { type Family, newestOf } from './report-map.ts'
import { stateOf } from './statuses.ts'

/** The waits between looks at an order that is being replaced, in milliseconds; the sweep sees what takes longer. */
const looksMs = [0, 20, 80, 200, 400]

const pathOf = (orderId: string) => `/v3/orderexecution/orders/${encodeURIComponent(orderId)}`

/** Asks TradeStation to fill no more of an order; of a stop with a target, of each half. */
export async function cancelOrder(parts: TradeStationParts, reference: OrderReference): Promise<Cancelled> {
  const { account } = reference
  // A cancel may race with a fill or a change; then the order is looked at again.
  for (let tries = 0; ; tries++) {
    const found = await parts.find(reference, parts.client.urgent)
    if (!found) return refused('NO_SUCH_ORDER', 'TradeStation does not show the order')
    if (found.report.state !== 'working') return { outcome: 'ended', report: found.report }
    const live = newestOf(found.orders as Family).filter((order) => stateOf(order) === 'working')
    const refusals: VenueRefusal[] = []
    for (const { OrderID } of live) {
      const answer = await parts.client.call(account, { method: 'DELETE', path: pathOf(OrderID), share: 'exit' })
      const refusal = refusalFor(answer)
      if (refusal) refusals.push(refusal)
    }
    if (refusals.length < live.length) return { outcome: 'asked' }
    const refusal = refusals[0] ?? refused('NOT_CHANGEABLE', 'TradeStation shows no part of the order that works')
    if (tries > 0 || refusal.code === 'TOO_MANY_REQUESTS')
      return refusal.code === 'NO_SUCH_ORDER' ? { ...refusal, code: 'NOT_CHANGEABLE' } : refusal
  }
}

/**
 * Gives an order another limit, or another stop. Its quantity is left out of the request: TradeStation counts it from the whole, so an order
 * of which a part is filled keeps its rest.
 */
export async function replaceOrder(parts: TradeStationParts, reference: OrderReference, price: Big): Promise<Replaced> {
  if (price.lte(0)) return refused('BAD_PRICE', `${price} is not a price`)
  const { account, clientOrderId } = reference
  const found = await parts.find(reference, parts.client)
  if (!found) return refused('NO_SUCH_ORDER', 'TradeStation does not show the order')
  const { state } = found.report
  if (state !== 'working') return refused('NOT_CHANGEABLE', `the order is ${state}`)
  const [order, other] = newestOf(found.orders as Family)
  if (other) return refused('NOT_CHANGEABLE', 'a stop with a target is cancelled and sent anew')
  const [hasLimit, hasStop] = [order!.LimitPrice?.gt(0), order!.StopPrice?.gt(0)]
  if (!hasLimit && !hasStop) return refused('NOT_CHANGEABLE', 'an order at the market has no price')
  const body = hasLimit ? { LimitPrice: price.toFixed() } : { StopPrice: price.toFixed() }
  const answer = await parts.client.call(account, { method: 'PUT', path: pathOf(order!.OrderID), body, share: 'entry' })
  const refusal = refusalFor(answer)
  if (refusal) return changeRefused(refusal)
  const named = answer.outcome === 'done' ? changedPayload.safeParse(answer.body).data?.OrderID : undefined
  // The specification keeps the id; another one would be the order from now on.
  if (named !== undefined && named !== order!.OrderID)
    await claim(parts.db, parts.at(account), { orderId: named, clientOrderId, isTold: true }, parts.now())
  for (const ms of looksMs) {
    if (ms > 0) await wait(ms)
    const now = (await parts.find(reference, parts.client))?.report
    const shown = hasLimit ? now?.limitPrice : now?.stopPrice
    if (now && shown?.eq(price)) return { outcome: 'replaced', report: now }
    if (now && now.state !== 'working') return refused('NOT_CHANGEABLE', 'the order ended first')
  }
  return { outcome: 'asked' }
}

/** The refusal in an answer to a change or a cancel: a status of 200 may hold one. */
function refusalFor(answer: Answer): VenueRefusal | undefined {
  if (answer.outcome === 'refused') return refusalOf(answer)
  const body = changedPayload.safeParse(answer.body)
  return body.success && body.data.Error !== undefined ? refusalIn(body.data) : undefined
}

/** An order that exists and is not changed is not changeable, unless the price is wrong. */
function changeRefused(refusal: VenueRefusal): VenueRefusal {
  return ['OTHER', 'NO_SUCH_ORDER', 'DUPLICATE', 'NOT_ENOUGH_HELD', 'OPPOSITE_ORDER'].includes(refusal.code)
    ? { ...refusal, code: 'NOT_CHANGEABLE' }
    : refusal
}
