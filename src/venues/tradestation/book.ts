import type { Db, Trx } from '../../infra/db/client.ts'
import { claim, claimsOf, lockAccount } from '../broker-orders/claims.ts'
import { fillOf, noteSteps, type Seen, stepsOfOrders } from '../broker-orders/executions.ts'
import { type AtBroker, type Sent, sendsInDoubt } from '../broker-orders/sends.ts'
import type { OrderReport } from '../venue.ts'
import { isLike, matchOf } from './matching.ts'
import type { TsOrder } from './payloads.ts'
import { type Family, isOfShare, reportOf, sideOf } from './report-map.ts'
import { cumulativeIn, momentOf, stepsTo } from './steps.ts'

/** An order without an answer is looked for on lists for so long after its last call, in milliseconds. */
const doubtForMs = 24 * 3_600_000
/** A call may still arrive so long after it began, in milliseconds. */
const arrivesWithinMs = 60_000

/**
 * Takes in what TradeStation has just shown: gives orders to those of the desk that were sent without an answer, and writes down what is
 * newly filled. Returns the reports on them; of a part of a family only a part. Whoever shows orders to the desk asks here first, so that none of its own counts as somebody else's.
 */
export async function takeIn(db: Db, at: AtBroker, listed: TsOrder[], now: Date): Promise<OrderReport[]> {
  const orders = listed.filter(isOfShare)
  const before = await stateOf(db, at, orders, now)
  if (!hasNews(orders, before, now)) return reportsOn(at, orders, before)
  return db.transaction().execute(async (trx: Trx) => {
    await lockAccount(trx, at)
    const state = await stateOf(trx, at, orders, now)
    for (const { orderId, clientOrderId } of matchesIn(orders, state)) {
      await claim(trx, at, { orderId, clientOrderId, isTold: false }, now)
      state.claims.set(orderId, clientOrderId)
    }
    const fresh = freshSteps(orders, state, now)
    await noteSteps(trx, at, fresh)
    for (const step of fresh) state.steps.set(step.orderId, [...(state.steps.get(step.orderId) ?? []), step])
    return reportsOn(at, orders, state)
  })
}

interface State {
  claims: Map<string, string>
  steps: Map<string, Seen[]>
  doubtful: Sent[]
}

async function stateOf(db: Db, at: AtBroker, orders: TsOrder[], now: Date): Promise<State> {
  const ids = orders.map(({ OrderID }) => OrderID)
  const [claims, steps, doubtful] = await Promise.all([
    claimsOf(db, at, ids),
    stepsOfOrders(db, at, ids),
    sendsInDoubt(db, at, new Date(now.getTime() - doubtForMs)),
  ])
  return { claims, steps, doubtful }
}

const hasNews = (orders: TsOrder[], state: State, now: Date): boolean =>
  matchesIn(orders, state).length > 0 || freshSteps(orders, state, now).length > 0

function matchesIn(orders: TsOrder[], { claims, doubtful }: State): { orderId: string; clientOrderId: string }[] {
  if (doubtful.length === 0) return []
  const unclaimed = orders.filter(({ OrderID }) => !claims.has(OrderID))
  return matchOf(doubtful.map(asDoubtful), unclaimed)
}

const asDoubtful = (sent: Sent) => ({
  ...sent,
  callingUntil: new Date(sent.lastCalledAt.getTime() + arrivesWithinMs),
})

/**
 * What is newly filled. An order that belongs to nobody and may be the one for which somebody waits now is left for the next look: the
 * answer says whose it is.
 */
function freshSteps(orders: TsOrder[], { claims, steps, doubtful }: State, now: Date): Seen[] {
  const underWay = doubtful.filter(({ callingUntil }) => callingUntil && callingUntil > now).map(asDoubtful)
  return orders.flatMap((order) => {
    const shown = cumulativeIn(order)
    if (!shown) return []
    const isOpen =
      !claims.has(order.OrderID) &&
      underWay.some((sent) => isLike({ ...sent, quantity: order.Legs[0]!.QuantityOrdered ?? sent.quantity }, order))
    if (isOpen) return []
    const leg = order.Legs[0]!
    const of = { orderId: order.OrderID, symbol: leg.Symbol, side: sideOf(leg.BuyOrSell) }
    const filledAt = momentOf(order, now)
    return stepsTo(order.OrderID, steps.get(order.OrderID) ?? [], shown).map((step) => ({ ...of, ...step, filledAt }))
  })
}

function reportsOn({ account }: AtBroker, orders: TsOrder[], { claims, steps }: State): OrderReport[] {
  const families = Map.groupBy(orders, ({ OrderID }) => claims.get(OrderID) ?? OrderID)
  return [...families].map(([clientOrderId, family]) => {
    const seen = family.flatMap(({ OrderID }) => steps.get(OrderID) ?? [])
    const fills = seen
      .map((one) => fillOf(account, clientOrderId, one))
      .sort((a, b) => a.filledAt.getTime() - b.filledAt.getTime())
    return reportOf(account, clientOrderId, family as Family, fills)
  })
}
